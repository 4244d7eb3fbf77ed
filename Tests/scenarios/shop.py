"""A shop that is released by train: a git repository, its daybook.yaml, people with SSH keys, and one script that does
every deed and notes it. A hook, a piece of shell in hook-DEED-ENVIRONMENT, makes a deed go otherwise."""
import atexit
import functools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from scenario import Result, Scenario, binary

FAILED, REFUSED, INCONCLUSIVE, ROLLED_BACK = 1, 10, 13, 14
NAMES = ("alice", "bob", "carol", "dave", "mallory")
ROLES = {"alice": ["developer"], "bob": ["release-manager"], "carol": ["release-manager", "dba"], "dave": ["developer"]}

# What the deed is, where, its key and its attempt; a report is put in place at once, whoever reads meanwhile.
SCRIPT = """#!/bin/sh
echo "$1 $2 $DAYBOOK_IDEMPOTENCY_KEY $DAYBOOK_ATTEMPT $$" >> calls
report() { printf '%s' "$1" > smoke.$$ && mv smoke.$$ smoke.xml; }
if [ -f "hook-$1-$2" ]; then . "./hook-$1-$2"; fi
case $1 in
deploy) echo "$DAYBOOK_VERSION" > "run-$2" ;;
rollback) echo before > "run-$2" ;;
smoke) report '<testsuite><testcase classname="shop" name="up"/></testsuite>' ;;
esac
"""

# Kills the runner once, as the script stands: the process that started it.
KILL_ONCE = 'if ! [ -f killed ]; then touch killed; kill -9 $PPID; fi\n'


@functools.cache
def keys():
    """A folder with a key pair for each name, made once for all tests."""
    folder = tempfile.mkdtemp(prefix="daybook-keys-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in NAMES:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", f"{folder}/{name}"], check=True,
                       stdin=subprocess.DEVNULL)
    return Path(folder)


def public_key(name):
    return " ".join((keys() / f"{name}.pub").read_text().split()[:2])


def person(name, **members):
    return {"keys": [public_key(name)], "emails": [f"{name}@example.com"], "logins": [name],
            "roles": ROLES.get(name, []), **members}


def deed(what, where):
    return ["./ops/do", what, where]


def verify(where, **members):
    return {"verify": {"environment": where, "smoke": deed("smoke", where), "junit": "smoke.xml", **members}}


TRAIN = ["cut", {"deploy": "stage"}, verify("stage"), {"gate": ["approvals", "verification"]}, {"promote": "prod"},
         verify("prod")]
OPEN_TRAIN = [step for step in TRAIN if "gate" not in step]


class Shop(Scenario):
    """By default alice writes and cuts, and bob approves."""

    def setUp(self):
        super().setUp()
        self.git("init", "--quiet", "--initial-branch=main")
        self.as_author("alice")
        self.path("ops").mkdir()
        self.script("ops/do", SCRIPT)
        self.config = {
            "ledger": self.ledger, "project": "shop",
            "people": {name: person(name) for name in ("alice", "bob", "carol", "dave")},
            "environments": {name: {"deploy": deed("deploy", name), "rollback": deed("rollback", name)}
                             for name in ("stage", "prod")},
            "gates": {"approvals": {"required": 1, "roles": ["release-manager"]}}, "train": TRAIN}
        self.configure()
        self.commit("feat: first")
        self.init()

    # The project

    def configure(self, train=None, gates=None, people=None, **members):
        """Writes daybook.yaml; JSON is YAML."""
        self.config.update({k: v for k, v in (("train", train), ("gates", gates), ("people", people)) if v is not None})
        self.config.update(members)
        self.write("daybook.yaml", json.dumps(self.config))

    def script(self, name, text):
        self.write(name, text)
        self.path(name).chmod(0o755)

    def hook(self, what, where, text):
        self.write(f"hook-{what}-{where}", text)

    def unhook(self, what, where):
        self.path(f"hook-{what}-{where}").unlink()

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.folder, env=self.environment, check=True,
                              capture_output=True, text=True).stdout.strip()

    def as_author(self, name):
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name}@example.com")

    def commit(self, message="fix: a thing"):
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    # Commands

    def run_coded(self, *arguments, code=0, **more):
        result = self.run_raw(*arguments, **more)
        self.assertEqual(result.code, code, repr(result))
        return result

    def cut(self, *arguments, **more):
        """Cuts HEAD; its version and the hash of its entry."""
        cut = self.run_coded("release", "cut", "-o", "json", *arguments, **more).json
        return cut["version"], cut["receipt"]["hash"]

    def train(self, *arguments, code=0, **more):
        return self.run_coded("train", "run", *arguments, code=code, **more)

    def approve(self, version, name="bob", *arguments, key=None, code=0, **more):
        key = key or name
        path = ["--key", str(keys() / key)] if "--unsigned" not in arguments else []
        return self.run_coded("release", "approve", version, "--as", name, *path, *arguments, code=code, **more)

    def check(self, version, *arguments, code=0):
        """What the gates answer; its shape is looked at each time."""
        answer = self.run_coded("gate", "check", "--release", version, "-o", "json", *arguments, code=code).json
        self.assertLessEqual({"verdict", "reasons"}, set(answer))
        self.assertEqual(answer["verdict"], {0: "pass", REFUSED: "refuse", INCONCLUSIVE: "inconclusive"}[code])
        self.assertEqual(bool(answer["reasons"]), code != 0, answer)
        for reason in answer["reasons"]:
            self.assertEqual(set(reason), {"gate", "reason", "remedy"})
            self.assertTrue(all(reason.values()), reason)
        return answer["reasons"]

    def assert_approvals_lack(self, version, *words):
        """The gate of approvals refuses and says so."""
        reasons = self.check(version, "--before", "promote:prod", "--gate", "approvals", code=REFUSED)
        for word in words:
            self.assertIn(word, reasons[0]["reason"], reasons)
        self.assertIn("daybook release approve", reasons[0]["remedy"])

    def assert_approved(self, version):
        self.check(version, "--before", "promote:prod", "--gate", "approvals")

    def start(self, *arguments, env=None, **more):
        """Starts a command and lets it run; it is ended after the test, if it still runs."""
        process = subprocess.Popen(
            [binary(), *arguments], cwd=self.folder, env={**self.environment, **(env or {})}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()

    def finish(self, process, timeout=20):
        out, err = process.communicate(timeout=timeout)
        return Result(process.returncode, out, err, process.args)

    # What there is to see

    def events(self, version, *kinds):
        """Short type and data of each event of a release, as ("deployment.completed", {…})."""
        found = []
        for line in self.log("--subject", f"release/shop/{version}"):
            name = line["event"]["type"].removeprefix("dev.daybook.").removesuffix(".v1")
            if not kinds or name in kinds:
                found.append((name, line["event"]["data"]))
        return found

    def kinds(self, version):
        return [name for name, _ in self.events(version)]

    def last(self, version, kind):
        found = self.events(version, kind)
        self.assertTrue(found, f"no {kind} of {version}: {self.kinds(version)}")
        return found[-1][1]

    def calls(self):
        """Deed, environment, key and attempt of each call of the script."""
        path = self.path("calls")
        return [tuple(line.split()[:4]) for line in path.read_text().splitlines()] if path.exists() else []

    def deeds(self):
        return [f"{what} {where}" for what, where, _, _ in self.calls()]

    def runs(self, where):
        path = self.path(f"run-{where}")
        return path.read_text().strip() if path.exists() else None

    def state(self, version):
        return self.run_coded("release", "status", version, "-o", "json").json

    def environments(self):
        return {line["environment"]: line for line in self.run_coded("environment", "list", "-o", "json").lines}

    def assert_free(self):
        for line in self.environments().values():
            self.assertIsNone(line["holder"], line)

    def assert_one_deed_for_each_key(self):
        """A key is never used for two deeds, nor a deed done in the same attempt under two keys."""
        calls = {(what, where, key, attempt) for what, where, key, attempt in self.calls()}
        self.assertEqual(len(calls), len({key for _, _, key, _ in calls}), calls)
        self.assertEqual(len(calls), len({(what, where, attempt) for what, where, _, attempt in calls}), calls)
        return calls

    def attachments(self, data):
        return {a["name"]: self.ok("cat", a["digest"]).raw for a in data["attachments"]}

    def forge(self, version, kind, data, *arguments):
        """Appends an event by hand, as anybody may who holds the ledger's key."""
        return self.append("--type", f"dev.daybook.{kind}.v1", "--subject", f"release/shop/{version}", "--data",
                           json.dumps(data), *arguments)

    def sign(self, statement, name="bob", namespace="daybook"):
        """What ssh-keygen makes of a statement."""
        text = json.dumps(statement, sort_keys=True, separators=(",", ":"))
        return subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(keys() / name)],
                              input=text, capture_output=True, text=True, check=True).stdout


def is_gone(process):
    """No process of the number, or only its remains."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True
