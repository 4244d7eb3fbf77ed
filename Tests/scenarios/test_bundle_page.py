"""The verifier in the browser (Sources/BoringDeploy/Evidence/Page), in a real one, held against the two others.

The scripts stand here in a page of their own; test_bundle_page_exported.py takes the page that a bundle has.
"""
import base64
import contextlib
import copy
import hashlib
import json
import random
import struct
import time
import unittest
import zipfile

import bundle_damages
from bundle_damages import ELSEWHERE, LARGEST, both, drop, put
from bundle_maker import (
    DEPLOYED, OVERRIDE, STATEMENTS, Log, consistency_path, example, example_log, inclusion_path, key, make,
    population_bundle, release_bundle)
from chromium import Chromium, ChromiumError, ScriptError
from scenario import REPOSITORY, Scenario
from test_bundle import UNPROVEN, kinds
from trees import entry_hash, leaf_hash, root_of

SOURCES = REPOSITORY / "Sources" / "BoringDeploy" / "Evidence" / "Page"
# The order in which the page holds them, in one script.
PAGE_SCRIPTS = [
    "json.js", "forms.js", "tree.js", "notes.js", "event.js", "archive.js", "documents.js", "run.js", "checkpoints.js",
    "entries.js", "bundle-index.js", "files.js", "statements.js", "timestamps.js", "bundle.js"]
VERDICTS = {0: "good", 11: "bad", UNPROVEN: "consistent"}
MEMBERS = {"verdict", "scope", "complete", "absent", "origin", "size", "root", "entries", "trusted", "checked",
           "unchecked", "findings", "perEntry"}
EMBEDDED_KINDS = {"checkpoint", "trusted-key", "entry", "seal", "key", "scope", "absence", "proof"}
KINDS = EMBEDDED_KINDS | {"archive", "manifest", "trusted-checkpoint", "attachment", "statement", "timestamp"}
# What the tests call: archives come as base64, and parsed JSON as it is.
HARNESS = """
globalThis.archive = async (content, given) =>
    verifyArchive(Uint8Array.from(atob(content), char => char.charCodeAt(0)), given);
globalThis.embedded = verifyEmbedded;
globalThis.unit = {readJSON, readCanonical, fromBase64, rawFromDER, toHex, isBefore, DIGITS};
const inBytes = each => typeof each === "string" ? fromHex(each) : each;
globalThis.trees = {
    included: cases => Promise.all(cases.map(each => isIncluded(...each.map(inBytes)))),
    consistent: cases => Promise.all(cases.map(each => isConsistent(...each.map(inBytes))))};
"""


def scripts():
    return "\n".join((SOURCES / name).read_text() for name in PAGE_SCRIPTS)


def evidence(bundle):
    """What the page of a bundle embeds."""
    manifest = bundle.manifest
    del manifest["files"]
    return {"manifest": manifest, "entries": bundle["entries.jsonl"].decode().splitlines(), "proofs": bundle.proofs,
            "checkpoint": bundle["checkpoint.txt"].decode()}


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


class InBrowser:
    """One browser for all tests of a class. No page may fail unheard, or ask for anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.browser = stack.enter_context(Chromium())

    def setUp(self):
        super().setUp()
        self.browser.errors.clear()
        self.browser.requests.clear()

    def tearDown(self):
        self.assertEqual(self.browser.errors, [])
        self.assertEqual(self.browser.requests, [])
        super().tearDown()


class PageCase(InBrowser, Scenario):
    """On a page that holds nothing but the scripts."""

    def setUp(self):
        super().setUp()
        self.key = key("ledger").verifier()
        self.open_scripts()

    def open_scripts(self):
        page = self.write("page.html", "<!doctype html><meta charset='utf-8'><title>scripts</title><script>(() => {\n"
                          f"\"use strict\";\n{scripts()}\n{HARNESS}}})();</script>")
        self.browser.open(page)

    def call(self, function, value, vkey=None, checkpoints=()):
        given = {"key": vkey, "checkpoints": [{"name": name, "text": text} for name, text in checkpoints]}
        text = json.dumps(json.dumps(value))  # parsed there: as source text, "__proto__" would set a prototype
        report = self.browser.evaluate(f"{function}(JSON.parse({text}), {json.dumps(given)})")
        self.assertEqual(set(report), MEMBERS)
        self.assertEqual(len(report["perEntry"]), report["entries"])
        for finding in report["findings"]:
            self.assertEqual(set(finding), {"kind", "file", "line", "position", "detail"})
            self.assertIn(finding["kind"], KINDS)
            self.assertIn(finding["kind"], report["checked"])
        self.assertEqual(report["verdict"] == "bad", bool(report["findings"]))
        return report

    def verify(self, content, vkey=None, checkpoints=()):
        return self.call("archive", base64.b64encode(content).decode(), vkey, checkpoints)

    def embedded(self, value, vkey=None, checkpoints=()):
        return self.call("embedded", value, vkey, checkpoints)

    def assert_found(self, report, expected):
        self.assertEqual(kinds(report), set(expected), report["findings"])
        self.assertEqual(report["verdict"], "bad" if expected else "good")


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


class Embedded(PageCase):
    """What the page checks of itself."""

    def test_it_is_good_with_the_key_and_consistent_without(self):
        for bundle in (release_bundle(), population_bundle(since=2), population_bundle(since=None, until=None),
                       make(example(), {"type": "com.example.never", "since": None, "until": None}, [],
                            ["type:com.example.never"])):
            report = self.embedded(evidence(bundle), self.key)
            self.assert_found(report, set())
            self.assertEqual(set(report["checked"]), EMBEDDED_KINDS)
            self.assertIn("ZIP file", " ".join(report["unchecked"]))
            self.assertTrue(all(each["ok"] for each in report["perEntry"]))
            self.assertEqual(self.embedded(evidence(bundle))["verdict"], "consistent")

    def test_every_damage_of_the_tables_that_it_holds_is_found(self):
        """Those of entries, proofs, checkpoint and manifest, for the kinds of findings that it checks for."""
        embedded_too = (bundle_damages.SEALS + bundle_damages.KEYS + bundle_damages.ABSENCES +
                        bundle_damages.CHECKPOINTS)
        for table, bundle in ((embedded_too, release_bundle()),
                              (bundle_damages.POPULATION_DAMAGES, population_bundle(since=2))):
            for name, damage, expected in table:
                with self.subTest(name):
                    report = self.embedded(self.taken_from(damage(bundle)), self.key)
                    self.assert_found(report, expected)

    def taken_from(self, content):
        with zipfile.ZipFile(self.write("bundle.zip", content)) as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist() if "/" not in name}
        manifest = json.loads(files["manifest.json"])
        del manifest["files"]
        return {"manifest": manifest, "entries": files["entries.jsonl"].splitlines(),
                "proofs": json.loads(files["proofs.json"]), "checkpoint": files["checkpoint.txt"]}

    CHANGES = [
        ("a byte of an entry", lambda value: value["entries"].__setitem__(
            5, value["entries"][5].replace('"by":"b"', '"by":"c"')), {"entry"}),
        ("an entry left out", both(drop("entries", 5)), {"entry", "seal", "key"}),
        ("an entry and its place left out", both(drop("entries", 5), drop("proofs", "entries", 5)), {"key"}),
        ("an entry and its position left out", both(
            drop("entries", 5), drop("proofs", "entries", 5), drop("proofs", "complete", 0, "positions", -1)), {"key"}),
        ("an entry twice", lambda value: value["entries"].append(value["entries"][-1]), {"entry"}),
        ("two entries in another order", lambda value: value["entries"].insert(2, value["entries"].pop(1)),
         {"entry", "key"}),
        ("an entry that is no text", put("entries", 5, to=7), {"entry", "key"}),
        ("an entry with a lone surrogate", put("entries", 5, to="\ud800"), {"entry", "key"}),
        ("a line feed after an entry", lambda value: value["entries"].__setitem__(5, value["entries"][5] + "\n"),
         {"entry", "key"}),
        ("no entries", put("entries", to=[]), {"entry", "seal", "key"}),
        ("entries that are no list", put("entries", to="hello"), {"entry", "seal", "key"}),
        ("a hash of an entry's path", put("proofs", "entries", 2, "path", 0, to=ELSEWHERE), {"entry"}),
        ("a hash of an entry", put("proofs", "entries", 2, "hash", to=ELSEWHERE), {"entry", "key"}),
        ("the signature of the checkpoint", lambda value: value.update(
            checkpoint=value["checkpoint"][:-9] + "AAAAA" + value["checkpoint"][-4:]), {"checkpoint"}),
        ("the root of the checkpoint", lambda value: value.update(
            checkpoint=example().checkpoint(22, root=bytes(32)).decode()), {"checkpoint", "entry", "proof"}),
        ("no checkpoint", put("checkpoint", to=None), {"checkpoint"}),
        ("an empty checkpoint", put("checkpoint", to=""), {"checkpoint"}),
        ("a checkpoint that is missing", drop("checkpoint"), {"checkpoint", "manifest"}),
        ("the root of the seal", put("manifest", "seal", "root", to=ELSEWHERE), {"seal", "key", "absence"}),
        ("the keys of the seal", put("manifest", "seal", "keys", to=99), {"seal", "key", "absence"}),
        ("the position of the seal", put("manifest", "seal", "position", to=20), {"seal"}),
        ("the count of a key", put("proofs", "complete", 0, "count", to=4), {"key"}),
        ("the largest count of a key", put("proofs", "complete", 0, "count", to=LARGEST), {"key"}),
        ("the accumulator of a key", put("proofs", "complete", 0, "acc", to=ELSEWHERE), {"key"}),
        ("a neighbour of an absent key", put("proofs", "absent", 1, "left", "index", to=3), {"absence"}),
        ("another neighbour of an absent key", put("proofs", "absent", 1, "right", to=None), {"absence"}),
        ("an absence less", drop("proofs", "absent", 0), {"absence"}),
        ("another release", put("manifest", "scope", "release", to="release/shop/1.4.0"), {"scope"}),
        ("a consistency path", put("proofs", "consistency", 1, "path", 0, to=ELSEWHERE), {"proof"}),
        ("no proofs", put("proofs", to=None), {"proof"}), ("no manifest", put("manifest", to=None), {"manifest"}),
        ("a key that is none", put("manifest", "ledger", "key", to="x"), {"manifest"}),
        ("another key", put("manifest", "ledger", "key", to=key("other").verifier()), {"trusted-key", "entry"}),
        ("a manifest with files", put("manifest", "files", to=[]), {"manifest"}),
        ("one member more", put("more", to=1), {"manifest"}),
        ("one member more in the proofs", put("proofs", "more", to=1), {"proof"}),
    ]

    def test_what_is_changed_in_it_is_found_and_named(self):
        for name, change, expected in self.CHANGES:
            with self.subTest(name):
                value = copy.deepcopy(evidence(release_bundle()))
                change(value)
                self.assert_found(self.embedded(value, self.key), expected)

    def test_evidence_that_is_no_evidence(self):
        for value in (None, [], {}, "hello", 7):
            with self.subTest(repr(value)):
                report = self.embedded(value, self.key)
                self.assertEqual(report["verdict"], "bad")
                self.assertLessEqual({"manifest", "checkpoint", "proof"}, kinds(report))

    def test_a_population_that_is_too_large_for_the_page_is_not_called_good(self):
        value = evidence(population_bundle())
        value["entries"] = None
        report = self.embedded(value, self.key)
        self.assertEqual((report["verdict"], report["findings"], report["entries"]), ("consistent", [], 0))
        self.assertIn("too many", " ".join(report["unchecked"]))
        self.assertNotIn("entry", report["checked"])

    def test_two_thousand_entries_take_seconds(self):
        log = Log()
        for number in range(1999):
            log.append(DEPLOYED, None, {"number": number})
            log.seconds -= 59  # so that it all fits into a day
        log.seal()
        bundle = make(log, {"type": DEPLOYED, "since": None, "until": None}, [f"type:{DEPLOYED}"], [OVERRIDE],
                      consistency=(), signers=["ledger"])
        started = time.monotonic()
        report = self.embedded(evidence(bundle), self.key)
        seconds = time.monotonic() - started
        self.assert_found(report, set())
        self.assertEqual(report["entries"], 2001)
        self.assertLess(seconds, 15)


class Pieces(PageCase):
    """Parts of it by themselves, where a bundle does not get to them."""

    def answers(self, function, texts):
        """What a function of bytes answers to each: the value, or None where it is refused as malformed."""
        encoded = [base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode() for text in texts]
        return self.browser.evaluate(f"""{json.dumps(encoded)}.map(text => {{
            const bytes = unit.fromBase64(text);
            try {{ return {function}; }} catch (error) {{
                if (error.constructor.name !== "Malformed") throw error;
                return null;
            }}
        }})""")

    def test_canonical_numbers_and_strings(self):
        canonical = ["0", "1", "-1", "1e+21", "100000000000000000000", "9007199254740991", "1.5", "1e-7", "0.000001",
                     "5e-324", "1.7976931348623157e+308", '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/"',
                     '"\x7f\u2028\ufeff\U0001f600"',
                     '{"\U0001f600":1,"\uffee":2}', '{"__proto__":1}', "[[],{},null,true,false]"]
        self.assertEqual(self.answers("unit.readCanonical(bytes) === null ? null : true", canonical),
                         [True] * len(canonical))
        others = ["-0", "1.0", "1e21", "1E+21", "10e1", "9007199254740993", "0.0000001", "1e400", '"\\u0041"', '"\\/"',
                  '"\\u001F"', '{"\uffee":1,"\U0001f600":2}', '{"b":1,"a":2}', '{"a":1,"a":1}', '{"a":1,"\\u0061":1}',
                  " 1", "1 ", "[1,]", "[1 ]", "{,}", "01", "+1", ".5", "1.", "NaN", "", '"\\ud800"', '"\\udc00\\ud800"',
                  '"a', '"\n"', b'"\xc0\x80"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xe2\x82"',
                  b"\xef\xbb\xbf1", "[" * 513 + "]" * 513, "nul", "1 2", "//1"]
        self.assertEqual(self.answers("unit.readCanonical(bytes) === undefined ? 0 : 1", others), [None] * len(others))

    def test_strict_json(self):
        sound = ["[" * 512 + "]" * 512, " 1 ", "1.0", "-0", "1e3", "9007199254740991", '"\\ud83d\\ude00"', "1e-400"]
        self.assertEqual(self.answers("unit.readJSON(bytes) === undefined ? 0 : 1", sound), [1] * len(sound))
        faulty = ["9007199254740992", "-9007199254740992", "1" * 400, "1e309", "\u00a01", "\x0b1", '{"a" 1}',
                  "[1 2]", "tru"]
        self.assertEqual(self.answers("unit.readJSON(bytes) === undefined ? 0 : 1", faulty), [None] * len(faulty))
        self.assertEqual(self.answers("unit.readJSON(bytes, unit.DIGITS)", ["0", "7", "1.0", "1e1", "-1", "-0"]),
                         [0, 7, None, None, None, None])

    def test_strict_base64(self):
        texts = ["", "AA==", "AAA=", "AAAA", "AB==", "AAB=", "AA", "AA=", "A===", "AA==\n", " AA==", "AA==AA==",
                 "-_8=", "é"]
        self.assertEqual(self.browser.evaluate(f"{json.dumps(texts)}.map(text => unit.fromBase64(text) !== null)"),
                         [True] * 4 + [False] * 10)

    def test_signatures_in_der(self):
        one, large, long = "020101", "022100" + "ff" * 32, "022101" + "00" * 32
        for der, isGood in (
                ("3006" + one + one, True), ("3026" + large + one, True), ("3026" + long + one, False),
                ("300702020001" + one, False), ("3006020181" + one, False), ("30050200" + one, False),
                ("308106" + one + one, False), ("3006" + one + one + "00", False), ("3007" + one + one + "00", False),
                ("3003" + one, False), ("3006030101" + one, False), ("3106" + one + one, False), ("", False),
                ("30", False), ("3080" + one + one + "0000", False), ("30060201010202", False)):
            with self.subTest(der):
                found = self.browser.evaluate(
                    f"(raw => raw && unit.toHex(raw))(unit.rawFromDER(Uint8Array.from({list(bytes.fromhex(der))})))")
                self.assertEqual(found is not None, isGood)
                if isGood:
                    self.assertEqual(len(found), 128)
                    self.assertEqual(int(found[64:], 16), 1)

    def proven(self, function, cases):
        return self.browser.evaluate(f"trees.{function}({json.dumps(cases)})")

    def test_inclusion_in_trees_of_every_small_size(self):
        good, bad = [], []
        for size in range(1, 14):
            leaves = [leaf_hash(bytes([number])) for number in range(size)]
            root = root_of(leaves).hex()
            for index in range(size):
                path = [each.hex() for each in inclusion_path(leaves, index)]
                case = [leaves[index].hex(), index, size, path, root]
                good.append(case)
                bad += [[*case[:3], path + [root], root], [*case[:4], ELSEWHERE], [ELSEWHERE, *case[1:]]]
                bad += [[*case[:3], path[:-1], root], [*case[:3], path[1:], root]] * (path != [])
                bad += [[case[0], index + size, *case[2:]], [case[0], size, *case[2:]]]
                bad += [[case[0], other, *case[2:]] for other in range(size) if other != index]
        self.assertEqual(self.proven("included", good), [True] * len(good))
        self.assertEqual(self.proven("included", bad), [False] * len(bad))

    def test_inclusion_where_positions_do_not_fit_into_32_bits(self):
        index, leaf = 0b1011 << 40 | 5, leaf_hash(b"leaf")
        path, root = [hashlib.sha256(bytes([level])).digest() for level in range(44)], leaf
        for level, sibling in enumerate(path):
            pair = sibling + root if index >> level & 1 else root + sibling
            root = hashlib.sha256(b"\1" + pair).digest()
        case = [leaf.hex(), index, 1 << 44, [each.hex() for each in path], root.hex()]
        others = [[case[0], other, *case[2:]] for other in (5, index - 1, index - (1 << 41), index & 0xffffffff)]
        self.assertEqual(self.proven("included", [case, *others]), [True] + [False] * 4)

    def test_consistency_of_trees_of_every_small_size(self):
        good, bad = [], []
        for later in range(1, 14):
            leaves = [leaf_hash(bytes([number])) for number in range(later)]
            whole = root_of(leaves).hex()
            for size in range(later + 1):
                root = (root_of(leaves[:size]) if size else hashlib.sha256(b"").digest()).hex()
                path = [each.hex() for each in consistency_path(leaves, size)]
                good.append([size, root, later, whole, path])
                bad += [[size, root, later, whole, path + [ELSEWHERE]], [size, ELSEWHERE, later, whole, path]]
                bad += [[size, root, later, ELSEWHERE, path]] * (size > 0)
                bad += [[size, root, later, whole, path[:-1]], [size, root, later, whole, path[1:]]] * (path != [])
                bad += [[later + 1, root, later, whole, path]]
        self.assertEqual(self.proven("consistent", good), [True] * len(good))
        self.assertEqual(self.proven("consistent", bad), [False] * len(bad))

    def test_the_order_of_bytes(self):
        texts = ["", "a", "aa", "b", "\x7f", "\u00e9", "\ud7ff", "\ue000", "\uffee", "\uffff",
                 "\U00010000", "\U0001f600"]
        pairs = [(one, other) for one in texts for other in texts]
        found = self.browser.evaluate(f"{json.dumps(pairs)}.map(([one, other]) => unit.isBefore(one, other))")
        self.assertEqual(found, [one.encode() < other.encode() for one, other in pairs])

    def test_the_scripts_can_stand_in_a_page(self):
        text = scripts()
        self.assertNotIn("</script", text.lower())
        self.assertNotIn("<!--", text)
        self.assertEqual(sorted(PAGE_SCRIPTS), sorted(path.name for path in SOURCES.glob("*.js")
                                                      if path.name not in UI_SCRIPTS))
        for word in ("innerHTML", "eval(", "document.", "fetch(", "\nimport ", "\nexport "):
            self.assertNotIn(word, text)


class Driver(InBrowser, Scenario):
    """What the other tests rely on: that a page's faults and requests are seen, and that nothing hangs."""

    def opened(self, body):
        self.browser.open(self.write("page.html", f"<!doctype html><meta charset='utf-8'>{body}"))

    def test_faults_and_requests_are_seen(self):
        self.opened("<script>console.error('one'); setTimeout(() => { throw new Error('two'); })</script>")
        self.browser.evaluate("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(["one" in self.browser.errors[0], "two" in self.browser.errors[1]], [True, True])
        self.opened("<img src='https://example.com/x.png'>")
        self.assertEqual(self.browser.requests, ["https://example.com/x.png"])
        self.browser.errors.clear()
        self.browser.requests.clear()

    def test_what_does_not_end_or_fails_is_an_error(self):
        self.opened("")
        for expression, error in (("Promise.reject(new Error('no'))", ScriptError), ("nothing.here", ScriptError),
                                  ("new Promise(() => {})", ChromiumError)):
            with self.subTest(expression), self.assertRaises(error):
                self.browser.evaluate(expression, timeout=0.3)
        self.assertEqual(self.browser.evaluate("[1, {a: null}, '\u00e9']"), [1, {"a": None}, "\u00e9"])

    def test_pictures_print_and_files(self):
        self.opened("<style>@media (prefers-color-scheme: dark) { html { background: #000 } }</style>"
                    "<input type='file'>")
        for name, dark in (("light.png", False), ("dark.png", True)):
            self.browser.screenshot(self.path(name), 320, 200, dark)
            self.assertEqual(self.browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"), dark)
        light, dark = (self.path(name).read_bytes() for name in ("light.png", "dark.png"))
        self.assertEqual([struct.unpack(">2L", each[16:24]) for each in (light, dark)], [(320, 200)] * 2)
        self.assertNotEqual(light, dark)
        self.browser.print_pdf(self.path("page.pdf"))
        self.assertEqual(self.path("page.pdf").read_bytes()[:5], b"%PDF-")
        self.browser.set_file("input", self.write("chosen", "content"))
        self.assertEqual(self.browser.evaluate("document.querySelector('input').files[0].text()"), "content")


# What the page itself adds to the verifier: these touch the document, and stand after PAGE_SCRIPTS.
UI_SCRIPTS = ["page.js"]


if __name__ == "__main__":
    unittest.main()
