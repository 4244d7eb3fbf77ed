"""Claims of a release: that all of a key is shown, and that there is none of another."""
from bundle_damages.hands import APPROVALS, ELSEWHERE, OWN, drop, manifest, manifest_and_proofs, proofs, put
from bundle_maker import KEY_TRUSTED, OVERRIDE, example, fold, release_bundle


def leaf(name, **other):
    return {**example().index(21).leaf(name), **other}


def old_leaf(name):
    return example().index(9).leaf(name)


def absent(name, left, right, positions=(1, 6)):
    """A bundle that says that there is no entry with a key, by these leaves."""
    def damage(bundle):
        bundle = bundle.copy()
        query = {"complete": [OWN], "absent": sorted([name, OVERRIDE])}
        forged = {"key": name, "left": left and leaf(left) if not isinstance(left, dict) else left,
                  "right": right and leaf(right) if not isinstance(right, dict) else right}
        bundle.edit("proofs.json", lambda value: value.update(absent=sorted(
            [value["absent"][1], forged], key=lambda each: each["key"])))
        return bundle.edit("manifest.json", put("query", to=query)).zip()
    return damage


LATER = "type:com.example.later"
BEFORE_LATER, AFTER_LATER = f"type:{'com.example.deploy.started'}", "type:dev.daybook.approval.recorded.v1"
KEYS = [
    *[(f"a leaf with {to!r:.5} for its {what}", proofs(put("complete", 0, what, to=to)), {"key"})
      for what, to in (("index", 0), ("index", 99), ("count", 4), ("acc", ELSEWHERE), ("path", []))],
    ("a leaf's path with one hash more", proofs(lambda value: value["complete"][0]["path"].append(ELSEWHERE)), {"key"}),
    ("a leaf of an older index", proofs(lambda value: value["complete"][0].update(old_leaf(OWN))), {"key"}),
    ("a position less", proofs(drop("complete", 0, "positions", 0)), {"key"}),
    ("a position twice", proofs(lambda value: value["complete"][0]["positions"].append(APPROVALS[1])), {"key"}),
    ("a position of another key", proofs(put("complete", 0, "positions", 0, to=1)), {"key"}),
    ("a position that is not bundled", proofs(put("complete", 0, "positions", 0, to=2)), {"key"}),
    ("positions in another order", proofs(lambda value: value["complete"][0]["positions"].reverse()), {"key"}),
    ("a release that begins late", proofs(lambda value: value["complete"][0].update(
        positions=value["complete"][0]["positions"][1:], before=fold([example().hashes[3]]))), {"key"}),
    ("a release that ends early", proofs(lambda value: value["complete"][0].update(
        positions=value["complete"][0]["positions"][:-1], after=[example().hashes[19].hex()])), {"key"}),
    ("before of nothing with another accumulator", proofs(put("complete", 0, "before", "acc", to=ELSEWHERE[:-1] + "1")),
     {"key"}),
    ("a key without its proof", proofs(put("complete", to=[])), {"key"}),
    ("a proof without its key", manifest(put("query", "complete", to=[])), {"key", "scope"}),
    ("neither key nor proof", manifest_and_proofs(put("query", "complete", to=[]), put("complete", to=[])), {"scope"}),
    ("proofs of two keys in another order", lambda _: release_bundle(complete=[OWN, "subject:build/7"]).edit(
        "proofs.json", lambda value: value["complete"].reverse()).zip(), {"key"}),
    ("the scope of another release", manifest(put("scope", "release", to="release/shop/1.4.0")), {"scope"}),
]
ABSENCES = [
    ("no override, although there is the type to its left", absent(LATER, BEFORE_LATER, AFTER_LATER), {"absence"}),
    ("absence with indexes that only look adjacent", absent(
        LATER, BEFORE_LATER, leaf(AFTER_LATER, index=leaf(BEFORE_LATER)["index"] + 1)), {"absence"}),
    ("absence by the key itself on the left", absent(LATER, LATER, AFTER_LATER), {"absence"}),
    ("absence by the key itself on the right", absent(LATER, BEFORE_LATER, LATER), {"absence"}),
    ("absence without a left leaf", absent(LATER, None, AFTER_LATER), {"absence"}),
    ("absence without a right leaf", absent(LATER, BEFORE_LATER, None), {"absence"}),
    ("absence without a leaf", absent(LATER, None, None), {"absence"}),
    ("absence by an older index", absent(LATER, old_leaf("type:com.example.build.done"), old_leaf(
        "type:com.example.deploy.started")), {"absence"}),
    ("absence of a key that a bundled entry has", absent(
        f"type:{KEY_TRUSTED}", "type:dev.daybook.checkpoint.timestamped.v1", "type:dev.daybook.ledger.created.v1"),
     {"absence"}),
    ("absence beyond the right end, which is not the end", absent("type:e", LATER, None), {"absence"}),
    ("absence before the left end, which is not the end", absent("subject:!", None, LATER), {"absence"}),
    ("absence with a changed path", proofs(put("absent", 1, "right", "path", 0, to=ELSEWHERE)), {"absence"}),
    ("absence with a changed key", proofs(put("absent", 1, "right", "key", to="type:zzz")), {"absence"}),
    ("absence with its leaves swapped", proofs(lambda value: value["absent"][1].update(
        left=value["absent"][1]["right"], right=value["absent"][1]["left"])), {"absence"}),
    ("absence in another order", proofs(lambda value: value["absent"].reverse()), {"absence"}),
    ("an absence less", proofs(drop("absent", 0)), {"absence"}),
    ("an absence of another key", proofs(put("absent", 1, "key", to="type:dev.daybook.override.granted.v2")), {"absence"}),
    ("an absence more", manifest(drop("query", "absent", 1)), {"absence"}),
]
