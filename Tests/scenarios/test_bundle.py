"""Evidence bundles as they are exported, and the two verifiers of them on whatever may be done to a bundle."""
import io
import json
import os
import subprocess
import sys
import time
import unittest
import zipfile

import bundle_damages
from bundle_maker import authority, key, population_bundle, release_bundle
from scenario import BAD_INPUT, CANNOT_CREATE, FAILED_VERIFICATION, NO_INPUT, USAGE, VERIFIER, Scenario
from shop import OPEN_TRAIN, Shop

UNPROVEN = 13


def kinds(report):
    return {finding["kind"] for finding in report["findings"]}


def rezipped(content, **changes):
    """The archive packed by somebody else, with files replaced, or left out where they are None."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = changes.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return out.getvalue()


class BundleCase(Scenario):
    def verify(self, path, *arguments, code=0):
        result = self.run_raw("bundle", "verify", path, "-o", "json", *arguments)
        self.assertEqual(result.code, code, repr(result))
        return result.json

    def verify_in_python(self, path, *arguments):
        done = subprocess.run([sys.executable, VERIFIER, path, "-o", "json", *arguments], capture_output=True,
                              cwd=self.folder, timeout=60)
        return done.returncode, json.loads(done.stdout)

    def agree(self, path, vkey, expected=frozenset()):
        """Both verifiers find the same kinds; and a bundle without findings is only proven with a key."""
        report = self.verify(path, "--key", vkey, code=FAILED_VERIFICATION if expected else 0)
        code, other = self.verify_in_python(path, "--key", vkey)
        self.assertEqual((kinds(report), kinds(other)), (set(expected), set(expected)), report["findings"])
        self.assertEqual(code, FAILED_VERIFICATION if expected else 0)


class ExportCase(Shop, BundleCase):
    """Bundles of a shop whose release is 0.1.0, if no other is named."""

    def export(self, *scope):
        """The files of a bundle that both verifiers have found good."""
        path = self.path(f"{len(list(self.folder.glob('*.zip')))}.zip")
        self.run_coded("bundle", "export", *(scope or ["0.1.0"]), "--to", str(path))
        self.agree(str(path), self.vkey)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}


class Damages(BundleCase):
    """The tables of damages, which tools/verify.py is held against by itself, put to daybook."""

    def each(self, table, bundle, *arguments):
        vkey = key("ledger").verifier()
        for name, damage, expected in table:
            with self.subTest(name):
                path = self.write("bundle.zip", damage(bundle))
                result = self.run_raw("bundle", "verify", path, "-o", "json", "--key", vkey, *arguments)
                report = result.json
                self.assertEqual(kinds(report), expected, report["findings"])
                self.assertEqual(result.code, FAILED_VERIFICATION if expected else 0)

    def test_every_damage_of_a_release_is_found_and_named(self):
        self.each(bundle_damages.DAMAGES, release_bundle())

    def test_every_damage_of_a_population_is_found_and_named(self):
        self.each(bundle_damages.POPULATION_DAMAGES, population_bundle(since=2))

    def test_strict_readings(self):
        self.each(bundle_damages.STRICT_READINGS, release_bundle())

    def test_what_is_there_very_often_takes_no_time_and_no_words(self):
        for name, damage, expected in bundle_damages.FLOODS:
            path = self.write("bundle.zip", damage(release_bundle()))
            with self.subTest(name):
                started = time.monotonic()
                report = self.verify(path, "--key", key("ledger").verifier(), code=FAILED_VERIFICATION)
                self.assertLess(time.monotonic() - started, bundle_damages.ENOUGH)
                self.assertEqual(kinds(report), expected)
                self.assertLess(max(len(finding["detail"]) for finding in report["findings"]), bundle_damages.PLENTY)

    def test_every_damage_to_a_token_is_found_with_the_authoritys_certificates(self):
        self.each(bundle_damages.TOKEN_DAMAGES, release_bundle(), "--timestamp-ca", authority().certificates)

    def test_what_is_unusual_and_sound_is_good(self):
        self.each(bundle_damages.SOUND, release_bundle())

    def test_any_byte_may_be_turned_and_nothing_crashes(self):
        content = release_bundle().zip()
        vkey = key("ledger").verifier()
        for at in range(0, len(content), max(1, len(content) // 150)):
            damaged = bytearray(content)
            damaged[at] ^= 0x41
            path = self.write("bundle.zip", bytes(damaged))
            with self.subTest(at):
                code = self.run_raw("bundle", "verify", path, "--key", vkey).code
                self.assertEqual(code, self.verify_in_python(path, "--key", vkey)[0])
        for size in (0, 1, 21, 22, 100, len(content) - 1):
            path = self.write("bundle.zip", content[:size])
            self.assertEqual(self.run_raw("bundle", "verify", path, "--key", vkey).code, FAILED_VERIFICATION)


class Exported(Shop, BundleCase):
    def setUp(self):
        super().setUp()
        self.configure([*OPEN_TRAIN, "bundle"])
        self.train()
        self.vkey = self.run_daybook("show", "0", "-o", "json").json["event"]["data"]["key"]

    def export(self, *arguments, to="bundle.zip", code=0, **more):
        result = self.run_daybook("bundle", "export", *arguments, "--to", to, **more)
        self.assertEqual(result.code, code, repr(result))
        return self.path(to)

    def run_daybook(self, command, *arguments, **more):
        """Subcommands stand before the options."""
        if command == "bundle":
            return self.run_raw(command, *arguments, **more)
        return super().run_daybook(command, *arguments, **more)

    def files(self, path):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_a_release_is_proven_to_both_verifiers(self):
        path = self.export("0.1.0")
        self.agree(path, self.vkey)
        self.verify(path, code=UNPROVEN)
        self.assertEqual(self.verify_in_python(path)[0], UNPROVEN)
        entries = [json.loads(line) for line in self.files(path)["entries.jsonl"].splitlines()]
        shown = [e["type"] for e in entries if e.get("subject") == "release/shop/0.1.0"]
        self.assertEqual(len(shown), len(self.kinds("0.1.0")))

    def test_the_same_ledger_scope_and_seal_give_the_same_bytes(self):
        first = self.export("0.1.0", to="a.zip").read_bytes()
        self.assertEqual(first, self.export("0.1.0", to="b.zip").read_bytes())
        seal = json.loads(self.files(self.path("a.zip"))["manifest.json"])["seal"]["position"]
        self.ok("append", "--type", "note.made", "--data", "{}")
        self.path(self.ledger + "-models").unlink()
        again = self.export("0.1.0", "--seal", str(seal), to="c.zip").read_bytes()
        self.assertEqual(first, again)
        self.assertNotEqual(first, self.export("0.1.0", to="d.zip").read_bytes())

    def test_the_train_has_kept_its_bundle_in_the_ledger(self):
        event = self.events("0.1.0", "bundle.exported")[0][1]
        self.assertEqual(event["outcome"], "passed")
        attachment = event["attachments"][0]
        self.assertEqual(attachment["name"], "shop-0.1.0.zip")
        path = self.write("kept.zip", self.ok("cat", attachment["digest"]).raw)
        self.agree(path, self.vkey)
        later = self.files(self.export("0.1.0"))
        self.assertIn(attachment["digest"][7:], json.loads(later["manifest.json"])["withheld"])

    def test_a_population_with_a_period_and_a_sample(self):
        for version in range(3):
            self.commit("feat: more")
            self.train()
        times = [line["event"]["recordedtime"] for line in self.log() if line["event"]["type"].endswith("promoted.v1")]
        self.assertEqual(len(times), 4)
        for name, since, until, count in (
                ("all", None, None, 4), ("from the second", times[1], None, 3), ("the middle", times[1], times[3], 2),
                ("none", "2020-01-01", "2020-02-01", 0)):
            with self.subTest(name):
                bounds = [*(("--since", since) if since else ()), *(("--until", until) if until else ())]
                path = self.export("--type", "release.promoted", *bounds, to=f"{name}.zip")
                self.agree(path, self.vkey)
                rows = self.files(path)["population.csv"].decode().splitlines()
                self.assertEqual(len(rows) - 1, count)
        sampled = ["--type", "release.promoted", "--sample", "2", "--seed", "audit 7"]
        one, two = (self.files(self.export(*sampled, to=f"{n}.zip"))["sample.csv"] for n in "xy")
        self.assertEqual(one, two)
        self.assertEqual(len(one.decode().splitlines()), 3)
        nothing = self.export("--type", "com.example.nothing", to="nothing.zip")
        self.agree(nothing, self.vkey)

    def test_a_key_of_its_own_is_trusted_through_the_ledger(self):
        for name, make in (("ec", "openssl ecparam -name prime256v1 -genkey -noout -out ec.pem"),
                           ("ed", "openssl genpkey -algorithm ed25519 -out ed.pem")):
            subprocess.run(make, shell=True, check=True, cwd=self.folder, capture_output=True)
            path = self.export("0.1.0", "--evidence-key", f"{name}.pem", to=f"{name}.zip")
            self.agree(path, self.vkey)
            again = self.export("0.1.0", "--evidence-key", f"{name}.pem", to=f"{name}-again.zip")
            self.assertEqual(path.read_bytes(), again.read_bytes(), "signatures are deterministic, ECDSA's too")
        subprocess.run("openssl genrsa -out rsa.pem 2048", shell=True, check=True, cwd=self.folder, capture_output=True)
        result = self.run_raw("bundle", "export", "0.1.0", "--evidence-key", "rsa.pem", "--to", "rsa.zip")
        self.check_refusal(result, BAD_INPUT, ["rsa.pem", "Ed25519"])
        self.assertFalse(self.path("rsa.zip").exists())

    def test_an_older_checkpoint_is_continued(self):
        self.write("old.txt", self.ok("checkpoint").raw)
        size = self.path("old.txt").read_text().splitlines()[1]
        self.ok("append", "--type", "note.made", "--data", "{}")
        path = self.export("0.1.0", "--from", size, to="from.zip")
        self.verify(path, "--key", self.vkey, "--checkpoint", "old.txt")
        plain = self.export("0.1.0", to="plain.zip")
        report = self.verify(plain, "--key", self.vkey, "--checkpoint", "old.txt", code=UNPROVEN)
        self.assertIn(f"--from {size}", json.dumps(report["unchecked"]))

    def test_packed_by_somebody_else_it_is_as_good_and_each_file_counts(self):
        path = self.export("0.1.0")
        content = path.read_bytes()
        self.agree(self.write("again.zip", rezipped(content)), self.vkey)
        for name, data in self.files(path).items():
            with self.subTest(name):
                middle = len(data) // 2
                turned = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:]
                for change in (turned, None):
                    damaged = self.write("damaged.zip", rezipped(content, **{name: change}))
                    code = self.run_raw("bundle", "verify", damaged, "--key", self.vkey).code
                    self.assertEqual((code, self.verify_in_python(damaged, "--key", self.vkey)[0]), (11, 11))

    def test_misuse_is_refused_in_words_and_leaves_nothing(self):
        export, verify = ("bundle", "export"), ("bundle", "verify")
        path = self.export("0.1.0")
        for code, says, arguments in (
                (NO_INPUT, "9.9.9", (*export, "9.9.9", "--to", "x.zip")),
                (USAGE, "name a release", (*export, "--to", "x.zip")),
                (USAGE, "--since", (*export, "0.1.0", "--since", "2026-01-01", "--to", "x.zip")),
                (USAGE, "--since", (*export, "--type", "a", "--since", "yesterday", "--to", "x.zip")),
                (USAGE, "--until", (*export, "--type", "a", "--since", "2026-02-01", "--until", "2026-01-01", "--to",
                                    "x.zip")),
                (USAGE, "--to is empty", (*export, "0.1.0", "--to", "")),
                (CANNOT_CREATE, "is there already", (*export, "0.1.0", "--to", path)),
                (CANNOT_CREATE, "no/such", (*export, "0.1.0", "--to", "no/such/x.zip")),
                (BAD_INPUT, "no seal", (*export, "0.1.0", "--seal", "0", "--to", "x.zip")),
                (BAD_INPUT, "no position", (*export, "0.1.0", "--seal", "9999", "--to", "x.zip")),
                (BAD_INPUT, "size 9999", (*export, "0.1.0", "--from", "9999", "--to", "x.zip")),
                (NO_INPUT, "gone.zip", (*verify, "gone.zip", "--key", self.vkey)),
                (USAGE, "--key is empty", (*verify, path, "--key", "")),
                (BAD_INPUT, "--key", (*verify, path, "--key", "a+b+c"))):
            with self.subTest(arguments):
                self.check_refusal(self.run_raw(*arguments), code, [says])
                self.assertFalse(self.path("x.zip").exists())
        self.assertEqual([n for n in os.listdir(self.folder) if n.endswith(".new")], [])

    def test_the_page_stands_alone_and_names_what_it_cannot_show(self):
        page = self.files(self.export("0.1.0"))["index.html"].decode()
        for words in ("shop/0.1.0", "What this evidence cannot show", "Timeline", "alice", "verify prod"):
            with self.subTest(words):
                self.assertTrue(words in page)
        self.assertNotIn("http://", page)
        self.assertNotIn('src="', page)


if __name__ == "__main__":
    unittest.main()
