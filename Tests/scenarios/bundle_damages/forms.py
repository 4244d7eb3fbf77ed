"""The forms of manifest.json and proofs.json."""
from bundle_damages.hands import ELSEWHERE, OWN, drop, edited, put, replace, signed_text
from bundle_maker import RELEASE, STATEMENTS, key

NO_NUMBERS = [-1, 2**53, 2**63, 10**400, 41.5, "41", None, True, [41], {}]
NO_HASHES = ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, 0, None, [], "0" * 62 + "\n0"]


def malformed(kind, name, rows):
    return [(f"{name} with {what}", edited(name, change), {kind}) for what, change in rows]


MANIFESTS = malformed("manifest", "manifest.json", [
    ("another version", put("bundle", to=2)), ("a version as text", put("bundle", to="1")),
    ("true for a version", put("bundle", to=True)),
    *[(f"no {name}", drop(name)) for name in ("bundle", "tool", "ledger", "scope", "query", "seal", "checkpoint",
                                              "withheld", "files")],
    *[(f"one member more in {'.'.join(map(str, path)) or 'itself'}", put(*path, "more", to=1)) for path in (
        (), ("tool",), ("ledger",), ("scope",), ("query",), ("seal",), ("checkpoint",), ("files", 0))],
    *[(f"{number!r:.20} for a size", put("seal", "size", to=number)) for number in NO_NUMBERS],
    *[(f"{number!r:.20} for a file's size", put("files", 0, "size", to=number)) for number in NO_NUMBERS],
    *[(f"{text!r} for a root", put("checkpoint", "root", to=text)) for text in NO_HASHES],
    *[(f"{text!r} for a file's hash", put("files", 0, "sha256", to=text)) for text in NO_HASHES],
    *[(f"{text!r} for a key", put("ledger", "key", to=text)) for text in ("", "x", 1, key("ledger").verifier()[:-1])],
    *[(f"{scope!r} for a scope", put("scope", to=scope)) for scope in (
        None, [], {}, "release", {"release": ""}, {"release": 1}, {"type": "a"}, {"type": "a", "since": None},
        {"type": "a", "since": None, "until": None, "release": RELEASE},
        {"type": "a", "since": "2026-02-01", "until": None}, {"type": "a", "since": None, "until": 7},
        {"type": "a", "since": "2026-02-01T10:00:00Z", "until": None},
        {"type": "a", "since": None, "until": "2026-02-30T10:00:00.000000Z"})],
    *[(f"files named {path!r:.30}", put("files", 0, "path", to=path)) for path in (
        "", "/etc/passwd", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "C:a", "a b", "\u00e9", "x" * 129, 1)],
    ("itself among its files", lambda value: value["files"].append({**value["files"][-1], "path": "manifest.json"})),
    ("the statements among its files", lambda value: value["files"].append({**value["files"][-1], "path": STATEMENTS})),
    ("files in another order", lambda value: value["files"].reverse()),
    ("a file twice", lambda value: value["files"].insert(0, value["files"][0])),
    ("what is withheld in another order", put("withheld", to=["11" * 32, "00" * 32])),
    ("a hash withheld twice", put("withheld", to=["00" * 32, "00" * 32])),
    ("no hash withheld", put("withheld", to=["sha256:" + "00" * 32])),
    ("a query in another order", lambda value: value["query"]["absent"].reverse()),
    ("a query for the same twice", lambda value: value["query"]["complete"].append(OWN)),
    ("a query for a number", lambda value: value["query"]["complete"].append(7)),
]) + [(f"manifest.json {what}", signed_text("manifest.json", change), {"manifest"}) for what, change in [
    ("with a member twice", replace('"bundle": 1', '"bundle": 1, "bundle": 1')),
    ("with a member twice, once escaped", replace('"bundle": 1', '"bundle": 1, "\\u0062undle": 1')),
    ("with a member twice, deep inside", replace('"name": "daybook"', '"name": "x", "name": "daybook"')),
    ("with something after it", lambda content: content + b"{}"), ("with a NUL after it", lambda content: content + b"\0"),
    ("with a byte-order mark", lambda content: b"\xef\xbb\xbf" + content),
    ("with a comment", lambda content: b"/**/" + content),
    ("with a trailing comma", replace('"withheld": []', '"withheld": [],')),
    ("that is not UTF-8", replace('"daybook"', b'"daybook\xff"')),
    ("that is UTF-16", lambda content: content.decode().encode("utf-16")),
    ("with a lone surrogate", replace('"daybook"', '"\\ud800"')), ("cut short", lambda content: content[:-9]),
    ("that is empty", lambda _: b""), ("that is an array", lambda content: b"[" + content + b"]"),
    ("nested too deep", lambda _: b'{"bundle":' + b"[" * 600 + b"]" * 600 + b"}"),
    ("nested without end", lambda _: b"[" * 100_000),
]]

PROOFS = malformed("proof", "proofs.json", [
    *[(f"no {name}", drop(name)) for name in ("entries", "complete", "absent", "consistency")],
    *[(f"no {'.'.join(map(str, path))}", drop(*path)) for path in (
        ("entries", 0, "path"), ("complete", 0, "before"), ("complete", 0, "after"), ("complete", 0, "before", "acc"),
        ("absent", 0, "left"), ("absent", 1, "left", "index"), ("consistency", 0, "root"))],
    *[(f"one member more in {'.'.join(map(str, path)) or 'itself'}", put(*path, "more", to=1)) for path in (
        (), ("entries", 0), ("complete", 0), ("complete", 0, "before"), ("absent", 0), ("absent", 1, "left"),
        ("consistency", 0))],
    *[(f"{number!r:.20} for a position", put("entries", 1, "position", to=number)) for number in NO_NUMBERS],
    *[(f"{number!r:.20} for a count", put("complete", 0, "count", to=number)) for number in NO_NUMBERS],
    *[(f"{number!r:.20} for a smaller size", put("consistency", 0, "size", to=number)) for number in NO_NUMBERS],
    *[(f"{text!r} for a hash", put("entries", 1, "hash", to=text)) for text in NO_HASHES],
    *[(f"{text!r} in a path", put("absent", 1, "left", "path", 0, to=text)) for text in NO_HASHES],
    *[(f"{value!r} for a list", put("complete", 0, "positions", to=value)) for value in ({}, None, "", 0)],
    *[(f"{value!r} for a leaf", put("absent", 1, "right", to=value)) for value in ([], False, "")],
    ("consistency in another order", lambda value: value["consistency"].reverse()),
    ("a consistency path changed", put("consistency", 1, "path", 0, to=ELSEWHERE)),
    ("a consistency path of another size", put("consistency", 1, "size", to=9)),
    ("a consistency path from another root", put("consistency", 1, "root", to=ELSEWHERE)),
    ("a consistency path with a hash more", lambda value: value["consistency"][1]["path"].append(ELSEWHERE)),
    ("no consistency path at all", put("consistency", 1, "path", to=[])),
    ("consistency with a larger size", put("consistency", 1, "size", to=23)),
    ("consistency with its own size and another root",
     lambda value: value["consistency"].append({"size": 22, "root": ELSEWHERE, "path": []})),
]) + [(f"proofs.json {what}", signed_text("proofs.json", change), {"proof"}) for what, change in [
    ("with a member twice", replace('"absent"', '"absent": [], "absent"')),
    ("with something after it", lambda content: content + b"1"), ("that is empty", lambda _: b""),
    ("that is an array", lambda content: b"[" + content + b"]"), ("cut short", lambda content: content[:-9]),
]]
