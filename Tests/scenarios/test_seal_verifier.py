"""tools/verify.py on seals of the index, in ledgers that their owner has written anew with them."""
import json
import os
import random
import unittest

import forging
import forking
from bundle_maker import SEALED, Index
from scenario import VERIFIER, Scenario, damage
from trees import entry_hash

SEED = int(os.environ.get("DAYBOOK_TEST_SEED", random.randrange(2**32)))


def keys_of(event):
    return [f"type:{event['type']}"] + ([f"subject:{event['subject']}"] if "subject" in event else [])


def state(texts, size):
    """The data of a seal of the first `size` of these events."""
    entries, previous = [], bytes(32)
    for text in texts[:size]:
        previous = entry_hash(previous, text.encode())
        entries.append((keys_of(json.loads(text)), previous))
    index = Index(entries)
    return {"keys": len(index.keys), "root": index.root, "size": size}


def add_seal(texts, covers=None, subject="ledger", **other):
    """Adds a seal of the first so many entries, by default of all. None leaves a member out of its data."""
    events = [json.loads(text) for text in texts]
    data = {**state(texts, covers or len(texts)), **other}
    version = 1 + sum(event.get("subject") == subject for event in events)
    texts.append(forging.canonical({
        "specversion": "1.0", "id": f"seal-{len(texts)}", "source": "//tests/seals", "type": SEALED, "subject": subject,
        "streamversion": version, "recordedtime": events[-1]["recordedtime"],
        "data": {name: value for name, value in data.items() if value is not None}}))


@unittest.skipUnless(VERIFIER.is_file(), f"{VERIFIER} is missing")
class Seals(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(20)
        self.verifiers = forking.Verifiers(str(VERIFIER), self.environment)
        self.addCleanup(self.verifiers.close)

    def forge(self, change):
        damage(self.path("evidence.db"),
               lambda connection: forging.forge(connection, str(self.path("evidence.key")), change))

    def findings(self, *arguments):
        done = self.verifiers.run(self.folder, "evidence.db", "-o", "json", "--key", self.vkey, *arguments)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 11 if report["findings"] else 0, report)
        return {(finding["position"], finding["kind"]) for finding in report["findings"]}, report

    def seals(self):
        """The positions of the seals that are found bad."""
        return {position for position, kind in self.findings()[0] if kind == "seal"}

    def test_good_ones(self):
        def change(texts):
            add_seal(texts)
            add_seal(texts, covers=1)
            add_seal(texts, covers=7)
            add_seal(texts, covers=7)
            add_seal(texts)
        self.forge(change)
        found, report = self.findings()
        self.assertEqual(found, set())
        self.assertIn("seal", report["checked"])
        self.assertNotIn("seal", self.findings("--quick")[1]["checked"])

    def test_bad_ones(self):
        cases = {
            "another root": {"root": "0" * 64}, "a root in capitals": {"root": "A" * 64}, "a short root": {"root": "00"},
            "a number for a root": {"root": 7}, "a key less": {"keys": 9}, "a key more": {"keys": 11},
            "keys as text": {"keys": "9"}, "keys with a fraction": {"keys": 9.5}, "no keys": {"keys": None},
            "no root": {"root": None}, "no size": {"size": None}, "one member more": {"more": 1},
            "size as text": {"size": "20"}, "true for a size": {"size": True}, "another subject": {"subject": "ledgers"},
            "size 0": {"size": 0}, "a size below 0": {"size": -1}, "another size": {"size": 4}}

        def change(texts):
            for other in cases.values():
                add_seal(texts, covers=20, **other)
        self.forge(change)
        self.assertEqual(self.seals(), set(range(21, 21 + len(cases))))

    def test_a_size_beyond_its_position(self):
        def change(texts):
            add_seal(texts, covers=21)
            add_seal(texts)
            texts[-1] = texts[-1].replace('"size":22', '"size":23')
        self.forge(change)
        self.assertEqual(self.findings()[0], {(22, "seal")})

    def test_where_the_index_is_unknown_seals_are_checked_in_their_form_alone(self):
        def change(texts):
            add_seal(texts, covers=10, root="0" * 64)
            add_seal(texts, covers=11, root="0" * 64)
            add_seal(texts, covers=11, root="")
            texts[10] = texts[10].replace('"note":', '"note" :')
        self.forge(change)
        self.assertEqual(self.seals(), {21, 23})

    def test_a_gap_makes_the_index_unknown(self):
        self.forge(lambda texts: (add_seal(texts, covers=5), add_seal(texts, covers=5, keys=99), add_seal(texts, keys=99)))
        damage(self.path("evidence.db"), "DELETE FROM entries WHERE position = 12")
        self.assertEqual(self.seals(), {22})

    def test_a_hash_that_is_none_makes_the_index_unknown(self):
        self.forge(lambda texts: (add_seal(texts, covers=5, keys=99), add_seal(texts, keys=99)))
        damage(self.path("evidence.db"), "PRAGMA ignore_check_constraints = ON",
               "UPDATE entries SET hash = x'00' WHERE position = 12")
        self.assertEqual(self.seals(), {21})

    def test_a_stored_hash_that_is_wrong_is_the_one_that_counts(self):
        self.forge(add_seal)
        damage(self.path("evidence.db"), "UPDATE entries SET hash = zeroblob(32) WHERE position = 12")
        self.assertLessEqual({(12, "hash"), (21, "seal")}, self.findings()[0])

    def test_what_only_looks_like_a_seal_is_none(self):
        self.append("--type", "dev.daybook.ledger", "--subject", "ledger-not", "--data",
                    '{"type":"dev.daybook.ledger.sealed.v1","keys":0}')
        self.assertEqual(self.findings()[0], set())

    def test_random_seals(self):
        chance = random.Random(SEED)
        with self.subTest(f"DAYBOOK_TEST_SEED={SEED}"):
            wrong = set()

            def change(texts):
                for _ in range(30):
                    if chance.random() < 0.2:
                        wrong.add(len(texts))
                    other = {"keys": 999} if len(texts) in wrong else {}
                    add_seal(texts, covers=chance.randrange(1, len(texts) + 1), **other)
            self.forge(change)
            self.assertEqual(self.findings()[0], {(position, "seal") for position in wrong})


if __name__ == "__main__":
    unittest.main()
