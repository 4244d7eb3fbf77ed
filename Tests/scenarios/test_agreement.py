"""`daybook verify` and tools/verify.py, which share no code, say the same of every ledger."""
import base64
import concurrent.futures
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import unittest

import forking
import tampering
from scenario import VERIFIER, Scenario, copy_ledger, damage

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
            self.assertEqual(bool(our_places), bool(their_places), said)
        else:
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
        def sure(report):
            return {(place, kind) for place, kind in places(report) if kind in ("hash", "position")}
        self.assertEqual((ours, sure(our_report)), (theirs, sure(their_report)), "with --quick")

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

    def test_on_what_is_no_evidence(self):
        for name, content in {"empty": "", "text": "hello\n", "list": "[]"}.items():
            self.write(name, content)
            for option in ("--checkpoint", "--receipt", "--key"):
                with self.subTest(name=name, option=option):
                    ours, theirs, *_ = self.both("evidence.db", option, name)
                    self.assertEqual((ours, theirs), (65, 65))
        for option in ("--checkpoint", "--receipt"):
            ours, theirs, *_ = self.both("evidence.db", option, "none")
            self.assertEqual((ours, theirs), (66, 66))
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
            for noise in (bytes(4096), b"\xff" * 4096, draw.randbytes(4096)):
                cases.append((f"page-{page}-{noise[0]}.db", content[:page * 4096] + noise + content[page * 4096 + 4096:]))
        self.each_raw(cases[:30])


def places(report):
    return {(f["position"], f["kind"]) for f in report["findings"]}


def root(report):
    """In hex, as the issue states; base64 is the same root."""
    text = report["root"]
    return text if len(text) == 64 else base64.b64decode(text).hex()
