"""tools/verify.py on evidence bundles: good ones, and every damage of bundle_damages."""
import concurrent.futures
import json
import os
import random
import time
import unittest

import bundle_damages
import forking
from bundle_maker import (
    DEPLOYED, OVERRIDE, RELEASE, Log, Member, authority, example, example_log, fold, key, make, population_bundle,
    release_bundle, zip_file)
from scenario import BAD_INPUT, FAILED_VERIFICATION, NO_INPUT, USAGE, VERIFIER, Scenario

UNPROVEN = 13
SEED = int(os.environ.get("DAYBOOK_TEST_SEED", random.randrange(2**32)))
MEMBERS = {"scope", "complete", "absent", "origin", "size", "root", "entries", "trusted", "checked", "unchecked", "findings"}
KINDS = {"archive", "manifest", "checkpoint", "trusted-key", "trusted-checkpoint", "entry", "seal", "key", "scope",
         "absence", "proof", "attachment", "statement", "timestamp"}


@unittest.skipUnless(VERIFIER.is_file(), f"{VERIFIER} is missing")
class BundleVerifier(Scenario):
    def setUp(self):
        super().setUp()
        self.verifiers = forking.Verifiers(str(VERIFIER), self.environment)
        self.addCleanup(self.verifiers.close)
        self.key = key("ledger").verifier()

    def run_verifier(self, content, *arguments, name="bundle.zip"):
        """The exit code and the report, whose form is looked at."""
        path = self.write(name, content)
        done = self.verifiers.run(self.folder, path, "-o", "json", *arguments)
        os.unlink(path)
        err = done.stderr.decode()
        self.assertEqual((err, done.returncode in (0, FAILED_VERIFICATION, UNPROVEN)), ("", True), err)
        report = json.loads(done.stdout)
        self.assertEqual(set(report), MEMBERS | ({"timestamps"} if "--timestamp-ca" in arguments else set()))
        self.assertEqual(report["trusted"] and not report["findings"], done.returncode == 0)
        for finding in report["findings"]:
            self.assertEqual(set(finding), {"kind", "file", "line", "position", "detail"})
            self.assertIn(finding["kind"], KINDS)
            self.assertIn(finding["kind"], report["checked"])
        return done.returncode, report

    def assert_kinds(self, content, expected, *arguments, **more):
        code, report = self.run_verifier(content, *arguments, **more)
        kinds = {finding["kind"] for finding in report["findings"]}
        self.assertEqual(kinds, expected, report["findings"])
        self.assertEqual(code, FAILED_VERIFICATION if expected else 0)
        return report

    def assert_good(self, bundle, *arguments):
        return self.assert_kinds(bundle.zip(), set(), "--key", self.key, *arguments)

    def each(self, table, bundle, *arguments):
        """The bundles are made here one after the other, and verified by two at a time."""
        self.assertEqual(len({name for name, _, _ in table}), len(table), "a name stands twice in the table")

        def one(number, name, content, expected):
            try:
                self.assert_kinds(content, expected, "--key", self.key, *arguments, name=f"{number}.zip")
            except AssertionError as error:
                return name, str(error)
            return name, None
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            futures = [pool.submit(one, number, name, damage(bundle), expected)
                       for number, (name, damage, expected) in enumerate(table)]
            for name, fault in (future.result() for future in futures):
                with self.subTest(name):
                    self.assertIsNone(fault, fault)

    # The tables

    def test_what_leaves_a_bundle_good(self):
        self.each(bundle_damages.SOUND, release_bundle())

    def test_every_damage_to_a_release(self):
        self.each(bundle_damages.DAMAGES, release_bundle())

    def test_every_damage_to_a_population(self):
        self.each(bundle_damages.POPULATION_DAMAGES, population_bundle(since=2))

    def test_what_only_a_strict_reading_finds(self):
        self.each(bundle_damages.STRICT_READINGS, release_bundle())

    def test_what_is_there_very_often_takes_no_time_and_no_words(self):
        for name, damage, expected in bundle_damages.FLOODS:
            content = damage(release_bundle())
            with self.subTest(name):
                started = time.monotonic()
                report = self.assert_kinds(content, expected, "--key", self.key)
                self.assertLess(time.monotonic() - started, bundle_damages.ENOUGH)
                self.assertLess(max(len(finding["detail"]) for finding in report["findings"]), bundle_damages.PLENTY)

    def test_every_damage_to_a_token(self):
        self.each(bundle_damages.TOKEN_DAMAGES, release_bundle(), "--timestamp-ca", authority().certificates)

    def test_a_damage_leaves_the_bundle_that_it_is_done_to_as_it_is(self):
        bundle = release_bundle()
        before = dict(bundle)
        for _, damage, _ in bundle_damages.KEYS + bundle_damages.PLAIN:
            damage(bundle)
        self.assertEqual(dict(bundle), before)

    # What it says

    def test_of_a_good_bundle(self):
        bundle = release_bundle()
        report = self.assert_good(bundle)
        self.assertEqual(report["scope"], {"release": RELEASE})
        self.assertEqual((report["origin"], report["size"], report["root"]),
                         ("example.com/shop", 22, bundle.log.root(22).hex()))
        self.assertEqual((report["entries"], report["trusted"]), (7, True))
        self.assertEqual(set(report["checked"]), KINDS - {"trusted-checkpoint"})
        self.assertIn("--timestamp-ca", " ".join(report["unchecked"]))
        told = self.assert_good(bundle, "--timestamp-ca", authority().certificates)
        self.assertNotIn("--timestamp-ca", " ".join(told["unchecked"]))
        stamp = bundle.log.events[6]["data"]
        self.assertEqual(told["timestamps"], [{"position": 6, "size": 5, "time": stamp["time"]}])

    def test_says_what_was_proven(self):
        for bundle in (release_bundle(), population_bundle()):
            report = self.assert_good(bundle)
            self.assertEqual({name: report[name] for name in ("complete", "absent")}, bundle.manifest["query"])
        scope, text = bundle.manifest["scope"], self.text(bundle, "--key", self.key)
        self.assertIn(f"complete: type:{DEPLOYED}, since {scope['since']}, until {scope['until']}\n", text)
        self.assertIn("complete: subject:deploy/2\n", text)
        self.assertIn(f"absent from the whole log: {OVERRIDE}\n", self.text(release_bundle()))
        bad = release_bundle()
        bad["index.html"] += b" "
        for words in ("complete:", "absent from"):
            self.assertNotIn(words, self.text(bad))
        self.assertEqual(self.run_verifier(bundle_damages.without("manifest.json")(release_bundle()))[1]["complete"], None)

    def text(self, bundle, *arguments):
        return self.verifiers.run(self.folder, self.write("bundle.zip", bundle.zip()), *arguments).stdout.decode()

    def test_certificates_for_stamps_that_are_not_there_leave_it_open(self):
        given = ["--timestamp-ca", authority().certificates, "--key", self.key]
        without = release_bundle(example(), positions=[1], consistency=[])
        code, report = self.run_verifier(without.zip(), *given)
        self.assertEqual((code, report["findings"], report["timestamps"]), (UNPROVEN, [], []))
        self.assertIn("--timestamp-ca", " ".join(report["unchecked"]))
        self.assertIn("NOT PROVEN", self.text(without, *given))
        without["index.html"] += b" "
        self.assertEqual(self.run_verifier(without.zip(), *given)[0], FAILED_VERIFICATION)
        stamped = release_bundle()
        said = f"timestamp: what is below size 5 existed at {stamped.log.events[6]['data']['time']} (position 6)\n"
        self.assertIn(said, self.text(stamped, *given))
        code, report = self.run_verifier(bundle_damages.stamped(stamped=b"hello\n")(stamped), *given)
        self.assertEqual((code, report["timestamps"]), (FAILED_VERIFICATION, []))

    def test_without_a_key_it_says_that_it_is_no_proof(self):
        code, report = self.run_verifier(release_bundle().zip())
        self.assertEqual((code, report["trusted"], report["findings"]), (UNPROVEN, False, []))
        self.assertIn("consistency only", report["unchecked"][0])
        made_up = release_bundle(example_log(owner="other"))
        self.assertEqual(self.run_verifier(made_up.zip())[0], UNPROVEN)
        for name, damage, expected in bundle_damages.ENTRIES[:6]:
            with self.subTest(name):
                code, report = self.run_verifier(damage(release_bundle()))
                self.assertEqual((code, {finding["kind"] for finding in report["findings"]}), (11, expected))

    def test_in_words(self):
        path = self.write("bundle.zip", release_bundle().zip())
        bad = self.write("bad.zip", bundle_damages.left_out(release_bundle()).zip())
        for arguments, code, words in (
                ([path, "--key", self.key], 0, ["release/shop/1.5.0", "example.com/shop", "GOOD"]),
                ([path], UNPROVEN, ["NOT PROVEN", "consistency only"]),
                ([bad, "--key", self.key], 11, ["proofs.json: key:", "BAD: 1 finding"])):
            done = self.verifiers.run(self.folder, *arguments)
            self.assertEqual((done.returncode, done.stderr), (code, b""))
            for word in words:
                self.assertIn(word, done.stdout.decode())

    def test_names_the_place_of_what_it_finds(self):
        bundle = bundle_damages.event_changed(release_bundle())
        report = self.assert_kinds(bundle.zip(), {"entry", "key"}, "--key", self.key)
        finding = next(finding for finding in report["findings"] if finding["kind"] == "entry")
        self.assertEqual((finding["file"], finding["line"], finding["position"]), ("entries.jsonl", 6, 19))
        bundle = release_bundle()
        bundle["index.html"] += b" "
        report = self.assert_kinds(bundle.zip(), {"manifest"}, "--key", self.key)
        self.assertEqual(report["findings"][0]["file"], "index.html")

    def test_the_text_of_a_hostile_bundle_is_made_safe_for_a_terminal(self):
        content = bundle_damages.manifest(
            bundle_damages.put("ledger", "origin", to="\x1b[2J"), bundle_damages.put("scope", "release", to="\x1b[2J"))(
                release_bundle())
        done = self.verifiers.run(self.folder, self.write("bundle.zip", content))
        self.assertEqual(done.returncode, 11)
        self.assertNotIn(b"\x1b", done.stdout)

    # What comes from outside

    def test_checkpoints_from_outside(self):
        log, other = example(), example_log(owner="ledger", seal=lambda log: (log.append("another"), log.seal()))
        bundle = release_bundle()
        for what, text, code, kinds in (
                ("its own", log.checkpoint(22), 0, set()), ("a smaller one that is shown", log.checkpoint(8), 0, set()),
                ("a smaller one that is not shown", log.checkpoint(9), UNPROVEN, set()),
                ("a larger one", other.checkpoint(23), UNPROVEN, set()),
                ("another ledger's of its size", other.checkpoint(22), 11, {"trusted-checkpoint"}),
                ("another root that contradicts consistency", log.checkpoint(8, root=bytes(32)), 11, {"trusted-checkpoint"}),
                ("another key's", log.checkpoint(8, signer="other"), 11, {"trusted-checkpoint"}),
                ("another key's that is not shown", log.checkpoint(9, signer="other"), 11, {"trusted-checkpoint"}),
                ("another origin's", log.checkpoint(8, origin="example.com/b"), 11, {"trusted-checkpoint"})):
            with self.subTest(what):
                self.write("kept", text)
                found, report = self.run_verifier(bundle.zip(), "--key", self.key, "--checkpoint", "kept")
                self.assertEqual((found, {finding["kind"] for finding in report["findings"]}), (code, kinds), report)
                self.assertEqual("kept covers" in " ".join(report["unchecked"]),
                                 code == UNPROVEN or "not shown" in what, report)
        self.write("kept", log.checkpoint(8))
        self.write("more", log.checkpoint(9))
        both = ["--checkpoint", "kept", "--checkpoint", "more", "--key", self.key]
        self.assertEqual(self.run_verifier(bundle.zip(), *both)[0], UNPROVEN)
        self.assertEqual(self.run_verifier(bundle.zip(), "--checkpoint", "kept")[0], UNPROVEN, "without a key")

    def test_a_ledger_that_left_an_entry_out_is_caught_by_a_checkpoint_that_was_kept(self):
        """Its owner can write all of it anew and sign it again: the bundle alone is good."""
        forged = release_bundle(example().changed(lambda events: events.pop(20)))
        self.write("kept", example().checkpoint(22))
        self.write("older", example().checkpoint(21))
        self.assert_good(forged)
        self.assertEqual(self.run_verifier(forged.zip(), "--key", self.key, "--checkpoint", "kept")[0], UNPROVEN)
        self.assert_kinds(forged.zip(), {"trusted-checkpoint"}, "--key", self.key, "--checkpoint", "older")

    def test_the_wrong_key(self):
        for name, verifier in (("another", key("other").verifier()), ("under another name", key("ledger").verifier("b"))):
            with self.subTest(name):
                code, report = self.run_verifier(release_bundle().zip(), "--key", verifier)
                self.assertEqual(code, 11)
                self.assertLessEqual({"trusted-key", "checkpoint"}, {each["kind"] for each in report["findings"]})

    def test_wrong_usage_and_wrong_evidence(self):
        path = self.write("bundle.zip", release_bundle().zip())
        for name, content in {"bad": "hello\n", "kept": example().checkpoint(8), "vkey": self.key}.items():
            self.write(name, content)
        for arguments, code in (
                (["none.zip"], NO_INPUT), ([path, "--quick"], USAGE), ([path, "--receipt", "bad"], USAGE),
                ([path, "--more"], USAGE), ([], USAGE), ([path, path], USAGE), (["bad", "--timestamp-ca", "bad"], BAD_INPUT),
                ([path, "--key", "bad"], BAD_INPUT), ([path, "--key", "none"], NO_INPUT), ([path, "--key", "a+b+c"], BAD_INPUT),
                ([path, "--checkpoint", "bad"], BAD_INPUT), ([path, "--checkpoint", "none"], NO_INPUT),
                ([path, "--timestamp-ca", "bad"], BAD_INPUT), ([path, "--timestamp-ca", "none"], NO_INPUT),
                ([path, "--key", "vkey", "--checkpoint", "kept"], 0)):
            with self.subTest(arguments):
                done = self.verifiers.run(self.folder, *arguments)
                self.assertEqual(done.returncode, code, done)

    def test_what_is_taken_for_a_bundle(self):
        content = release_bundle().zip()
        for name, more, what, code in (
                ("bundle", [], content, 0), ("bundle.ZIP", [], content, 0), ("bundle.zip", [], b"hello\n", 11),
                ("bundle", ["--bundle"], b"hello\n", 11), ("x.zip", ["--bundle"], b"SQLite format 3\0" + bytes(84), 11)):
            with self.subTest(name=name, start=what[:6], more=more):
                report = self.run_verifier(what, "--key", self.key, *more, name=name)
                self.assertEqual(report[0], code)
        for name, what in (("x.zip", b"SQLite format 3\0" + bytes(84)), ("x", b"hello\n")):
            with self.subTest(name):
                done = self.verifiers.run(self.folder, self.write(name, what), "-o", "json")
                self.assertEqual((done.returncode, json.loads(done.stdout)["checked"]), (11, ["file"]))

    def test_nothing_is_written(self):
        for name in ("../escape", "/tmp/daybook-escape"):
            self.run_verifier(zip_file([Member(name, b"here")]))
        self.run_verifier(release_bundle().zip(), "--key", self.key)
        self.assertEqual(os.listdir(self.folder), [])
        self.assertFalse(os.path.exists("/tmp/daybook-escape") or os.path.exists(self.folder.parent / "escape"))

    # Populations

    def test_populations_of_many_periods(self):
        for since, until in ((None, None), (None, 0), (None, 3), (0, 5), (2, None), (5, None), (3, 4)):
            with self.subTest(since=since, until=until):
                self.assert_good(population_bundle(since=since, until=until))

    def test_populations_of_periods_between_two_entries_before_all_and_after_all(self):
        first, second = bundle_damages.moment(2, 1), bundle_damages.moment(3)
        for since, until in ((first, second), (None, "2026-01-01T00:00:00.000000Z"), ("2026-12-01T00:00:00.000000Z", None)):
            with self.subTest(since=since, until=until):
                scope = {"type": DEPLOYED, "since": since, "until": until}
                self.assert_good(make(example(), scope, [f"type:{DEPLOYED}"], []))

    def test_a_population_that_never_was(self):
        scope = {"type": "com.example.never", "since": None, "until": None}
        self.assert_good(make(example(), scope, [], ["type:com.example.never"]))
        self.assert_kinds(make(example(), scope, [], [OVERRIDE]).zip(), {"scope"}, "--key", self.key)

    def test_absence_at_both_ends_and_in_an_index_of_few_keys(self):
        log = Log()
        log.seal()
        for absent in ("subject:a", "subject:ledger0", "subject:", "subject:\U0001f600", "subject:\uffee", "type:a", "type:z"):
            if absent != "subject:":
                with self.subTest(absent):
                    self.assert_good(make(log, {"release": "ledger"}, ["subject:ledger"], [absent], consistency=(1,),
                                          signers=["ledger"]))

    # Chance

    def test_random_bundles_and_one_entry_of_them_left_out(self):
        chance = random.Random(SEED)
        with self.subTest(f"DAYBOOK_TEST_SEED={SEED}"):
            for _ in range(8):
                log = Log()
                for _ in range(chance.randrange(2, 40)):
                    log.append(chance.choice("abc"), chance.choice([None, "s", "t", "u"]))
                log.seal()
                self.check_random(log, chance)

    def check_random(self, log, chance):
        size, subjects = len(log.events) - 1, sorted({event["subject"] for event in log.events if "subject" in event})
        release = chance.choice(subjects)
        complete = sorted({f"subject:{release}", *[f"subject:{each}" for each in subjects if chance.random() < 0.3]})
        smaller = tuple(sorted({chance.randrange(1, size + 1) for _ in range(3)}))
        bundle = make(log, {"release": release}, complete, ["type:never"], consistency=smaller, signers=["ledger"])
        self.assert_good(bundle)
        proof = chance.randrange(len(complete))
        positions = bundle.proofs["complete"][proof]["positions"]
        position = chance.choice(positions)
        number = [entry["position"] for entry in bundle.proofs["entries"]].index(position)
        lines = bundle["entries.jsonl"].splitlines(True)
        bundle["entries.jsonl"] = b"".join(lines[:number] + lines[number + 1:])

        def change(value):
            del value["entries"][number]
            for each in value["complete"]:
                each["positions"] = [kept for kept in each["positions"] if kept != position]
                each.update(fold(log.hashes[kept] for kept in each["positions"]))
        code, report = self.run_verifier(bundle.edit("proofs.json", change).zip(), "--key", self.key)
        self.assertIn("key", {finding["kind"] for finding in report["findings"]})

    def test_one_byte_of_any_file_changed(self):
        chance = random.Random(SEED)
        bundle = population_bundle()
        with self.subTest(f"DAYBOOK_TEST_SEED={SEED}"):
            for path in sorted(bundle) * 3:
                at, bit = chance.randrange(len(bundle[path])), 1 << chance.randrange(8)
                damaged = bundle.copy()
                damaged[path] = bundle[path][:at] + bytes([bundle[path][at] ^ bit]) + bundle[path][at + 1:]
                code, _ = self.run_verifier(damaged.zip(), "--key", self.key)
                self.assertEqual(code, 11, f"{path}, byte {at}, bit {bit}")

    def test_any_byte_of_the_zip_file_changed(self):
        """What is changed may be a date: then the bundle is as good as before. Nothing else may happen."""
        chance = random.Random(SEED)
        whole = release_bundle().zip()
        with self.subTest(f"DAYBOOK_TEST_SEED={SEED}"):
            for _ in range(60):
                at = chance.randrange(len(whole))
                content = whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1:]
                code, report = self.run_verifier(content, "--key", self.key)
                self.assertIn(code, (0, 11))
                if code == 0:
                    self.assertEqual(report["entries"], 7, f"byte {at}")


if __name__ == "__main__":
    unittest.main()
