"""`daybook verify` and tools/verify.py, which share no code, say the same of every ledger."""
import base64
import concurrent.futures
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import unittest

import forking
import forging
import tampering
from scenario import ORIGIN, VERIFIER, Scenario, copy_ledger, damage
from trees import root_of

TIME_LIMIT = forking.TIME_LIMIT
SEED = int(os.environ.get("DAYBOOK_TEST_SEED", random.randrange(2**32)))


@unittest.skipUnless(VERIFIER.is_file(), f"{VERIFIER} is missing")
class Agreement(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.trusted = self.vkey
        self.verifiers = forking.Verifiers(str(VERIFIER), self.environment)
        self.addCleanup(self.verifiers.close)

    def prepare(self, size):
        """A ledger of so many entries, a few checkpoints and an attachment."""
        self.fill(size - 2, chunk=size // 3)
        self.write("f", "attached")
        self.append("--attach", "a=f", "--subject", "with/attachment")
        self.assertEqual(self.size(), size)

    def both(self, ledger, *arguments):
        """The exit codes and reports of ours and of theirs."""
        ours = self.run_daybook("verify", "-o", "json", *arguments, ledger=ledger, timeout=TIME_LIMIT)
        done = self.verifiers.run(self.folder, str(ledger), "-o", "json", *arguments)
        err = done.stderr.decode("utf-8", "replace")
        self.assertNotIn("Traceback", err + done.stdout.decode("utf-8", "replace"))
        self.assertIn(done.returncode, (0, 11, 64, 65, 66, 69), err)
        self.assertIn(ours.code, (0, 11, 64, 65, 66, 69, 74), repr(ours))
        return ours.code, done.returncode, self.report(ours.raw), self.report(done.stdout)

    @staticmethod
    def report(out):
        return json.loads(out) if out.strip().startswith(b"{") else {"findings": []}

    def agree(self, ledger, *arguments, code=None, expected=None):
        ours, theirs, our_report, their_report = self.both(ledger, *arguments)
        our_places, their_places = places(our_report), places(their_report)
        said = f"\ndaybook: {ours} {our_report['findings']}\nverify.py: {theirs} {their_report['findings']}"
        self.assertEqual(ours, theirs, f"the exit codes differ{said}")
        if code is not None:
            self.assertEqual(ours, code, said)
        if isinstance(expected, list):
            self.assertLessEqual(set(expected), our_places, f"daybook misses one{said}")
            self.assertLessEqual(set(expected), their_places, f"verify.py misses one{said}")
        self.assertEqual(our_places, their_places, f"the findings differ{said}")
        if isinstance(expected, set):
            self.assertEqual(our_places, expected, said)
        if ours == 0:
            self.assertEqual((our_report["size"], root(our_report)), (their_report["size"], root(their_report)), said)
        return our_report

    def test_on_good_ledgers_of_many_sizes(self):
        size = 1
        for wanted in (1, 2, 255, 256, 257, 1000):
            if wanted > size:
                self.fill(wanted - size, start=size, chunk=97)
                size = wanted
            with self.subTest(wanted):
                self.write("c", self.ok("checkpoint").raw)
                report = self.agree("evidence.db", "--key", self.trusted, "--checkpoint", "c", code=0)
                self.assertEqual(report["size"], wanted)
                self.agree("evidence.db", "--quick", code=0)

    def test_on_every_damage_without_the_key(self):
        self.prepare(tampering.SIZE)
        connection = sqlite3.connect(self.path("evidence.db"))
        schema = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'entries'").fetchone()[0]
        connection.close()
        self.each(tampering.finished_plain_damages(schema), lambda ledger, statements: damage(ledger, *statements))

    def test_on_every_forgery_with_the_key(self):
        self.prepare(tampering.FORGED_SIZE)
        key = str(self.path("evidence.key"))
        self.each(tampering.forgeries(),
                  lambda ledger, change: damage(ledger, lambda connection: change(connection, key)))

    def each(self, table, apply):
        def one(row):
            name, expected, what = row
            ledger = str(self.path(f"{abs(hash(name))}.db"))
            copy_ledger(self.path("evidence.db"), ledger)
            try:
                apply(ledger, what)
            except Exception as error:
                return name, f"the damage could not be done: {error!r}"
            code = 65 if name == "a newer format" else 0 if expected == set() else 11
            try:
                self.agree(ledger, code=code, expected=expected)
                self.agree_quick(ledger)
            except subprocess.TimeoutExpired as error:
                return name, f"takes more than {TIME_LIMIT} s: {error.cmd}"
            except AssertionError as error:
                return name, str(error)
            finally:
                os.unlink(ledger)
            return name, None
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for name, fault in pool.map(one, list(table)):
                with self.subTest(name):
                    self.assertIsNone(fault, fault)

    def agree_quick(self, ledger):
        ours, theirs, our_report, their_report = self.both(ledger, "--quick")
        self.assertEqual((ours, places(our_report)), (theirs, places(their_report)), "with --quick")

    def test_on_trust_from_outside(self):
        self.fill(10)
        self.write("old.checkpoint", self.ok("checkpoint").raw)
        self.append("--subject", "a", "--receipt", "r.json")
        self.write("new.checkpoint", self.ok("checkpoint").raw)
        key = str(self.path("evidence.key"))
        self.init(ledger="other.db")
        self.fill(11, ledger="other.db")
        copy_ledger(self.path("evidence.db"), self.path("cut.db"))
        damage(self.path("cut.db"), "DELETE FROM entries WHERE position = 11", "DELETE FROM checkpoints WHERE size = 12")
        copy_ledger(self.path("evidence.db"), self.path("anew.db"))
        damage(self.path("anew.db"), lambda c: tampering.members(5, data="other")(c, key))
        trust = [[], ["--key", self.trusted], ["--key", self.vkey], ["--checkpoint", "old.checkpoint"],
                 ["--checkpoint", "new.checkpoint"], ["--receipt", "r.json"],
                 ["--key", self.trusted, "--checkpoint", "new.checkpoint", "--receipt", "r.json"]]
        caught = {"evidence.db": {2}, "cut.db": {2, 4, 5, 6}, "anew.db": {2, 3, 4, 5, 6}, "other.db": {1, 3, 4, 5, 6}}
        for ledger, which in caught.items():
            for number, arguments in enumerate(trust):
                with self.subTest(ledger=ledger, trust=arguments):
                    self.agree(ledger, *arguments, code=11 if number in which else 0)

    def test_verify_py_runs_by_itself(self):
        done = subprocess.run([str(VERIFIER), "evidence.db", "--key", self.trusted, "-o", "json"], cwd=self.folder,
                              env={**self.environment, "PATH": os.environ["PATH"]}, capture_output=True, timeout=TIME_LIMIT)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["root"], self.ok("head", "-o", "json").json["root"], "roots are in hex")

    def test_on_files_that_are_no_ledger(self):
        self.fill(3)
        self.ok("backup", "flat.db")
        connection = sqlite3.connect(self.path("plain.db"))
        connection.execute("CREATE TABLE entries (x)")
        connection.close()
        convert(self.path("flat.db"), self.path("wide.db"), "UTF-16le")
        convert(self.path("flat.db"), self.path("same.db"), "UTF-8")
        for name, content in {"text": b"hello\n" * 999, "empty": b"", "one": b"x", "zeros": bytes(8192)}.items():
            self.write(f"{name}.db", content)
        for name in ("plain", "wide", "text", "empty", "one", "zeros"):
            for arguments in ([], ["--quick"], ["--key", self.vkey]):
                with self.subTest(name=name, arguments=arguments):
                    for report in self.both(f"{name}.db", *arguments)[2:]:
                        self.assertEqual((places(report), report["size"], report["checked"]), ({(None, "file")}, 0, ["file"]))
        self.agree("same.db", "--key", self.vkey, code=0)
        damage(self.path("wide.db"), "PRAGMA user_version = 2")
        self.agree("wide.db", code=65)

    def other_key(self, name=ORIGIN):
        """This ledger's public key under a name, and a key that is another one."""
        public = base64.b64decode(self.vkey.split("+", 2)[2])
        return verifier_key(name, public), verifier_key(name, bytes([1]) + bytes(range(32)))

    def test_on_keys_from_outside(self):
        self.fill(4)
        self.write("c", self.ok("checkpoint").raw)
        self.append("--subject", "a", "--receipt", "r")
        copy_ledger(self.path("evidence.db"), self.path("cut.db"))
        damage(self.path("cut.db"), "DELETE FROM entries WHERE position = 0")
        named, _ = self.other_key("example.com/elsewhere")
        _, other = self.other_key()
        wrong, stored = (0, "trusted-key"), {(0, "checkpoint"), (4, "checkpoint"), (5, "checkpoint")}
        outside = {(4, "trusted-checkpoint"), (5, "trusted-receipt")}
        first = {(0, "position"), (0, "created")}
        for ledger, key, expected in (
                ("evidence.db", self.vkey, set()), ("evidence.db", named, {wrong}),
                ("evidence.db", other, {wrong, *stored, *outside}),
                ("cut.db", None, first | stored | outside), ("cut.db", self.vkey, {wrong, *first, *outside}),
                ("cut.db", named, {wrong, *first, *stored, *outside})):
            with self.subTest(ledger=ledger, key=key):
                self.agree(ledger, *(["--key", key] if key else []), "--checkpoint", "c", "--receipt", "r", expected=expected)

    def test_on_trust_from_outside_after_a_gap(self):
        self.append("--receipt", "old.json")
        self.write("old", self.ok("checkpoint").raw)
        self.fill(8)
        self.append("--receipt", "new.json")
        self.write("new", self.ok("checkpoint").raw)
        damage(self.path("evidence.db"), "DELETE FROM entries WHERE position = 5")
        gap = {(5, "position")}
        for option, name, expected in (("--checkpoint", "old", gap), ("--receipt", "old.json", gap),
                                       ("--checkpoint", "new", gap | {(10, "trusted-checkpoint")}),
                                       ("--receipt", "new.json", gap | {(10, "trusted-receipt")})):
            with self.subTest(name):
                self.agree("evidence.db", option, name, code=11, expected=expected)

    def test_on_checkpoints_from_outside(self):
        self.fill(1)
        key = str(self.path("evidence.key"))
        own = root_of([bytes.fromhex(row["hash"]) for row in self.log()])

        def note(size, root=own, more=""):
            return forging.note(key, ORIGIN, size, root, more=more)
        good = note(2)
        line = good.split("\n\n")[1]
        malformed = {
            "no size": note(""), "size 0 of a root": note(0), "size 00": note("00", root_of([])), "size +2": note("+2"),
            "size 2^63": note(2**63), "size of twenty digits": note(10**19), "a long root": note(2, own + b"x"),
            "a short root": note(2, own[:31]), "a tab": note(2, more="a\tb\n"), "a NUL": note(2, more="a\0b\n"),
            "a carriage return": note(2, more="a\r\n"), "an empty extension line": note(2, more="\n"),
            "101 signatures": good + (line * 100), "above 1 MiB": note(2, more="x" * (1 << 20) + "\n"),
            "a signature of nothing": good + "— a AAAAAA==\n", "a signature of nobody": good + "—  AAAAAAA=\n",
            "a signature's name with +": good + "— a+b AAAAAAA=\n", "a signature's name with U+0085": good + "— a\x85 AAAAAAA=\n",
            "loose base64": good + "— a AAAAAB==\n", "a hyphen": good.replace("— ", "- "), "nothing after": good[:-1],
            "not UTF-8": good.encode() + b"\xff\n", "no text": "\n\n" + line}
        wellformed = {
            "good": (good, set()), "size 0": (note(0, root_of([])), set()), "an extension": (note(2, more="a b\n"), set()),
            "U+007F and U+009F": (note(2, more="\x7f\x9f\n"), set()), "100 signatures": (good + "— a AAAAAAA=\n" * 99, set()),
            "another root": (note(2, bytes(32)), {(1, "trusted-checkpoint")}),
            "a size above": (note(3), {(2, "trusted-checkpoint")}),
            "the largest size": (note(2**63 - 1), {(None, "trusted-checkpoint")}),
            "another origin": (forging.note(key, "example.com/b", 2, own), {(1, "trusted-checkpoint")}),
            "one false signature": (good + line[:-9] + "AAAAAAA=\n", {(1, "trusted-checkpoint")}),
            "signed by another": (good.replace("— example", "— eggsample"), {(1, "trusted-checkpoint")})}
        receipt = json.loads(self.append("--subject", "a", "--receipt", "r") and self.path("r").read_text())
        for name, content in malformed.items():
            self.write("bad", content)
            with self.subTest(malformed=name):
                self.agree("evidence.db", "--checkpoint", "bad", code=65)
            if isinstance(content, str):
                self.write("bad", json.dumps({**receipt, "checkpoint": content}))
                with self.subTest(malformed=name, receipt=True):
                    self.agree("evidence.db", "--receipt", "bad", code=65)
        damage(self.path("evidence.db"), "DELETE FROM entries WHERE position = 2", "DELETE FROM checkpoints WHERE size = 3")
        for name, (content, expected) in wellformed.items():
            self.write("some", content)
            with self.subTest(name):
                self.agree("evidence.db", "--checkpoint", "some", code=11 if expected else 0, expected=expected)

    def test_on_receipts_from_outside(self):
        self.append("--subject", "a")
        old = self.ok("checkpoint").out
        self.append("--subject", "a", "--receipt", "r")
        self.append("--receipt", "without")
        receipt, without = (json.loads(self.path(name).read_text()) for name in ("r", "without"))
        finding = {(2, "trusted-receipt")}
        cases = {
            "good": (receipt, set()), "one member more": ({**receipt, "more": [1.5, {}]}, set()),
            "no stream": (without, set()), "a stream of none": ({**without, "streamversion": 1}, {(3, "trusted-receipt")}),
            "another id": ({**receipt, "id": "x"}, finding), "another version": ({**receipt, "streamversion": 3}, finding),
            "no version": ({**receipt, "streamversion": None}, finding),
            "another time": ({**receipt, "recordedtime": "2000-01-01T00:00:00.000000Z"}, finding),
            "another hash": ({**receipt, "hash": "0" * 64}, finding), "another previous": ({**receipt, "previous": "0" * 64}, finding),
            "another position": ({**receipt, "position": 1}, {(1, "trusted-receipt")}),
            "a position above": ({**receipt, "position": 9}, {(9, "trusted-receipt")}),
            "a checkpoint before it": ({**receipt, "checkpoint": old}, finding),
            **{f"no {name}": ({k: v for k, v in receipt.items() if k != name}, 65) for name in receipt},
            **{f"{name} of another kind": ({**receipt, name: [1]}, 65) for name in receipt},
            **{f"{name} in capitals": ({**receipt, name: "AB" * 32}, 65) for name in ("hash", "previous")},
            "a short hash": ({**receipt, "hash": "00"}, 65), "a negative position": ({**receipt, "position": -1}, 65),
            "a number as a text": ({**receipt, "position": "2"}, 65), "a null id": ({**receipt, "id": None}, 65),
            "a checkpoint of nothing": ({**receipt, "checkpoint": ""}, 65),
            "a checkpoint cut short": ({**receipt, "checkpoint": receipt["checkpoint"][:-2]}, 65)}
        for name, (content, expected) in cases.items():
            self.write("receipt", json.dumps(content) + "\n")
            with self.subTest(name):
                if expected == 65:
                    self.agree("evidence.db", "--receipt", "receipt", code=65)
                else:
                    self.agree("evidence.db", "--receipt", "receipt", code=11 if expected else 0, expected=expected)

    def test_on_keys_that_are_none(self):
        name, key_id, public = self.vkey.split("+", 2)
        os.mkdir(self.path("folder"))
        self.write("a+b+c", self.vkey + "\n")
        self.write("b+c", self.vkey)
        for file, content in {"empty": "", "two": f"{self.vkey}\n{self.vkey}\n", "latin": b"\xe8" + self.vkey.encode()}.items():
            self.write(file, content)
        white = verifier_key("a\u2003b", base64.b64decode(public))
        control = verifier_key("a\u009fb", base64.b64decode(public))
        for key, code in {"a+b+c": 0, "b+c": 0, "x": 66, "x+y": 66, f"{name}+{key_id}": 66, "none.key": 66, "x+y+z": 65,
                          f"{name}+{key_id}+": 65, f"+{key_id}+{public}": 65, f"{name}+00000000+{public}": 65,
                          f"{name}+{key_id}0+{public}": 65, f"{name}+{key_id}+{public[:-4]}": 65,
                          f"{name}+{key_id}+{public}\n": 65, f" {name}+{key_id}+{public}": 65, white: 65, control: 65,
                          f"{name}+{'ABCDEF01' if key_id.isdigit() else key_id.upper()}+{public}": 65,
                          "folder": 65, "empty": 65, "two": 65, "latin": 65, "evidence.db": 65}.items():
            with self.subTest(key):
                self.agree("evidence.db", "--key", key, code=code)

    def test_on_what_is_no_evidence(self):
        for name, content in {"empty": "", "text": "hello\n", "list": "[]"}.items():
            self.write(name, content)
            for option in ("--checkpoint", "--receipt", "--key"):
                with self.subTest(name=name, option=option):
                    ours, theirs, *_ = self.both("evidence.db", option, name)
                    self.assertEqual((ours, theirs), (65, 65))
        for option in ("--checkpoint", "--receipt", "--key"):
            for name, code in (("none", 66), (".", 65)):
                with self.subTest(name=name, option=option):
                    ours, theirs, *_ = self.both("evidence.db", option, name)
                    self.assertEqual((ours, theirs), (code, code))
        ours, theirs, *_ = self.both("none.db")
        self.assertEqual((ours, theirs), (66, 66))

    def test_on_a_position_so_large_that_the_size_overflows(self):
        """A few entries, all changed, the last one moved to the largest position: nothing may hide behind it."""
        self.fill(3)
        damage(self.path("evidence.db"), "UPDATE entries SET position = 9223372036854775807 WHERE position = 3",
               "UPDATE entries SET event = replace(event, 'così', 'cosi')")
        for arguments in ([], ["--quick"]):
            self.agree("evidence.db", *arguments, code=11, expected=[(1, "hash"), (2, "hash"), (3, "position")])

    # Raw bytes

    def flat(self, count):
        """A ledger of one file, without a log beside it."""
        self.fill(count, chunk=20)
        self.ok("backup", "flat.db")
        return self.path("flat.db").read_bytes()

    def raw(self, name, content):
        path = str(self.path(name))
        with open(path, "wb") as file:
            file.write(content)
        try:
            ours, theirs, our_report, their_report = self.both(path)
        except subprocess.TimeoutExpired as error:
            return f"takes more than {TIME_LIMIT} s: {error.cmd}"
        except AssertionError as error:
            return str(error)
        finally:
            for suffix in ("", "-shm", "-wal"):
                if os.path.exists(path + suffix):
                    os.unlink(path + suffix)
        if ours != theirs:
            kept = os.path.join(tempfile.gettempdir(), f"daybook-disagreement-{name}")
            with open(kept, "wb") as file:
                file.write(content)
            return f"kept as {kept}\ndaybook: {ours} {our_report['findings']}\nverify.py: {theirs} {their_report['findings']}"
        return None

    def each_raw(self, cases):
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            for name, fault in zip([c[0] for c in cases], pool.map(lambda c: self.raw(*c), cases)):
                with self.subTest(name):
                    self.assertIsNone(fault, fault)

    def test_on_files_cut_short(self):
        content = self.flat(60)
        lengths = [0, 1, 15, 16, 99, 100, 512, 4095, 4096, 4097, 8192, len(content) // 2, len(content) - 4096,
                   len(content) - 1]
        self.each_raw([(f"cut-{length}.db", content[:length]) for length in lengths])

    def test_on_two_hundred_flipped_bytes(self):
        print(f"[flips: DAYBOOK_TEST_SEED={SEED}] ", end="", flush=True)
        draw = random.Random(SEED)
        content = self.flat(30)
        cases = []
        for number in range(200):
            place = draw.randrange(100) if number < 30 else draw.randrange(len(content))
            changed = bytearray(content)
            changed[place] ^= draw.randrange(1, 256)
            cases.append((f"flip-{number}-at-{place}-to-{changed[place]}.db", bytes(changed)))
        self.each_raw(cases)

    def test_on_pages_of_noise(self):
        draw = random.Random(SEED)
        content = self.flat(30)
        cases = []
        for page in range(len(content) // 4096):
            for kind, noise in (("zeros", bytes(4096)), ("ones", b"\xff" * 4096), ("random", draw.randbytes(4096))):
                cases.append((f"page-{page}-{kind}.db", content[:page * 4096] + noise + content[page * 4096 + 4096:]))
        self.each_raw(cases[:30])


def places(report):
    return {(f["position"], f["kind"]) for f in report["findings"]}


def verifier_key(name, typed):
    """The key's text, from its name and its bytes after the one for its type."""
    key_id = hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(typed).decode()}"


def convert(source, target, encoding):
    """The same ledger in another encoding of its texts."""
    old, new = sqlite3.connect(source), sqlite3.connect(target, isolation_level=None)
    new.execute(f"PRAGMA encoding = '{encoding}'")
    schema = old.execute("SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    for kind in ("table", "index", "trigger"):
        for name, sql in [row[1:] for row in schema if row[0] == kind]:
            new.execute(sql)
            if kind == "table":
                stated = "position, hash, event" if name == "entries" else "*"  # the other columns are computed
                for row in old.execute(f"SELECT {stated} FROM {name}"):
                    new.execute(f"INSERT INTO {name} {'' if stated == '*' else f'({stated})'} VALUES ({', '.join('?' * len(row))})", row)
    for pragma in ("application_id", "user_version"):
        new.execute(f"PRAGMA {pragma} = {old.execute(f'PRAGMA {pragma}').fetchone()[0]}")
    old.close()
    new.close()


def root(report):
    """In hex, as the issue states; base64 is the same root."""
    text = report["root"]
    return text if len(text) == 64 else base64.b64decode(text).hex()
