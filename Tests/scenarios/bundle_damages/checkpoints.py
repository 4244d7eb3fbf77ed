"""Checkpoints, seals, and what both are said to be of."""
from bundle_damages.hands import ELSEWHERE, made, manifest, put, signed_text
from bundle_maker import example, example_log, key


def old_checkpoint(bundle):
    bundle = bundle.copy()
    bundle["checkpoint.txt"] = bundle.log.checkpoint(8)
    return bundle.list_files()


def checkpoint(**options):
    def damage(bundle):
        bundle = bundle.copy()
        return bundle.put("checkpoint.txt", bundle.log.checkpoint(len(bundle.log.events), **options)).zip()
    return damage


CHECKPOINTS = [
    ("a checkpoint of another key", checkpoint(signer="other"), {"checkpoint"}),
    ("a checkpoint of another root", checkpoint(root=bytes(32)), {"checkpoint", "entry", "proof"}),
    ("a checkpoint of another origin", checkpoint(origin="example.com/b"), {"checkpoint"}),
    ("no checkpoint", signed_text("checkpoint.txt", lambda _: b"hello\n"), {"checkpoint"}),
    ("an empty checkpoint", signed_text("checkpoint.txt", lambda _: b""), {"checkpoint"}),
    ("an older checkpoint", lambda bundle: old_checkpoint(bundle).zip(), {"checkpoint", "entry", "proof"}),
    ("the origin of another", manifest(put("ledger", "origin", to="example.com/b")), {"checkpoint", "entry"}),
    ("the key of another", manifest(put("ledger", "key", to=key("other").verifier())), {"trusted-key", "entry"}),
    ("the key under another name", manifest(put("ledger", "key", to=key("ledger").verifier("example.com/b"))),
     {"trusted-key", "entry"}),
    ("a false size of the checkpoint", manifest(put("checkpoint", "size", to=23)), {"checkpoint", "seal"}),
    ("a false root of the checkpoint", manifest(put("checkpoint", "root", to=ELSEWHERE)), {"checkpoint"}),
]


def sealed(**data):
    return lambda: example_log(seal=lambda log: log.seal(**data))


def late_log():
    """A ledger that goes on after its seal."""
    return example_log(seal=lambda log: (log.seal(), log.append("com.example.afterwards", "later")))


def late_seal(log):
    """An entry comes between the state that is sealed and the seal."""
    state = log.state()
    log.append("com.example.afterwards", "later")
    log.seal(**state)


SEALS = [
    ("a false root of the index", manifest(put("seal", "root", to=ELSEWHERE)), {"seal", "key", "absence"}),
    ("a false number of keys", manifest(put("seal", "keys", to=99)), {"seal", "key", "absence"}),
    ("a false size", manifest(put("seal", "size", to=20)), {"seal"}),
    ("a seal at a position that is not bundled", manifest(put("seal", "position", to=20)), {"seal"}),
    ("a seal that is another entry", manifest(put("seal", "position", to=19)), {"seal"}),
    ("a seal of a false root", made(sealed(root=ELSEWHERE)), {"key", "absence"}),
    ("a seal with one member more", made(sealed(more=1)), {"seal"}),
    ("a seal of its own position", made(lambda: example().changed(put(-1, "data", "size", to=22)),
                                        index=example().index(21)), {"seal"}),
    ("a seal of another subject", made(lambda: example().changed(put(-1, "subject", to="elsewhere"))), {"seal"}),
    ("a checkpoint that covers more than the seal", made(late_log, seal=21, size_of_checkpoint=23), {"seal"}),
    ("an entry after the seal", made(late_log, seal=21, size_of_checkpoint=23, positions=[1, 6, 22]), {"seal"}),
    ("an entry that the seal does not cover", made(lambda: example_log(seal=late_seal), positions=[1, 6, 21]), {"seal"}),
]
