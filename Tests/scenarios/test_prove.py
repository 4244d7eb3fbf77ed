"""Proofs, checked by a verifier of RFC 6962 trees written for these tests."""
import concurrent.futures

from scenario import BAD_INPUT, NO_INPUT, USAGE, Scenario
from trees import parse_checkpoint, parse_consistency, parse_proof, root_of, verifies_consistency, verifies_inclusion

BEYOND = ("9223372036854775807", "9223372036854775808", "18446744073709551615")


class Prove(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def leaves(self):
        return [bytes.fromhex(line["hash"]) for line in self.log()]

    def test_every_position_of_a_ledger_of_300_is_proved(self):
        self.fill(299)
        leaves = self.leaves()
        root = root_of(leaves)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            proofs = pool.map(lambda position: self.ok("prove", str(position)).out, range(300))
        for position, text in enumerate(proofs):
            index, path, note = parse_proof(text)
            self.assertEqual(index, position)
            self.assertEqual(parse_checkpoint(note), ("example.com/shop", 300, root))
            self.assertTrue(verifies_inclusion(leaves[position], position, 300, path, root), text)
            self.assertFalse(verifies_inclusion(leaves[position - 1], position, 300, path, root), text)

    def test_consistency_from_every_older_checkpoint_at_several_sizes(self):
        for size in (1, 2, 3, 255, 256, 257, 511, 513, 700):
            missing = size - self.size()
            if missing:
                self.fill(missing, start=size * 1000)
            leaves = self.leaves()
            root = root_of(leaves)
            olds = {0, 1, 2, 3, 127, 128, 129, 254, 255, 256, 257, 300, 511, 512, 513, size - 1, size}
            for old in sorted(o for o in olds if o <= size):
                with self.subTest(size=size, old=old):
                    text = self.ok("prove", "--from", str(old)).out
                    stated, path, note = parse_consistency(text)
                    self.assertEqual((stated, parse_checkpoint(note)), (old, ("example.com/shop", size, root)))
                    self.assertTrue(verifies_consistency(old, size, path, root_of(leaves[:old]), root), text)
                    if 0 < old < size:
                        self.assertFalse(verifies_consistency(old, size, path, root_of(leaves[1:old + 1]), root), text)

    def test_json_holds_the_same_text(self):
        self.fill(5)
        for arguments in (["2"], ["--from", "2"]):
            self.assertEqual(self.ok("prove", *arguments, "-o", "json").json, {"proof": self.ok("prove", *arguments).out})

    def test_the_checkpoint_in_a_proof_is_the_newest_and_verifies_later(self):
        self.fill(5)
        note = parse_proof(self.ok("prove", "2").out)[2]
        self.assertEqual(note, self.ok("checkpoint").out)
        self.fill(5, start=100)
        self.assert_sound("--checkpoint", self.write("kept", note))

    def test_beyond_the_end_there_is_nothing_to_prove(self):
        for position in ("1", "2", *BEYOND):
            with self.subTest(position):
                result = self.run_daybook("prove", position)
                self.assertIn(result.code, (BAD_INPUT, NO_INPUT), repr(result))
                self.check_refusal(result, result.code)
        for size in ("2", *BEYOND):
            with self.subTest(size=size):
                result = self.run_daybook("prove", "--from", size)
                self.assertIn(result.code, (BAD_INPUT, NO_INPUT), repr(result))
                self.check_refusal(result, result.code)

    def test_refuses_what_is_no_position(self):
        for text in ("-1", "x", "", "1.5", "99999999999999999999", "0x1", " 1"):
            with self.subTest(text):
                self.refused(USAGE, "prove", "--", text)
                self.refused(USAGE, "prove", f"--from={text}")

    def test_needs_either_a_position_or_an_older_size(self):
        self.refused(USAGE, "prove")
        self.refused(USAGE, "prove", "0", "--from", "1")
