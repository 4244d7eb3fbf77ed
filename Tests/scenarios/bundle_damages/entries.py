"""Entries left out, added, changed and misplaced."""
from bundle_damages.hands import APPROVALS, ELSEWHERE, both, drop, made, proofs, put, replace, signed_text
from bundle_maker import Index, example, example_log, fold, inclusion_path, key, release_bundle
from forging import canonical
from trees import entry_hash


def line(number, change):
    """The n-th line of entries.jsonl changed, without its line feed."""
    def all_lines(content):
        lines = content.split(b"\n")
        lines[number] = change(lines[number])
        return b"\n".join(lines)
    return all_lines


def left_out(bundle, leaf=False):
    """A bundle without the last approval; with `leaf`, count and accumulator agree with what is left."""
    log, bundle = bundle.log, bundle.copy()
    number = [entry["position"] for entry in bundle.proofs["entries"]].index(APPROVALS[1])
    lines = bundle["entries.jsonl"].splitlines(keepends=True)
    bundle["entries.jsonl"] = b"".join(lines[:number] + lines[number + 1:])

    def change(value):
        del value["entries"][number]
        value["complete"][0]["positions"].remove(APPROVALS[1])
        if leaf:
            value["complete"][0].update(fold(log.hashes[each] for each in value["complete"][0]["positions"]))
    return bundle.edit("proofs.json", change)


def index_without(log, size, position):
    return Index([(log.keys(each), log.hashes[each]) for each in range(size) if each != position])


def left_out_of_the_index(bundle):
    """As if the ledger had sealed an index without the last approval: only the seal itself says otherwise."""
    log, size = bundle.log, bundle.manifest["seal"]["size"]
    index = index_without(log, size, APPROVALS[1])
    forged = release_bundle(log, index=index)
    number = [entry["position"] for entry in forged.proofs["entries"]].index(APPROVALS[1])
    lines = forged["entries.jsonl"].splitlines(keepends=True)
    forged["entries.jsonl"] = b"".join(lines[:number] + lines[number + 1:])
    forged.edit("proofs.json", both(drop("entries", number), lambda value: value["complete"][0]["positions"].pop()))
    return forged.edit("manifest.json", both(put("seal", "keys", to=len(index.keys)), put("seal", "root", to=index.root)))


def resealed(bundle):
    """The seal's event is written anew for such an index, too; the checkpoint cannot be."""
    log = bundle.log
    index = index_without(log, bundle.manifest["seal"]["size"], APPROVALS[1])
    data = {"keys": len(index.keys), "root": index.root, "size": bundle.manifest["seal"]["size"]}
    forged = left_out_of_the_index(bundle)
    raw = canonical({**log.events[-1], "data": data}).encode()
    lines = forged["entries.jsonl"].splitlines()
    forged["entries.jsonl"] = b"\n".join(lines[:-1] + [raw]) + b"\n"
    return forged.edit("proofs.json", put("entries", -1, "hash", to=entry_hash(log.previous[-1], raw).hex()))


def approval_added(bundle, listed):
    """An approval that nobody gave, at a position that holds something else."""
    position, log, bundle = 9, bundle.log, bundle.copy()
    event = {**log.events[APPROVALS[1]], "id": "x", "data": {"by": "nobody"},
             "recordedtime": log.events[position]["recordedtime"]}
    raw, previous = canonical(event).encode(), log.previous[position]
    places = bundle.proofs["entries"]
    number = sum(place["position"] < position for place in places)
    lines = bundle["entries.jsonl"].splitlines(keepends=True)
    bundle["entries.jsonl"] = b"".join(lines[:number] + [raw + b"\n"] + lines[number:])
    path = [each.hex() for each in inclusion_path(log.hashes, position)]

    def change(value):
        value["entries"].insert(number, {"position": position, "previous": previous.hex(), "path": path,
                                         "hash": entry_hash(previous, raw).hex()})
        if listed:
            value["complete"][0]["positions"] = sorted(value["complete"][0]["positions"] + [position])
    return bundle.edit("proofs.json", change)


def event_changed(bundle):
    """What an approval says, with its hash computed anew."""
    log, number = bundle.log, len(bundle.proofs["entries"]) - 2
    raw = log.raw[APPROVALS[1]].replace(b'"by":"b"', b'"by":"c"')
    bundle = bundle.copy()
    bundle["entries.jsonl"] = bundle["entries.jsonl"].replace(log.raw[APPROVALS[1]], raw)
    return bundle.edit("proofs.json", put("entries", number, "hash", to=entry_hash(log.previous[APPROVALS[1]], raw).hex()))


ENTRIES = [
    ("an entry left out", lambda bundle: left_out(bundle).zip(), {"key"}),
    ("an entry left out, and of its leaf", lambda bundle: left_out(bundle, leaf=True).zip(), {"key"}),
    ("an entry left out, and of the index", lambda bundle: left_out_of_the_index(bundle).zip(), {"seal"}),
    ("an entry left out, and of the seal", lambda bundle: resealed(bundle).zip(), {"entry"}),
    ("an approval added", lambda bundle: approval_added(bundle, False).zip(), {"entry", "key"}),
    ("an approval added, and to its key", lambda bundle: approval_added(bundle, True).zip(), {"entry", "key"}),
    ("an approval changed", lambda bundle: event_changed(bundle).zip(), {"entry", "key"}),
    ("all made up, with another key", made(lambda: example_log(owner="other")),
     {"trusted-key", "checkpoint", "statement", "timestamp"}),
    ("a hash changed", proofs(put("entries", 2, "hash", to=ELSEWHERE)), {"entry", "key"}),
    ("a previous hash changed", proofs(put("entries", 2, "previous", to=ELSEWHERE)), {"entry"}),
    ("a previous hash at position 0", proofs(put("entries", 0, "previous", to="11" * 32)), {"entry"}),
    ("another position", proofs(put("entries", 5, "position", to=18)), {"entry", "key"}),
    ("two entries in another order", proofs(lambda value: value["entries"].insert(2, value["entries"].pop(1))),
     {"entry", "key"}),
    ("a path without its last hash", proofs(drop("entries", 2, "path", -1)), {"entry"}),
    ("a path with one hash more", proofs(lambda value: value["entries"][2]["path"].append(ELSEWHERE)), {"entry"}),
    ("a path upside down", proofs(lambda value: value["entries"][2]["path"].reverse()), {"entry"}),
    ("a place less than lines", proofs(drop("entries", -1)), {"entry", "seal"}),
    ("a place more than lines", proofs(lambda value: value["entries"].append(value["entries"][-1])), {"entry"}),
    ("no line feed at the end", signed_text("entries.jsonl", lambda content: content[:-1]), {"entry"}),
    ("an empty line at the end", signed_text("entries.jsonl", lambda content: content + b"\n"), {"entry"}),
    ("a space at the end of a line", signed_text("entries.jsonl", line(5, lambda raw: raw + b" ")), {"entry", "key"}),
    ("a carriage return", signed_text("entries.jsonl", line(5, lambda raw: raw + b"\r")), {"entry", "key"}),
    ("a byte-order mark", signed_text("entries.jsonl", line(5, lambda raw: b"\xef\xbb\xbf" + raw)), {"entry", "key"}),
    ("not UTF-8", signed_text("entries.jsonl", line(5, replace('"b"', b'"\xff"'))), {"entry", "key"}),
    ("a member twice", signed_text("entries.jsonl", line(5, replace('"by":"b"', '"by":"b","by":"b"'))), {"entry", "key"}),
    ("an escape too many", signed_text("entries.jsonl", line(3, replace("così", "cos\\u00ec"))),
     {"entry", "key", "attachment"}),
    ("without the first entry", lambda bundle: release_bundle(positions=[1, 6]).copy().edit(
        "proofs.json", drop("entries", 0)).put("entries.jsonl", b"".join(
            bundle["entries.jsonl"].splitlines(True)[1:])).zip(), {"entry"}),
    ("no entries at all", lambda bundle: bundle.copy().edit("proofs.json", both(
        put("entries", to=[]), put("complete", 0, "positions", to=[]))).put("entries.jsonl", b"").zip(),
     {"entry", "seal", "key", "attachment", "statement"}),
    *[(f"a first entry {what}", made(lambda change=change: example().changed(change), positions=[1], consistency=[]),
       {"entry"}) for what, change in (
        ("of another type", put(0, "type", to="dev.daybook.ledger.made.v1")),
        ("of another subject", put(0, "subject", to="ledgers")), ("of no format", drop(0, "data", "format")),
        ("of another key", put(0, "data", "key", to=key("other").verifier())),
        ("of another origin", put(0, "data", "origin", to="example.com/b")),
        ("with one member more", put(0, "data", "more", to=1)))],
    ("a second first entry", made(lambda: example().changed(put(19, "type", to="dev.daybook.ledger.created.v1"))), {"entry"}),
    ("no streamversion", made(lambda: example().changed(drop(19, "streamversion"))), {"entry", "key"}),
    ("a recordedtime in another form", made(lambda: example().changed(put(19, "recordedtime", to="2026-02-01T12:00:00Z"))),
     {"entry", "key"}),
    *[(f"{value} for its {name}", made(lambda name=name, value=value: example().changed(put(19, name, to=value))),
       {"entry", "key"}) for name, value in (
        ("source", "x#y#z"), ("source", "##"), ("source", "a b"), ("source", "%4"), ("source", "\u00e9"),
        ("dataschema", "x:##"), ("dataschema", "x:#y#z"), ("dataschema", "x#y:z"), ("dataschema", "1a:b"))],
    ("an event beyond 60 KiB", made(lambda: example().changed(put(19, "data", "by", to="x" * 61_440))), {"entry", "key"}),
]
