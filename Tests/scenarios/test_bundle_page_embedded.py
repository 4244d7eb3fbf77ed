"""What the page of a bundle checks of itself, by the verifier in the browser."""
import copy
import json
import time
import unittest
import zipfile

import bundle_damages
from bundle_damages import ELSEWHERE, LARGEST, both, drop, put
from bundle_maker import DEPLOYED, OVERRIDE, Log, example, key, make, population_bundle, release_bundle
from bundle_page import EMBEDDED_KINDS, PageCase, evidence
from test_bundle import kinds


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


if __name__ == "__main__":
    unittest.main()
