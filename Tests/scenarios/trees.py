"""RFC 6962 trees and C2SP's texts, written from the RFC and the specifications for these tests."""
import base64
import hashlib


def leaf_hash(data):
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return node_hash(root_of(leaves[:k]), root_of(leaves[k:]))


def entry_hash(previous, event_bytes):
    return leaf_hash(previous + event_bytes)


def verifies_inclusion(leaf, index, size, path, root):
    """RFC 9162 §2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def verifies_consistency(first, second, path, first_root, second_root):
    """RFC 9162 §2.1.4.2."""
    if first == 0:
        return path == []
    if first == second:
        return path == [] and first_root == second_root
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root and sn == 0


def parse_checkpoint(note):
    """Origin, size, root of a signed checkpoint; its signature is not looked at."""
    text = note[:note.rindex("\n\n") + 1]
    origin, size, root = text.split("\n")[:3]
    return origin, int(size), base64.b64decode(root, validate=True)


def parse_proof(text):
    """A C2SP transparency proof: index, path, checkpoint."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1", text
    assert lines[1].startswith("index "), text
    return int(lines[1][6:]), [base64.b64decode(line, validate=True) for line in lines[2:]], note


def parse_consistency(text):
    """The body of a C2SP witness's add-checkpoint: old size, path, checkpoint."""
    head, _, note = text.partition("\n\n")
    lines = head.split("\n")
    assert lines[0].startswith("old "), text
    return int(lines[0][4:]), [base64.b64decode(line, validate=True) for line in lines[1:]], note
