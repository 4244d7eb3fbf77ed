"""What somebody makes long, so that a verifier takes long or says too much."""
from bundle_damages.archives import with_member
from bundle_damages.hands import ELSEWHERE, manifest, manifest_and_proofs, proofs, put
from forging import canonical


def crowded(number):
    """That many entries of a type, none of them an entry of the log, and as many claims that all of them are shown."""
    def damage(bundle):
        bundle, key = bundle.copy(), "type:t"
        raw = [canonical({"id": str(each), "recordedtime": "2026-02-01T10:30:00.000000Z", "source": "a",
                          "specversion": "1.0", "type": "t"}).encode() + b"\n" for each in range(number)]
        bundle["entries.jsonl"] = bundle["entries.jsonl"].splitlines(True)[0] + b"".join(raw)
        claim = {"key": key, "index": 0, "count": 1, "acc": ELSEWHERE, "path": [], "positions": [],
                 "before": {"count": 0, "acc": ELSEWHERE}, "after": []}

        def change(value):
            value["entries"][1:] = [{"position": each + 1, "previous": ELSEWHERE, "hash": ELSEWHERE, "path": []}
                                    for each in range(number)]
            value["complete"] = [claim] * number
        bundle.edit("proofs.json", change)
        return bundle.edit("manifest.json", lambda value: value["seal"].update(position=number + 1, size=number + 1)).zip()
    return damage


def asked_for_all(number):
    """Claims, and questions, for that many keys that nothing in the log has; positions of nothing, and subjects."""
    def damage(bundle):
        keys = [f"subject:{each:06}" for each in range(number)]
        leaf = {"index": 0, "count": 1, "acc": ELSEWHERE, "path": [ELSEWHERE] * 9}
        claims = [{"key": key, **leaf, "positions": [], "before": {"count": 0, "acc": ELSEWHERE}, "after": []}
                  for key in keys]
        return manifest_and_proofs(
            lambda value: value["query"].update(complete=keys + value["query"]["complete"], absent=keys),
            lambda value: value.update(complete=claims + value["complete"], absent=[
                {"key": key, "left": {"key": key, **leaf}, "right": None} for key in keys]))(bundle)
    return damage


# Each takes a verifier no longer than ENOUGH seconds, and no fault is told in more than PLENTY characters.
ENOUGH, PLENTY = 10, 1000
FLOODS = [
    ("a claim a thousand times", proofs(lambda value: value.update(complete=value["complete"] * 1000)), {"key"}),
    ("an absence a thousand times", proofs(lambda value: value.update(absent=value["absent"] * 1000)), {"absence"}),
    ("two thousand entries, and as many claims", crowded(2000), {"entry", "seal", "key", "attachment", "statement"}),
    ("two thousand keys to look for", asked_for_all(2000), {"key", "absence"}),
    ("a hundred thousand positions of nothing", proofs(put("complete", 0, "positions", to=list(range(100, 100_100)))), {"key"}),
    ("a position ten thousand times", proofs(put("complete", 0, "positions", to=[3] * 10_000)), {"key"}),
    ("ten thousand consistency paths", proofs(lambda value: value["consistency"].extend(
        {"size": size, "root": ELSEWHERE, "path": []} for size in range(30, 10_030))), {"proof"}),
    ("very many files that are not there", manifest(lambda value: value.update(files=sorted(value["files"] + [
        {**value["files"][0], "path": f"more/{each:06}"} for each in range(150_000)], key=lambda file: file["path"]))),
     {"manifest"}),
    ("ten thousand hashes withheld", manifest(put("withheld", to=[f"{each:064x}" for each in range(10_000)])), {"attachment"}),
    ("a text of three million escapes", manifest(put("tool", "name", to=["\n" * 3_000_000])), {"manifest"}),
    ("a name of many folders", with_member("/".join("a" * 30_000)), {"archive"}),
]
