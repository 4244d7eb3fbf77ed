"""The verifier in the browser (Sources/BoringDeploy/Evidence/Page), in a real one, held against the two others.

The scripts stand here in a page of their own, that of bundle_page.py; test_bundle_page_exported.py takes the page that a
bundle has.
"""
import random
import time
import unittest

import bundle_damages
from bundle_damages import ELSEWHERE, put
from bundle_maker import STATEMENTS, Log, example, example_log, key, make, population_bundle, release_bundle
from bundle_page import PageCase, evidence
from chromium import ScriptError
from test_bundle import UNPROVEN, kinds
from trees import entry_hash

VERDICTS = {0: "good", 11: "bad", UNPROVEN: "consistent"}


class Torn(Log):
    """A ledger whose entry at one position follows another than the one before it; all hashes agree with that."""

    def __init__(self, at):
        self.at = at
        super().__init__()
        for number in range(3):
            self.append("com.example.step", "release", {"number": number})
        self.seal()

    def add(self, event):
        super().add(event)
        if len(self.raw) - 1 == self.at:
            self.previous[-1] = b"\x11" * 32
            self.hashes[-1] = entry_hash(self.previous[-1], self.raw[-1])

    def bundle(self):
        return make(self, {"release": "release"}, ["subject:release"], [], consistency=(), signers=["ledger"])


class Archives(PageCase):
    """The tables that both other verifiers are held against."""

    def each(self, table, bundle):
        for name, damage, expected in table:
            with self.subTest(name):
                self.assert_found(self.verify(damage(bundle), self.key), expected)

    def test_every_damage_of_a_release_is_found_and_named(self):
        self.each(bundle_damages.DAMAGES, release_bundle())

    def test_every_damage_of_a_population_is_found_and_named(self):
        self.each(bundle_damages.POPULATION_DAMAGES, population_bundle(since=2))

    def test_strict_readings(self):
        self.each(bundle_damages.STRICT_READINGS, release_bundle())

    def test_what_is_there_very_often_takes_no_time_and_no_words(self):
        for name, damage, expected in bundle_damages.FLOODS:
            content = damage(release_bundle())
            with self.subTest(name):
                started = time.monotonic()
                report = self.verify(content, self.key)
                self.assertLess(time.monotonic() - started, bundle_damages.ENOUGH)
                self.assert_found(report, expected)
                self.assertLess(max(len(finding["detail"]) for finding in report["findings"]), bundle_damages.PLENTY)

    def test_what_is_unusual_and_sound_is_good(self):
        self.each(bundle_damages.SOUND, release_bundle())

    def test_any_byte_may_be_turned_and_the_binary_agrees(self):
        content = release_bundle().zip()
        for at in range(0, len(content), len(content) // 100):
            damaged = bytearray(content)
            damaged[at] ^= 0x41
            with self.subTest(at):
                path = self.write("bundle.zip", bytes(damaged))
                code = self.run_raw("bundle", "verify", path, "--key", self.key).code
                self.assertEqual(self.verify(bytes(damaged), self.key)["verdict"], VERDICTS[code])

    def test_what_the_tables_leave_to_chance(self):
        """Where another finding of the same kind would hide that one is missing; the binary is asked, too."""
        log = Log()
        log.seal()
        own = make(log, {"release": "ledger"}, ["subject:ledger"], ["type:dev.daybook.ledger.sealed.v1"],
                   consistency=(), signers=["ledger"])
        renamed = release_bundle(example_log(trusted={**key("evidence").trusted(), "keyid": ELSEWHERE}))
        renamed.put_envelopes([renamed.envelope("ledger"), renamed.envelope("evidence", keyid=ELSEWHERE)])
        twice = release_bundle()
        twice[STATEMENTS] += twice[STATEMENTS].splitlines(keepends=True)[0]
        for name, bundle, expected in (("nothing", Torn(None).bundle(), set()),
                                       ("a first entry that follows another", Torn(0).bundle(), {"entry"}),
                                       ("an entry that follows another", Torn(2).bundle(), {"entry"}),
                                       ("the keys of the seal itself, which it does not cover", own, set()),
                                       ("a key under an ID that is not its own", renamed, {"statement"}),
                                       ("a statement twice, with one file in sigstore/", twice, {"statement"})):
            with self.subTest(name):
                self.assert_found(self.verify(bundle.zip(), self.key), expected)
                path = self.write("bundle.zip", bundle.zip())
                other = self.run_raw("bundle", "verify", path, "-o", "json", "--key", self.key).json
                self.assertEqual(kinds(other), expected, other["findings"])

    def test_large_files_are_inflated_piece_by_piece(self):
        content = random.Random(1).randbytes(1 << 20) + bytes(20 << 20)
        good = bundle_damages.added("more.bin", content)(release_bundle())
        self.assert_found(self.verify(good, self.key), set())
        place = len(good) // 2
        self.assertGreater(place, 1 << 19)  # in the middle of that file
        damaged = good[:place] + bytes([good[place] ^ 1]) + good[place + 1:]
        self.assert_found(self.verify(damaged, self.key), {"archive"})

    def test_without_a_key_it_is_consistent(self):
        report = self.verify(release_bundle().zip())
        self.assertEqual((report["verdict"], report["trusted"], report["findings"]), ("consistent", False, []))
        self.assertIn("consistency only", report["unchecked"][0])
        self.assertEqual(self.verify(release_bundle(example_log(owner="other")).zip())["verdict"], "consistent")
        for name, damage, expected in bundle_damages.ENTRIES[:6]:
            with self.subTest(name):
                report = self.verify(damage(release_bundle()))
                self.assertEqual((report["verdict"], kinds(report)), ("bad", expected))

    def test_what_it_says_is_what_the_binary_says(self):
        for content in (release_bundle().zip(), population_bundle(since=2).zip(),
                        bundle_damages.event_changed(release_bundle()).zip()):
            report = self.verify(content, self.key)
            other = self.run_raw("bundle", "verify", self.write("bundle.zip", content), "-o", "json", "--key",
                                 self.key).json
            for name in ("verdict", "scope", "complete", "absent", "origin", "size", "root", "entries", "trusted"):
                self.assertEqual(report[name], other[name], name)
            self.assertEqual(set(report["checked"]), set(other["checked"]))
            self.assertEqual(set(report), set(other) | {"perEntry"})

    def test_the_place_of_a_finding_and_the_verdict_of_each_entry(self):
        bundle = bundle_damages.event_changed(release_bundle())
        report = self.verify(bundle.zip(), self.key)
        finding = next(finding for finding in report["findings"] if finding["kind"] == "entry")
        self.assertEqual((finding["file"], finding["line"], finding["position"]), ("entries.jsonl", 6, 19))
        self.assertEqual([(each["position"], each["ok"]) for each in report["perEntry"]],
                         [(place["position"], place["position"] != 19) for place in bundle.proofs["entries"]])

    def test_checkpoints_from_outside(self):
        log, bundle = example(), release_bundle()
        other = example_log(seal=lambda log: (log.append("another"), log.seal()))
        for what, text, verdict, expected in (
                ("its own", log.checkpoint(22), "good", set()), ("a smaller one", log.checkpoint(8), "good", set()),
                ("one that is not shown", log.checkpoint(9), "consistent", set()),
                ("a larger one", other.checkpoint(23), "consistent", set()),
                ("another ledger's", other.checkpoint(22), "bad", {"trusted-checkpoint"}),
                ("another root's", log.checkpoint(8, root=bytes(32)), "bad", {"trusted-checkpoint"}),
                ("another key's", log.checkpoint(8, signer="other"), "bad", {"trusted-checkpoint"}),
                ("another origin's", log.checkpoint(8, origin="example.com/b"), "bad", {"trusted-checkpoint"})):
            with self.subTest(what):
                kept = [("kept", text.decode())]
                for report in (self.verify(bundle.zip(), self.key, kept),
                               self.embedded(evidence(bundle), self.key, kept)):
                    self.assertEqual((report["verdict"], kinds(report)), (verdict, expected))
        with self.assertRaisesRegex(ScriptError, "the checkpoint kept"):
            self.verify(bundle.zip(), self.key, [("kept", "hello\n")])

    def test_the_wrong_key_and_a_malformed_one(self):
        content = release_bundle().zip()
        for verifier in (key("other").verifier(), key("ledger").verifier("b")):
            report = self.verify(content, verifier)
            self.assertEqual(report["verdict"], "bad")
            self.assertLessEqual({"trusted-key", "checkpoint"}, kinds(report))
        for malformed, says in (("", "the key .*key ID"), ("hello", "the key .*key ID"), ("a+b+c", "the key .*base64"),
                                (self.key[:-1], "base64"), (self.key.replace("+", "+0", 1), "the key ID is not"),
                                ("x" + self.key, "the key ID is not")):
            with self.subTest(malformed), self.assertRaisesRegex(ScriptError, says):
                self.verify(content, malformed)
        self.assertEqual(self.verify(content, f" {self.key}\n")["verdict"], "good", "as it is pasted")

    def test_a_browser_without_ed25519_says_so_and_what_to_do(self):
        for break_it, says in (
                ("SubtleCrypto.prototype.importKey = async () => { throw new DOMException('', 'NotSupportedError'); }",
                 "Ed25519"),
                ("SubtleCrypto.prototype.verify = async () => true", "Ed25519"),
                ("Object.defineProperty(Crypto.prototype, 'subtle', {value: undefined})", "WebCrypto")):
            with self.subTest(break_it):
                self.open_scripts()
                self.browser.evaluate(break_it)
                with self.assertRaisesRegex(ScriptError, f"{says}.*daybook bundle verify.*verify.py"):
                    self.verify(release_bundle().zip(), self.key)

    def test_a_name_of_the_prototype_is_a_name_like_any_other(self):
        log = Log()
        for name in ("__proto__", "constructor", "toString", "hasOwnProperty"):
            log.append(name, name, {name: {name: 1}, "more": [{"__proto__": {"name": "x"}}]})
        log.seal()
        bundle = make(log, {"release": "__proto__"}, ["subject:__proto__", "type:constructor"], ["subject:valueOf"],
                      consistency=(), signers=["ledger"])
        self.assert_found(self.verify(bundle.zip(), self.key), set())
        self.assert_found(self.embedded(evidence(bundle), self.key), set())
        for path in ((), ("seal",), ("ledger",), ("scope",)):
            with self.subTest(path):
                changed = bundle.copy().edit("manifest.json", put(*path, "__proto__", to={}))
                self.assert_found(self.verify(changed.zip(), self.key), {"manifest"})
                self.assert_found(self.embedded(evidence(changed), self.key), {"manifest"})


if __name__ == "__main__":
    unittest.main()
