"""Roots, inclusion and consistency proofs are those of PyPI's `pymerkle`."""
import unittest

from common import Scenario, event, parse_checkpoint, parse_consistency, parse_proof, seeded, verifies_consistency

try:
    from pymerkle import InmemoryTree, verify_consistency
except ImportError:
    InmemoryTree = None


@unittest.skipUnless(InmemoryTree, "the package pymerkle is not installed")
class MerkleTree(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def grow(self, count):
        self.fill(count, start=self.size() * 1000)

    def other(self):
        """The same leaf data in a tree of pymerkle's."""
        tree = InmemoryTree(algorithm="sha256")
        previous = bytes(32)
        for line in self.ok("log", "-o", "json").raw.splitlines():
            event_bytes = line[len(b'{"event":'):line.rindex(b',"hash":"')]
            index = tree.append_entry(previous + event_bytes)
            previous = tree.get_leaf(index)
        return tree

    def inclusion(self, tree, position, size):
        """pymerkle's path starts with the leaf itself."""
        return list(tree.prove_inclusion(position + 1, size).path[1:])

    def consistency(self, tree, old, size):
        """RFC 6962 §2.1.2, with pymerkle's own hashes of the subtrees: the proof that it makes itself lists further nodes."""
        def subproof(m, start, end, is_whole):
            if m == end - start:
                return [] if is_whole else [tree._get_root(start, end)]
            k = 1 << (end - start - 1).bit_length() - 1
            if m <= k:
                return [*subproof(m, start, start + k, is_whole), tree._get_root(start + k, end)]
            return [*subproof(m - k, start + k, end, False), tree._get_root(start, start + k)]
        return subproof(old, 0, size, True)

    def test_pymerkle_and_we_agree_that_the_proofs_hold(self):
        self.grow(200)
        tree = self.other()
        for old in range(1, 201):
            state, root = tree.get_state(old), tree.get_state()
            verify_consistency(state, root, tree.prove_consistency(old, 201))
            path = self.consistency(tree, old, 201)
            self.assertTrue(verifies_consistency(old, 201, path, state, root), old)

    def test_random_trees(self):
        draw = seeded("trees")
        for size in sorted({1, 2, 3, 4, 5, 8, 255, 256, 257, 512, 513, *(draw.randint(6, 1200) for _ in range(10))}):
            if size > self.size():
                self.grow(size - self.size())
            tree = self.other()
            root = tree.get_state()
            with self.subTest(size=size):
                self.assertEqual(self.ok("head", "-o", "json").json["root"], root.hex())
                self.assertEqual(parse_checkpoint(self.ok("checkpoint").out)[1:], (size, root))
                for position in {0, size - 1, *(draw.randrange(size) for _ in range(4))}:
                    index, path, _ = parse_proof(self.ok("prove", str(position)).out)
                    self.assertEqual((index, path), (position, self.inclusion(tree, position, size)))
                for old in {1, size, *(draw.randint(1, size) for _ in range(6))}:
                    stated, path, _ = parse_consistency(self.ok("prove", "--from", str(old)).out)
                    self.assertEqual((stated, path), (old, self.consistency(tree, old, size)), f"from {old}")

    def test_every_stored_checkpoint_is_the_root_of_its_size(self):
        receipts = self.batch([event(i) for i in range(400)], "--chunk", "37").lines
        tree = self.other()
        for receipt in receipts:
            _, size, root = parse_checkpoint(receipt["checkpoint"])
            self.assertEqual(root, tree.get_state(size))
            self.assertEqual(receipt["hash"], tree.get_leaf(receipt["position"] + 1).hex())
