"""Timestamps of checkpoints, and the tokens of their authorities."""
from bundle_damages.hands import ELSEWHERE, drop, flip, made, of_attachment, proofs, text, without
from bundle_maker import authority, example, example_log


def stamped(**options):
    return made(lambda: example_log(stamp=lambda log: log.stamp(5, **options)))


TIMESTAMP_DAMAGES = [(what, change, {"timestamp"}) for what, change in [
    ("a timestamp of another root", stamped(root=ELSEWHERE)),
    ("a timestamp of another size", stamped(size=8)),
    ("a timestamp of a size as text", stamped(size="5")),
    ("a timestamp at no time", stamped(time="2026-02-01")),
    ("a timestamp with one member more", stamped(more=1)),
    ("a timestamp of another key's checkpoint", made(lambda: example_log(
        stamp=lambda log: log.stamp(5, log.checkpoint(5, signer="other"))))),
    ("a timestamp of another root's checkpoint", made(lambda: example_log(
        stamp=lambda log: log.stamp(5, log.checkpoint(5, root=bytes(32)))))),
    ("a timestamp of no checkpoint", stamped(text=b"hello\n")),
    ("a timestamp without a consistency path", proofs(drop("consistency", 0))),
    ("a timestamp with its attachments swapped", made(lambda: example().changed(
        lambda events: events[6]["data"]["attachments"].reverse()))),
    ("a timestamp without its token", made(lambda: example().changed(
        lambda events: events[6]["data"]["attachments"].pop()))),
]]
# With the authority's certificates.
TOKEN_DAMAGES = [
    ("a good timestamp", lambda bundle: bundle.zip(), set()),
    ("a token of another checkpoint", stamped(stamped=b"hello\n"), {"timestamp"}),
    ("a token by SHA-512", stamped(digest="sha512"), {"timestamp"}),
    ("a token of another time", stamped(time="2026-02-01T10:00:00.000000Z"), {"timestamp"}),
    ("a token that is none", made(lambda: example_log(stamp=lambda log: log.stamp(5, response=b"hello"))), {"timestamp"}),
    ("a token of another authority", made(lambda: example_log(
        stamp=lambda log: log.stamp(5, response=authority("stranger").stamp(log.checkpoint(5))[0]))), {"timestamp"}),
    ("a token changed", of_attachment("timestamp.tsr", text, flip), {"manifest", "attachment", "timestamp"}),
    ("a token left out", of_attachment("timestamp.tsr", without, True), {"attachment", "timestamp"}),
]
