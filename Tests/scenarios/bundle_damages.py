"""What somebody may do to an evidence bundle: tables of named damages, for any verifier of bundles.

A damage is (name, function, expected). The function takes a `bundle_maker.Bundle`, which it leaves as it is, and returns
the bytes of a ZIP file; expected is the set of the kinds of findings that a verifier with the ledger's key reports.
DAMAGES are done to `release_bundle()`, POPULATION_DAMAGES to `population_bundle(since=2)`, and SOUND are changes to the
former that leave it good. STRICT_READINGS are like DAMAGES, for what the specification does not say in so many words,
and FLOODS, for what is there so often that a verifier might take long over it.
"""
import base64
import json
import re
import struct
import zlib

from bundle_maker import (
    DEPLOYED, KEY_TRUSTED, OVERRIDE, RELEASE, STATEMENTS, Index, Member, authority, deployed, example, example_log, fold,
    inclusion_path, key, release_bundle, sha256, to_base64, zip_file)
from forging import canonical
from trees import entry_hash

APPROVALS = (4, 19)  # the positions of the release's approvals; that at 19 has no attachment
OWN, ELSEWHERE = f"subject:{RELEASE}", "00" * 32
LARGEST = 2**53 - 1


# The hands that do it

def put(*path, to):
    """A change of one value somewhere in JSON."""
    def change(value):
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to
    return change


def drop(*path):
    def change(value):
        for step in path[:-1]:
            value = value[step]
        del value[path[-1]]
    return change


def both(*changes):
    def change(value):
        for each in changes:
            each(value)
    return change


def edited(name, change):
    """A JSON file changed; the manifest and the signatures agree with it."""
    return lambda bundle: bundle.copy().edit(name, change).zip()


def manifest(*changes):
    return edited("manifest.json", both(*changes))


def proofs(*changes):
    return edited("proofs.json", both(*changes))


def manifest_and_proofs(change_manifest, change_proofs):
    return lambda bundle: bundle.copy().edit("proofs.json", change_proofs).edit("manifest.json", change_manifest).zip()


def text(name, change):
    """The bytes of a file changed, and nothing else."""
    def damage(bundle):
        bundle = bundle.copy()
        bundle[name] = change(bundle[name])
        return bundle.zip()
    return damage


def signed_text(name, change):
    """The bytes of a file changed; the manifest and the signatures agree with them."""
    return lambda bundle: bundle.copy().put(name, change(bundle[name])).zip()


def replace(old, new):
    old, new = (part if isinstance(part, bytes) else part.encode() for part in (old, new))

    def change(content):
        assert old in content, f"{old} is not in {content[:400]}"
        return content.replace(old, new, 1)
    return change


def without(name, signed=False):
    def damage(bundle):
        bundle = bundle.copy()
        for path in [path for path in bundle if path.startswith(name)]:
            del bundle[path]
        return (bundle.list_files() if signed else bundle).zip()
    return damage


def added(name, content=b"more", signed=True):
    def damage(bundle):
        bundle = bundle.copy()
        bundle[name] = content
        return (bundle.list_files() if signed else bundle).zip()
    return damage


def swapped(*names):
    """Files of another release's bundle, of another ledger with the same key, in place of this one's."""
    def damage(bundle):
        other, bundle = release_bundle(example_log(seal=lambda log: (log.append("one.more"), log.seal()))), bundle.copy()
        for path in [path for path in bundle if path.startswith(names)]:
            del bundle[path]
        bundle.update({path: content for path, content in other.items() if path.startswith(names)})
        return bundle.zip()
    return damage


def attachment(bundle, name):
    """The path of an attachment by its name in the event."""
    for event in bundle.log.events:
        for each in (event.get("data") or {}).get("attachments", []):
            if each["name"] == name and f"attachments/{each['digest'].replace(':', '-')}" in bundle:
                return f"attachments/{each['digest'].replace(':', '-')}"
    raise AssertionError(f"no {name}")


def of_attachment(name, damage, *more):
    return lambda bundle: damage(attachment(bundle, name), *more)(bundle)


def made(log, bundle=release_bundle, **options):
    """A bundle of another ledger, made by its owner. `log` is a function, so that nothing is made before it is needed."""
    return lambda _: bundle(log(), **options).zip()


def flip(content):
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]


# Entries

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


def old_checkpoint(bundle):
    bundle = bundle.copy()
    bundle["checkpoint.txt"] = bundle.log.checkpoint(8)
    return bundle.list_files()


def checkpoint(**options):
    def damage(bundle):
        bundle = bundle.copy()
        return bundle.put("checkpoint.txt", bundle.log.checkpoint(len(bundle.log.events), **options)).zip()
    return damage


PLAIN = [
    ("a good bundle", lambda bundle: bundle.zip(), set()),
    ("manifest.json changed", text("manifest.json", replace("0.1.0", "0.1.1")), {"statement"}),
    ("manifest.json changed to no JSON", text("manifest.json", replace("{", "[")), {"manifest", "statement"}),
    ("entries.jsonl changed", text("entries.jsonl", replace("4f1c", "4f1d")), {"manifest", "entry"}),
    ("proofs.json changed", lambda bundle: text("proofs.json", replace(
        bundle.proofs["entries"][1]["path"][0], ELSEWHERE))(bundle), {"manifest", "entry"}),
    ("checkpoint.txt changed", text("checkpoint.txt", lambda content: content[:-9] + b"AAAAA" + content[-4:]),
     {"manifest", "checkpoint"}),
    ("an attachment changed", of_attachment("signature", text, flip), {"manifest", "attachment"}),
    ("a timestamp's checkpoint changed", of_attachment("checkpoint.txt", text, replace("example.com", "example.org")),
     {"manifest", "attachment", "timestamp"}),
    ("index.html changed", text("index.html", replace("html", "htmm")), {"manifest"}),
    ("approvals.csv made longer", text("approvals.csv", lambda content: content + b"4,me\n"), {"manifest"}),
    ("a signature changed", text(STATEMENTS, lambda content: re.sub(
        rb'("sig":"....)(.)', lambda found: found[1] + (b"B" if found[2] == b"A" else b"A"), content)), {"statement"}),
    ("a file in sigstore/ changed", text("sigstore/0.sigstore.json", replace("v0.3", "v0.2")), {"statement"}),
    ("an entry's line added twice", text("entries.jsonl", lambda content: content + content.splitlines(True)[-1]),
     {"manifest", "entry"}),

    ("without manifest.json", without("manifest.json"), {"manifest"}),
    ("without entries.jsonl", without("entries.jsonl"), {"manifest"}),
    ("without proofs.json", without("proofs.json"), {"manifest"}),
    ("without checkpoint.txt", without("checkpoint.txt"), {"manifest"}),
    ("without index.html", without("index.html"), {"manifest"}),
    ("without the statements", without(STATEMENTS), {"manifest"}),
    ("without one file in sigstore/", without("sigstore/1"), {"statement"}),
    ("without sigstore/", without("sigstore/"), {"manifest", "statement"}),
    ("no statement", lambda bundle: bundle.copy().put_envelopes([]).zip(), {"manifest", "statement"}),
    ("without an attachment", of_attachment("signature", without), {"manifest", "attachment"}),
    ("without entries.jsonl, and signed", without("entries.jsonl", signed=True), {"manifest"}),
    ("without proofs.json, and signed", without("proofs.json", signed=True), {"manifest"}),
    ("without checkpoint.txt, and signed", without("checkpoint.txt", signed=True), {"manifest"}),
    ("without an attachment, and signed", of_attachment("signature", without, True), {"attachment"}),
    ("an unlisted file", added("more.csv", signed=False), {"manifest"}),
    ("an attachment that nobody refers to", added(f"attachments/sha256-{sha256(b'more')}"), {"attachment"}),
    ("an attachment without its name", added("attachments/more"), {"attachment"}),
    ("an attachment with other bytes", of_attachment("signature", signed_text, flip), {"attachment"}),
    ("withheld, but there", lambda bundle: manifest(put("withheld", to=[attachment(bundle, "sbom")[-64:]]))(bundle),
     {"attachment"}),
    ("withheld, and another", lambda bundle: release_bundle(withheld=[attachment(bundle, "sbom")[-64:]]).edit(
        "manifest.json", put("withheld", to=[ELSEWHERE])).zip(), {"attachment"}),

    ("another ledger's checkpoint", swapped("checkpoint.txt"), {"manifest", "checkpoint", "entry", "proof"}),
    ("another ledger's statements", swapped(STATEMENTS, "sigstore/"), {"statement"}),
    ("another ledger's statements alone", swapped(STATEMENTS), {"statement"}),
    ("another ledger's index.html", lambda bundle: text("index.html", lambda _: release_bundle()["proofs.json"])(bundle),
     {"manifest"}),
]

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


# The forms of manifest.json and proofs.json

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


# Completeness, scope, absence

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



def moment(number, microseconds=0):
    """The time of the number-th deployment, or one so many microseconds after it."""
    stated = deployed(example(), number)
    return stated if not microseconds else stated[:-8] + f".{microseconds:06}Z"


def type_proof(change):
    def of_type(value):
        for proof in value["complete"]:
            if proof["key"] == f"type:{DEPLOYED}":
                change(proof)
    return proofs(of_type)


def narrowed(first=0, last=None):
    """The proof with entries moved from its positions to those that stand before, or after."""
    def change(proof):
        log, positions = example(), proof["positions"]
        cut = positions[first:last]
        earlier, later = positions[:first], positions[len(positions) + last:] if last else []
        proof["before"] = fold((log.hashes[each] for each in earlier), proof["before"]["count"],
                               bytes.fromhex(proof["before"]["acc"]))
        proof["after"] = [log.hashes[each].hex() for each in later] + proof["after"]
        proof["positions"] = cut
    return change


def unbundled(position):
    """Takes an entry out of entries.jsonl and proofs.json, but not out of any key."""
    def damage(bundle):
        number = [entry["position"] for entry in bundle.proofs["entries"]].index(position)
        lines = bundle["entries.jsonl"].splitlines(True)
        bundle["entries.jsonl"] = b"".join(lines[:number] + lines[number + 1:])
        return bundle.edit("proofs.json", drop("entries", number))
    return damage


def only_boundary(bundle):
    """The first entry of the period is left out, with the one before it: both are said to stand before."""
    bundle = bundle.copy()
    position = [position for position, event in enumerate(example().events) if event["type"] == DEPLOYED][2]
    for each in bundle.proofs["complete"]:
        if each["key"] == f"type:{DEPLOYED}":
            assert each["positions"][1] == position
    bundle = unbundled(position)(bundle)

    def change(value):
        for each in value["complete"]:
            if each["key"] == f"type:{DEPLOYED}":
                narrowed(first=2)(each)
        value["complete"] = [each for each in value["complete"] if each["key"] != "subject:deploy/2"]
    bundle.edit("proofs.json", change)
    return bundle.edit("manifest.json", lambda value: value["query"]["complete"].remove("subject:deploy/2")).zip()


# Deployments 2 and 3 are in the period; 1 stands before it, 4 after it; 0 and 5 are not bundled.
POPULATION_DAMAGES = [
    ("a good population", lambda bundle: bundle.zip(), set()),
    ("a period that begins a microsecond after the entry before", manifest(put("scope", "since", to=moment(1, 1))), set()),
    ("a period that begins with the entry before", manifest(put("scope", "since", to=moment(1))), {"scope"}),
    ("a period that begins a microsecond later", manifest(put("scope", "since", to=moment(2, 1))), set()),
    ("a period that ends with the entry after", manifest(put("scope", "until", to=moment(4))), set()),
    ("a period that ends a microsecond after it", manifest(put("scope", "until", to=moment(4, 1))), {"scope"}),
    ("a period that ends with its last entry", manifest(put("scope", "until", to=moment(3))), set()),
    ("a period that ends after everything", manifest(put("scope", "until", to=moment(5, 1))), {"scope"}),
    ("a period without a beginning", manifest(put("scope", "since", to=None)), {"key", "scope"}),
    ("a period without an end", manifest(put("scope", "until", to=None)), {"key", "scope"}),
    ("the entry before is counted, but not shown", type_proof(narrowed(first=1)), {"scope"}),
    ("the entry after is counted, but not shown", type_proof(narrowed(last=-1)), {"scope"}),
    ("an entry of the period among those before", type_proof(narrowed(first=2)), {"key", "scope"}),
    ("an entry of the period among those after", type_proof(narrowed(last=-2)), {"key", "scope"}),
    ("an entry of the period left out, and said to be before", only_boundary, {"scope"}),
    ("nothing shown at all", type_proof(narrowed(first=4)), {"key", "scope"}),
    ("before without its count", type_proof(put("before", "count", to=0)), {"key"}),
    ("before without its accumulator", type_proof(put("before", "acc", to=ELSEWHERE)), {"key"}),
    ("before with a larger count", type_proof(put("before", "count", to=2)), {"key"}),
    ("before with the largest count", type_proof(put("before", "count", to=LARGEST)), {"key"}),
    ("after with one hash less", type_proof(put("after", to=[])), {"key"}),
    ("after with one hash more", type_proof(lambda proof: proof["after"].append(ELSEWHERE)), {"key"}),
    ("before for a subject", lambda bundle: proofs(lambda value: next(
        each for each in value["complete"] if each["key"] == "subject:deploy/2").update(
            positions=[bundle.proofs["complete"][0]["positions"][1]], before=fold([bundle.log.hashes[
                bundle.proofs["complete"][0]["positions"][0]]])))(bundle), {"key"}),
    ("a subject's entries not asked for", manifest_and_proofs(
        lambda value: value["query"]["complete"].remove("subject:deploy/2"), lambda value: value["complete"].pop(0)),
     {"scope"}),
    ("the population not asked for", manifest_and_proofs(
        lambda value: value["query"]["complete"].pop(), lambda value: value["complete"].pop()), {"scope"}),
    ("a population of another type", manifest(put("scope", "type", to="com.example.deploy.started")), {"key", "scope"}),
]


# Statements, files in sigstore/, trusted keys, timestamps

def envelopes(change):
    """The list of envelopes, changed after they were signed; the files in sigstore/ follow."""
    def damage(bundle):
        values = [json.loads(each) for each in bundle[STATEMENTS].splitlines()]
        change(values)
        return bundle.copy().put_envelopes(values).zip()
    return damage


def statement(**options):
    """A third statement besides the good ones."""
    def damage(bundle):
        values = [json.loads(each) for each in bundle[STATEMENTS].splitlines()]
        signer, payload = options.get("signer", "evidence"), options.get("payload", bundle.payload())
        payload = bundle.payload(**payload) if isinstance(payload, dict) else payload
        more = {name: value for name, value in options.items() if name in ("payload_type", "keyid")}
        return bundle.copy().put_envelopes(values + [bundle.envelope(signer, payload, **more)]).zip()
    return damage


def loose(field):
    """Base64 whose unused bits are not zero, of the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    def change(values):
        where = values[0] if field == "payload" else values[0]["signatures"][0]
        assert "=" in where[field], "there are no unused bits"
        digits = where[field].rstrip("=")
        where[field] = digits[:-1] + alphabet[alphabet.index(digits[-1]) + 1] + where[field][len(digits):]
    return change


def resized_payload(bundle):
    """A payload whose length leaves unused bits in its base64."""
    spaces = " " * ((1 - len(bundle.payload())) % 3)
    values = [bundle.envelope("ledger", bundle.payload() + spaces.encode())]
    loose("payload")(values)
    return bundle.copy().put_envelopes(values).zip()


def signature(number, change):
    def change_all(values):
        where = values[number]["signatures"][0]
        where["sig"] = to_base64(change(base64.b64decode(where["sig"])))
    return envelopes(change_all)


def raw_ecdsa(der):
    """r and s, 32 bytes each."""
    length = der[3]
    r, s = der[4:4 + length], der[6 + length:]
    return b"".join(part[-32:].rjust(32, b"\0") for part in (r, s))


def trusted(**other):
    return made(lambda: example_log(trusted={**key("evidence").trusted(), **other}))


def stamped(**options):
    return made(lambda: example_log(stamp=lambda log: log.stamp(5, **options)))


def sigstore_changed(change):
    def damage(bundle):
        bundle = bundle.copy()
        value = json.loads(bundle["sigstore/0.sigstore.json"])
        change(value)
        bundle["sigstore/0.sigstore.json"] = canonical(value).encode() + b"\n"
        return bundle.zip()
    return damage


GOOD_SUBJECT = {"name": "manifest.json", "digest": {"sha256": ELSEWHERE}}
STATEMENT_DAMAGES = [(what, change, {"statement"}) for what, change in [
    ("signed by a stranger", statement(signer="stranger")),
    ("signed by a stranger in the name of a trusted key", statement(signer="stranger", keyid=key("evidence").keyid)),
    ("signed by a stranger in the ledger's name", statement(signer="other", keyid=key("ledger").keyid)),
    ("signed by one trusted key in the name of another", statement(signer="evidence", keyid=key("ledger").keyid)),
    ("signed by a stranger alone", lambda bundle: bundle.copy().put_envelopes([bundle.envelope("stranger")]).zip()),
    ("a statement of another manifest", statement(payload={"subject": [GOOD_SUBJECT]})),
    ("a statement of another file", lambda bundle: statement(payload={"subject": [
        {"name": "manifest.jso", "digest": {"sha256": sha256(bundle["manifest.json"])}}]})(bundle)),
    ("a digest of another algorithm", lambda bundle: statement(payload={"subject": [
        {"name": "manifest.json", "digest": {"sha512": sha256(bundle["manifest.json"])}}]})(bundle)),
    *[(f"a statement with the subject {subject!r}", statement(payload={"subject": subject})) for subject in (
        [], None, {}, "manifest.json", [[]], [{"name": "manifest.json"}], [{"name": "manifest.json", "digest": ELSEWHERE}])],
    *[(f"another subject {what} beside the good one", lambda bundle, other=other: statement(payload={"subject": [
        *json.loads(bundle.payload())["subject"], other]})(bundle)) for what, other in (
            ("without a digest", {"name": "a"}), ("with no digest", {"name": "a", "digest": {}}),
            ("with a number for a digest", {"name": "a", "digest": {"sha256": 7}}),
            ("with an empty digest", {"name": "a", "digest": {"sha256": ""}}), ("that is no object", "a"),
            ("with a digest that is a text", {"name": "a", "digest": ELSEWHERE}), ("that is null", None))],
    ("a statement of another version", statement(payload={"_type": "https://in-toto.io/Statement/v0.1"})),
    ("a payload that is no JSON", statement(payload=b"hello")), ("no payload", statement(payload=b"")),
    ("a payload that is no object", statement(payload=b"[]")),
    ("a payload with a member twice", lambda bundle: statement(
        payload=bundle.payload().replace(b'"subject"', b'"subject":[],"subject"'))(bundle)),
    ("a payload with something after it", lambda bundle: statement(payload=bundle.payload() + b"1")(bundle)),
    ("another payloadType, signed", statement(payload_type="application/json")),
    ("another payloadType, not signed", envelopes(put(0, "payloadType", to="application/json"))),
    ("no signature", envelopes(put(0, "signatures", to=[]))),
    ("two signatures", envelopes(lambda values: values[0]["signatures"].append(values[1]["signatures"][0]))),
    ("the same signature twice", envelopes(lambda values: values[0]["signatures"].append(values[0]["signatures"][0]))),
    ("a signature with one member more", envelopes(put(0, "signatures", 0, "more", to=1))),
    ("an envelope with one member more", envelopes(put(0, "more", to=1))),
    ("an envelope without a payload", envelopes(drop(0, "payload"))),
    ("a key ID in capitals", envelopes(lambda values: put(0, "signatures", 0, "keyid", to=values[0]["signatures"][0][
        "keyid"].upper())(values))),
    ("no key ID", envelopes(put(0, "signatures", 0, "keyid", to=""))),
    ("loose base64 of a signature", envelopes(loose("sig"))), ("loose base64 of a payload", resized_payload),
    ("base64 for URLs", envelopes(lambda values: put(0, "signatures", 0, "sig", to="-_" * 43 + "==")(values))),
    ("base64 without padding", envelopes(lambda values: put(0, "signatures", 0, "sig", to=values[0]["signatures"][0][
        "sig"].rstrip("="))(values))),
    ("an Ed25519 signature of 63 bytes", signature(0, lambda each: each[:-1])),
    ("an Ed25519 signature of 65 bytes", signature(0, lambda each: each + b"\0")),
    ("an Ed25519 signature of zeros", signature(0, lambda each: bytes(64))),
    ("an ECDSA signature that is not DER", signature(1, raw_ecdsa)),
    ("an ECDSA signature with something after it", signature(1, lambda each: each + b"\0")),
    ("an ECDSA signature of zeros", signature(1, lambda each: bytes.fromhex("3006020100020100"))),
    ("an empty signature", signature(1, lambda each: b"")),
    ("statements without the last line feed", text(STATEMENTS, lambda content: content[:-1])),
    ("statements with an empty line", text(STATEMENTS, lambda content: content + b"\n")),
    ("statements with carriage returns", text(STATEMENTS, lambda content: content.replace(b"\n", b"\r\n"))),
    ("statements with spaces", text(STATEMENTS, replace('{"payload"', '{ "payload"'))),
    ("statements that are no JSON", text(STATEMENTS, lambda content: content + b"hello\n")),
    ("another medium in sigstore/", sigstore_changed(put("mediaType", to="application/json"))),
    ("another hint in sigstore/", sigstore_changed(
        put("verificationMaterial", "publicKey", "hint", to=key("evidence").keyid))),
    ("an entry of a log in sigstore/", sigstore_changed(put("verificationMaterial", "tlogEntries", to=[{}]))),
    ("one member more in sigstore/", sigstore_changed(put("more", to=1))),
    ("another envelope in sigstore/", sigstore_changed(put("dsseEnvelope", "signatures", 0, "sig", to="AAAA"))),
    ("no envelope in sigstore/", sigstore_changed(drop("dsseEnvelope"))),
    ("no line feed in sigstore/", text("sigstore/0.sigstore.json", lambda content: content[:-1])),
    ("spaces in sigstore/", text("sigstore/0.sigstore.json", replace("{", "{ "))),
    ("no JSON in sigstore/", text("sigstore/0.sigstore.json", lambda _: b"hello\n")),
    ("an envelope twice in sigstore/", lambda bundle: added(
        "sigstore/2.sigstore.json", bundle["sigstore/0.sigstore.json"], signed=False)(bundle)),
    ("a trusted key with another key ID", trusted(keyid=ELSEWHERE)),
    ("a trusted key with another algorithm", trusted(algorithm="ed25519")),
    ("a trusted key with an unknown algorithm", trusted(algorithm="rsa")),
    ("a trusted key that is none", trusted(publickey="AAAA")),
    ("a trusted key of another subject", made(lambda: example().changed(put(1, "subject", to="ledgers")), positions=[1],
                                                consistency=[])),
    ("a trusted key whose entry is not bundled", made(example, positions=[6])),
]]
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


# The ZIP file

def members(bundle, **options):
    return [Member(path, bundle[path], **options) for path in sorted(bundle)]


def with_member(name, content=b"", **options):
    return lambda bundle: zip_file(members(bundle) + [Member(name, content, **options)])


def first(**options):
    """The first member is another."""
    def damage(bundle):
        each, *others = members(bundle)
        for name, value in options.items():
            setattr(each, name, value(each) if callable(value) else value)
        return zip_file([each] + others)
    return damage


def archive(**options):
    return lambda bundle: zip_file(members(bundle), **options)


def overlapping(bundle):
    """Two members that share their data."""
    each, *others = members(bundle)
    each.prepare()
    return zip_file([each] + others + [Member("zz", each.data, offset=0, local={"name": "zz"})])


def nested(bundle):
    """A member inside the data of another, which is stored."""
    inner = Member("zz", b"inner", method=0)
    inner.prepare()
    outer = Member("aa", inner.local_header() + inner.packed, method=0)
    whole = zip_file([outer] + members(bundle) + [Member("zz", b"inner", method=0, offset=32)])
    return whole


def zip64(bundle):
    """With the records of ZIP64 between the central directory and its end."""
    whole = zip_file(members(bundle))
    count, length, offset = struct.unpack_from("<H2L", whole, len(whole) - 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(whole) - 22, 1)
    return whole[:-22] + record + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)


def zeros(size):
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(deflater.compress(bytes(1 << 20)) for _ in range(size >> 20)) + deflater.flush()


def descriptor(each, mark=b"PK\7\10"):
    each.prepare()
    return mark + struct.pack("<3L", each.crc, len(each.packed), each.size)


ZIP64_EXTRA = struct.pack("<2H2Q", 1, 16, 4, 4)
BAD_NAMES = ["", "/", "/etc/passwd", "../escape", "a/../../escape", "..", ".", "./a", "a/./b", "a//b", "//a", "a\\b", "..\\a",
             "C:a", "C:/a", "a b", "a ", "\xe9", "a\0b", "a\n", "~", "a:b", "x" * 129, "a/" + "x" * 129, "a/..", "a*", "../"]
ARCHIVES = [(what, change, {"archive"}) for what, change in [
    *[(f"a member named {name!r:.30}", with_member(name)) for name in BAD_NAMES],
    ("a link", with_member("link", b"/etc/passwd", mode=0o120777)),
    ("a link under a good name", first(mode=0o120777)),
    *[(f"a member of the type {mode:#o}", with_member("a", mode=mode)) for mode in (0o010644, 0o020644, 0o060644, 0o140644)],
    ("a folder with the name of a file", with_member("a", mode=0o040755)),
    ("a file with the name of a folder", with_member("a/", mode=0o100644)),
    ("a folder with data", with_member("a/", b"data", mode=0o040755)),
    ("a name twice", with_member("index.html")), ("a name twice, in capitals", with_member("INDEX.html")),
    ("a name twice with the same data", lambda bundle: with_member("index.html", bundle["index.html"])(bundle)),
    ("two members with the same data", overlapping), ("a member inside another", nested),
    ("something before it", archive(before=b"#!/bin/sh\n")),
    ("something before it, with offsets from there", lambda bundle: b"#!/bin/sh\n" + bundle.zip()),
    ("something after it", archive(after=b"\0")), ("another ZIP file after it", lambda bundle: bundle.zip() * 2),
    ("a comment that is longer than stated", archive(comment=b"hello", comment_length=4)),
    ("a comment that is shorter than stated", archive(comment=b"hello", comment_length=6)),
    ("a comment with the mark of an end", archive(comment=b"PK\5\6" + bytes(40))),
    *[(f"a comment with such a mark {size} bytes before its end", archive(comment=b"more" + b"PK\5\6" + bytes(size - 4)))
      for size in (4, 5, 21, 22)],
    ("a comment with an end of its own", lambda bundle: archive(comment=b"more" + bundle.zip()[-22:])(bundle)),
    ("an end that is not all there", lambda bundle: bundle.zip()[:-18]),
    ("offsets beyond the file", archive(shift=1 << 30)), ("offsets one too far", archive(shift=1)),
    ("a count of members less", lambda bundle: archive(count=len(bundle) - 1)(bundle)),
    ("a count of members more", lambda bundle: archive(count=len(bundle) + 1)(bundle)),
    ("a count of members on this disk less", lambda bundle: archive(here=len(bundle) - 1)(bundle)),
    ("a second disk", archive(disk=1)), ("no members", lambda _: zip_file([])), ("no bytes", lambda _: b""),
    ("two bytes", lambda _: b"PK"), ("something else", lambda _: b"hello\n" * 99),
    ("without its last byte", lambda bundle: bundle.zip()[:-1]), ("cut in half", lambda bundle: bundle.zip()[:3000]),
    ("encrypted", first(flags=1)), ("strongly encrypted", first(flags=0x41)), ("ZIP64", zip64),
    ("ZIP64 in an extra field", first(extra=ZIP64_EXTRA)),
    ("ZIP64 in sizes", first(size=2**32 - 1, extra=struct.pack("<2HQ", 1, 8, 12))),
    *[(f"method {method}", first(method=method, packed=b"x")) for method in (1, 6, 9, 12, 14, 93, 99)],
    ("another name in the local header", first(local={"name": "approvals.csw"})),
    ("a longer name in the local header", first(local={"name": "approvals.csv2"})),
    ("another method in the local header", first(local={"method": 0})),
    ("no local header", first(local={"signature": b"PK\3\5"})),
    ("another CRC-32", first(crc=7)), ("another size", first(size=13)), ("a size of less", first(size=11)),
    ("a size of nothing", first(size=0)),
    ("stored in another size", first(method=0, size=11)),
    ("data that go on", first(packed=lambda each: (each.prepare(), each.packed + b"more")[1])),
    ("data that end early", first(packed=lambda each: (each.prepare(), each.packed[:-2])[1])),
    ("data that cannot be inflated", first(packed=b"\xff" * 9)), ("no data", first(packed=b"")),
    ("a bomb", with_member("bomb", packed=zeros(64 << 20), size=1000, crc=0)),
    ("more than 256 MiB", with_member("large", packed=zeros(1 << 20), size=(1 << 28) + 1)),
    *[(f"more than 64 MiB of {name}", lambda bundle, name=name: zip_file([each for each in members(
        bundle) if each.name != name] + [Member(name, bytes((1 << 26) + 1))])) for name in (
            "manifest.json", "proofs.json", "entries.jsonl", STATEMENTS, "sigstore/0.sigstore.json", "sigstore/more")],
    ("more than 1 GiB together", lambda bundle: zip_file(members(bundle) + [
        Member(f"large{number}", packed=zeros(1 << 20), size=1 << 28) for number in range(4)])),
]]
SOUND = [
    ("stored", lambda bundle: zip_file(members(bundle, method=0))),
    ("in another order", lambda bundle: zip_file(members(bundle)[::-1])),
    ("with folders", lambda bundle: zip_file([Member("attachments/", mode=0o040755), Member("sigstore/", method=0, mode=0)] +
                                             members(bundle))),
    ("with a comment", archive(comment=b"hello")), ("with other permissions", first(mode=0o100755)),
    ("64 MiB and a byte of another file", added("more.bin", bytes((1 << 26) + 1))),
    ("a data descriptor as bsdtar writes it, with the size in the local header", first(
        flags=8, local={"crc": 0, "packed": 0}, after=descriptor)),
    ("a data descriptor, with all of it in the local header", first(flags=8, after=descriptor)),
    ("a data descriptor, with the CRC-32 in the local header", first(
        flags=8, local={"packed": 0, "size": 0}, after=descriptor)),
    ("made by DOS", lambda bundle: zip_file(members(bundle, system=0, mode=0))),
    ("with times in extra fields", first(extra=struct.pack("<2HBL", 0x5455, 5, 1, 0))),
    ("a manifest without white space", signed_text("manifest.json", lambda content: json.dumps(
        json.loads(content)).encode())),
    ("a manifest of escapes", signed_text("manifest.json", replace('"daybook"', '"\\u0064aybook"'))),
    ("proofs in another order of members", lambda bundle: bundle.copy().put("proofs.json", dict(
        reversed(bundle.proofs.items()))).zip()),
    ("an attachment withheld", lambda bundle: release_bundle(withheld=[attachment(bundle, "sbom")[-64:]]).zip()),
    ("one statement", lambda bundle: bundle.copy().put_envelopes([bundle.envelope("ledger")]).zip()),
    ("a statement with a digest of another algorithm beside", lambda bundle: statement(payload={"subject": [
        *json.loads(bundle.payload())["subject"], {"digest": {"gitCommit": "4f1c"}, "uri": "git+https://x"}]})(bundle)),
    ("a statement of several subjects", lambda bundle: statement(payload={"subject": [GOOD_SUBJECT, *json.loads(
        bundle.payload())["subject"]]})(bundle)),
    ("two names for the statement's files", lambda bundle: (lambda other: (other.update(
        {"sigstore/a-b_c.sigstore.json": other.pop("sigstore/0.sigstore.json")}), other.zip())[1])(bundle.copy())),
    ("an Ed25519 key that is trusted", made(lambda: example_log(trusted=key("ed25519").trusted()),
                                            signers=["ledger", "ed25519"])),
    ("no absence, and no consistency but what a timestamp needs", made(example, absent=[], consistency=[5])),
    ("consistency from nothing, by its one root", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": sha256(b""), "path": []}))),
    ("entries beyond those that it asks for", made(example, positions=[1, 2, 6, 9, 10])),
    ("consistency with its own size", made(example, consistency=[5, 22])),
    *[(f"{value} for a {name}", made(lambda name=name, value=value: example().changed(put(19, name, to=value))))
      for name, value in (("source", "#"), ("source", "x#y"), ("source", "[?#/"), ("dataschema", "x:"), ("dataschema", "x:#y"))],
    ("no timestamp", made(example, positions=[1], consistency=[])),
    ("several keys", made(example, complete=[OWN, "subject:build/7", "type:com.example.later"])),
    ("a file more that is listed", added("more.csv")),
    ("a checkpoint with an extension", checkpoint(more="hello\n")),
    ("a checkpoint that a witness has signed", lambda bundle: signed_text(
        "checkpoint.txt", lambda content: content + "\u2014 witness AAAAAAA=\n".encode())(bundle)),
]
SOUND = [(what, change, set()) for what, change in SOUND]
DAMAGES = (PLAIN + ENTRIES + CHECKPOINTS + SEALS + MANIFESTS + PROOFS + KEYS + ABSENCES + STATEMENT_DAMAGES +
           TIMESTAMP_DAMAGES + ARCHIVES)

STRICT_READINGS = [
    ("a file beside those of sigstore/", added("sigstore/more.json", signed=False), {"manifest"}),
    ("a size with a fraction", signed_text("manifest.json", replace('"size": 21', '"size": 21.0')), {"manifest"}),
    ("a size with an exponent", signed_text("manifest.json", replace('"size": 21', '"size": 21e0')), {"manifest"}),
    ("a count of -0", signed_text("proofs.json", replace('"count": 0', '"count": -0')), {"proof"}),
    ("a key that the index cannot have", manifest(put("query", "absent", to=["nothing"])), {"manifest"}),
    ("a period that ends before it begins", manifest(put("scope", to={
        "type": DEPLOYED, "since": moment(3), "until": moment(2)})), {"manifest"}),
    ("an empty period", manifest(put("scope", to={"type": DEPLOYED, "since": moment(3), "until": moment(3)})), {"manifest"}),
    ("no name of the tool", manifest(put("tool", "name", to="")), {"manifest"}),
    ("a size twice in consistency", proofs(lambda value: value["consistency"].append(value["consistency"][-1])), {"proof"}),
    ("consistency from nothing", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": ELSEWHERE, "path": []})), {"proof"}),
    ("consistency from nothing, with a path", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": sha256(b""), "path": [ELSEWHERE]})), {"proof"}),
    ("a time before that of the entry before", made(lambda: example().changed(
        put(19, "recordedtime", to=example().events[3]["recordedtime"]))), {"entry"}),
    ("a streamversion twice", made(lambda: example().changed(put(19, "streamversion", to=2))), {"entry"}),
    ("source and id twice", made(lambda: example().changed(put(19, "id", to="e4"))), {"entry"}),
    ("withheld, and unknown", manifest(put("withheld", to=[ELSEWHERE])), {"attachment"}),
    ("a payload without a predicateType", statement(payload={"predicateType": None}), {"statement"}),
    ("the same statement twice", envelopes(lambda values: values.append(values[0])), {"statement"}),
    ("a trusted key with one member more", trusted(more=1), {"statement"}),
    ("a timestamp whose checkpoint is withheld", lambda bundle: release_bundle(
        withheld=[attachment(bundle, "checkpoint.txt")[-64:]]).zip(), {"timestamp"}),
    ("a file in a file", with_member("index.html/a"), {"archive"}),
    ("a folder of a file's name", with_member("index.html/", mode=0o040755), {"archive"}),
    ("something between two members", first(after=b"more"), {"archive"}),
    ("a member that is not in the central directory", first(after=Member("a").prepare() or b"PK\3\4" + bytes(26)),
     {"archive"}),
    ("something before the central directory", archive(between=b"more"), {"archive"}),
    ("another size in the local header", first(local={"size": 11}), {"archive"}),
    ("another CRC-32 in the local header", first(local={"crc": 7}), {"archive"}),
    ("other flags in the local header", first(local={"flags": 0x800}), {"archive"}),
    ("encrypted in the local header alone", first(local={"flags": 1}), {"archive"}),
    ("a flag that nobody has defined", first(flags=0x80), {"archive"}),
    ("another name in an extra field", first(extra=struct.pack("<2HBL", 0x7075, 8, 1, 0) + b"abc"), {"archive"}),
    ("an extra field that is cut short", first(extra=b"UT\5\0\1"), {"archive"}),
    ("a data descriptor", first(flags=8, local={"crc": 0, "packed": 0, "size": 0}, after=descriptor), set()),
    ("a data descriptor without its mark", first(flags=8, local={"crc": 0, "packed": 0, "size": 0},
                                                 after=lambda each: descriptor(each, b"")), set()),
    ("a data descriptor of other data", first(flags=8, after=b"PK\7\10" + bytes(12)), {"archive"}),
    ("no data descriptor", first(flags=8), {"archive"}),
    *[(f"a data descriptor, and another {name} in the local header", first(
        flags=8, local={"crc": 0, "packed": 0, "size": 0, name: 7}, after=descriptor), {"archive"})
      for name in ("crc", "packed", "size")],
    ("no data descriptor, and zeros in the local header", first(local={"crc": 0, "packed": 0, "size": 0}), {"archive"}),
]


# What somebody makes long, so that a verifier takes long or says too much

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
    ("a name of many folders", with_member("/".join("a" * 30_000)), {"manifest"}),
]
