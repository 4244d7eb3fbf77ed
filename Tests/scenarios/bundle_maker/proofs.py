"""Paths through trees (RFC 6962), and the index (index.md)."""
import hashlib

from forging import canonical
from trees import leaf_hash, root_of


def inclusion_path(leaves, index):
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if index < k:
        return inclusion_path(leaves[:k], index) + [root_of(leaves[k:])]
    return inclusion_path(leaves[k:], index - k) + [root_of(leaves[:k])]


def consistency_path(leaves, size):
    """RFC 6962 §2.1.2."""
    def subproof(leaves, size, whole):
        if size == len(leaves):
            return [] if whole else [root_of(leaves)]
        k = 1 << (len(leaves) - 1).bit_length() - 1
        if size <= k:
            return subproof(leaves[:k], size, whole) + [root_of(leaves[k:])]
        return subproof(leaves[k:], size - k, False) + [root_of(leaves[:k])]
    return [] if size == 0 else subproof(leaves, size, True)


def fold(hashes, count=0, accumulator=bytes(32)):
    for each in hashes:
        count, accumulator = count + 1, hashlib.sha256(b"\2" + accumulator + each).digest()
    return {"count": count, "acc": accumulator.hex()}


class Index:
    """The index over some entries, given as (keys, hash)."""

    def __init__(self, entries):
        members = {}
        for keys, each in entries:
            for name in keys:
                members.setdefault(name, []).append(each)
        self.keys = sorted(members, key=str.encode)
        self.folded = {name: fold(members[name]) for name in self.keys}
        self.leaves = [leaf_hash(canonical({"key": name, **self.folded[name]}).encode()) for name in self.keys]
        self.root = root_of(self.leaves).hex()

    def leaf(self, name):
        number = self.keys.index(name)
        path = [each.hex() for each in inclusion_path(self.leaves, number)]
        return {"key": name, "index": number, **self.folded[name], "path": path}

    def absence(self, name):
        after = sum(each.encode() < name.encode() for each in self.keys)
        return {"key": name, "left": self.leaf(self.keys[after - 1]) if after else None,
                "right": self.leaf(self.keys[after]) if after < len(self.keys) else None}
