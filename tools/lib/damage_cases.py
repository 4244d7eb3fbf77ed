"""What tools/lib/damage.py does to bundles: for each layer a function of a source of randomness and a `damage.Source`,
which returns the bytes of a file. LAYERS has them all, with how often each is used."""
import copy
import functools
import json
import random
import re
import struct
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / "scenarios"), str(ROOT / "tools")]
import bundle_maker  # noqa: E402
import verify  # noqa: E402
from bundle_maker import RELEASE, STATEMENTS, Bundle, Member, example_log, key, pretty, zip_file  # noqa: E402
from trees import entry_hash  # noqa: E402

for module in (bundle_maker.bundle, bundle_maker.log, bundle_maker.proofs):
    module.canonical = verify.write_json  # that of forging is not made for every number and name

# What is put where something else stood.
VALUES = [None, True, False, 0, -1, 1, 2, 41, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53, 2**63, 2**64, 10**25, 0.5, 1.0,
          -0.0, 1e300, "", "0", "a", "\u00e9", "e\u0301", "\ufdd0", "\uffff", "\U0001f600", "\x00", "\x7f", "\u2028",
          "\ufeff", "a\n", " a", "a" * 300, "ledger", RELEASE, "00" * 32, "FF" * 32, "__proto__", [], {}, [[]],
          {"": None}]
TIMES = ["2026-02-01T10:02:00.000000Z", "2026-02-01T10:02:60.000000Z", "2026-02-30T10:02:00.000000Z",
         "2024-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "0000-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z",
         "2026-02-01T24:00:00Z", "2026-02-01t10:02:00z", "2026-02-01T10:02:00+24:00", "2026-02-01T10:02:00-00:00",
         "2026-02-01T10:02:60.5+23:59", "2026-02-01T10:02:00.Z", "2026-02-01 10:02:00Z", "2026-02-01T10:02:00",
         "2026-02-01T10:02:00.000000Z\n", "\uff12026-02-01T10:02:00.000000Z", "2026-2-01T10:02:00Z",
         "2026-00-01T10:02:00Z", "+2026-02-01T10:02:00Z"]
URIS = ["a b", "%zz", "%41", "%4", "\u00e9", "http://[::1]/", "//", "#", "##", "?", "a:b", "1a:b", "a+.-:", "^", "|",
        "\\", "{", '"', "<", "`", "a:", ":", "urn:a\n", "a:\u00e9", "[", "a'b", "~", "a:%C3%A9", "-a:b"]
TYPES = ["text/plain", "text", "text/", "/a", "a/b;c=d", "a/b ; c=d", 'a/b;c="d e"', 'a/b;c="\\""', 'a/b;c="\u00e9"',
         "a/b;", "a/b;c", "a/b;c=", "a/b;c=d;e=f", "a/b;c=d ", " a/b", "a/b\n", 'a/b;c="\\\x7f"', "a/b;\tc=d",
         'a/b;c="d', "a/{|}", 'a/b;c=""', "a/b;;c=d", "a/(b)", 'a/b;c="\\a\t"', "a/b; c =d"]
BASE64 = ["", "AA==", "AB==", "A", "AAA=", "AAAA\n", "-_==", " AAAA", "AAAA====", "AA=A", "\u00e9", "AAAB"]
ATTRIBUTES = {"time": TIMES, "recordedtime": TIMES, "source": URIS, "dataschema": URIS, "datacontenttype": TYPES,
              "data_base64": BASE64, "specversion": ["1.0", "1", 1.0, "1.0\n"],
              "subject": ["ledger", "a/b", "\u00e9", "x" * 500], "streamversion": [1, 2, 7, 2**31 - 1, 2**31],
              "type": ["a", bundle_maker.SEALED, bundle_maker.KEY_TRUSTED], "id": ["e1", "e2", "x"], "ext": [],
              "a1": [], "traceparent": [], "Upper": [], "a" * 20: [], "a" * 21: [], "a_b": []}
NUMBERS = ["1.0", "1e0", "1E0", "-0", "0", "01", "+1", "1.", ".5", "1e400", "1e-400", "9007199254740991",
           "9007199254740992", "9007199254740993", "-9007199254740993", "123456789012345680000", "1e21", "1e+21",
           "100000000000000000000", "0.1", "5e-324", "2.2250738585072014e-308", "1.7976931348623157e+308", "1e-7",
           "0.000001", "4.35", "333333333.3333332", "NaN", "1" * 400, "0x1", "-1", "1_0", "0.30000000000000004", "-0.0",
           "1.7976931348623159e308", "\u0661"]
STRINGS = [r"\u0000", r"\u001F", r"\u001f", r"\/", r"\ud800", r"\ud83d\ude00", r"\uD83D\uDE00", r"\udc00\ud800",
           "\u2028", "\x7f", r"\u007f", "\ufffe", "\U0010ffff", "\ufeff", r"\x", r"\b\f\n\r\t", "\t", r"\u0008",
           "e\u0301", r"\u00e9", r"\u0061", r"\u{61}", "\\\n", "\u0085", "\ufdd0", r"\ufdd0", r"\u00E9"]


# Bytes

def some_bytes(rng):
    length = rng.choice((1, 1, 2, 4, 16, 200))
    marks = (b"PK\5\6", b"PK\1\2", b"PK\3\4", b"PK\7\10", b"PK\6\6", b"\n", b"\r")
    return rng.choice((rng.randbytes(length), bytes(length), *marks))


def break_bytes(rng, content):
    """One change of bytes; two in three near the ends, where a ZIP file says what it is."""
    edge = min(len(content), rng.choice((22, 60, 400)))
    at = rng.choice((rng.randrange(len(content)), rng.randrange(edge), len(content) - 1 - rng.randrange(edge)))
    end = min(len(content), at + rng.choice((1, 1, 2, 4, 30, 300, 5000)))
    other = rng.randrange(len(content))
    head, cut, tail = content[:at], content[at:end], content[end:]
    return rng.choice((
        lambda: head + bytes([cut[0] ^ 1 << rng.randrange(8)]) + cut[1:] + tail,
        lambda: head + rng.randbytes(1) + cut[1:] + tail, lambda: head, lambda: head + tail,
        lambda: head + some_bytes(rng) + cut + tail, lambda: head + cut + cut + tail,
        lambda: (head + tail)[:other] + cut + (head + tail)[other:], lambda: head + bytes(len(cut)) + tail,
        lambda: content + some_bytes(rng), lambda: some_bytes(rng) + content))()


def raw(rng, source):
    content = source.content
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        content = break_bytes(rng, content) if len(content) > 1 else b"PK"
    return content


EXTRAS = [struct.pack("<2HBL", 0x5455, 5, 1, 0), struct.pack("<2H", 0xCAFE, 0), b"\0", b"UT\5\0\1",
          struct.pack("<2HQ", 1, 8, 12), struct.pack("<2HBL", 0x7075, 6, 1, 0) + b"a", struct.pack("<2H", 1, 0),
          struct.pack("<2H", 0xFFFF, 4) + b"PK\5\6"]
NAMES = ["a", "A.CSV", "Index.HTML", "index.html/a", "attachments", "a/", "a/b/", "sigstore/", "manifest.json/", "..",
         "a/../b", "a//b", "x" * 128, "x" * 129, "a b", "\xe9", "\xc3\xa9", "-", "...", "a/.",
         "sigstore/x.sigstore.json", "K", "\xe2\x84\xaa", "a\\b", "a\0", "/a", "a/" * 40 + "a",
         "sigstore/.sigstore.json", "Sigstore/y.sigstore.json", "attachments/x", "con"]


def odd_member(rng, member):
    member.prepare()
    flags = rng.choice((0, 2, 4, 6, 8, 0x800, 0x808, 1, 0x10, 0x80))
    def described(sizes, mark):
        return mark + struct.pack("<3L", member.crc, len(member.packed), member.size) if flags & 8 or sizes else b""
    deferred = {"crc": 0, "packed": 0, "size": 0} if rng.random() < 0.7 else {}
    rng.choice((
        lambda: vars(member).update(method=0, packed=member.data), lambda: vars(member).update(mode=rng.choice(
            (0, 0o100755, 0o120777, 0o040755, 0o020644, 0o644, 0o104644, 0o107644))),
        lambda: vars(member).update(system=rng.choice((0, 3, 19, 255)), mode=rng.choice((0o120777, 0, 0o100644))),
        lambda: vars(member).update(flags=flags, local=deferred if flags & 8 else {}, after=described(
            False, rng.choice((b"", b"PK\7\10", b"PK\7\7")))),
        lambda: vars(member).update(extra=rng.choice(EXTRAS)), lambda: member.local.update(extra=rng.choice(EXTRAS)),
        lambda: member.local.update(
            {rng.choice(("crc", "size", "packed", "flags", "method")): rng.choice((0, 8, 2**16 - 1))}),
        lambda: vars(member).update(size=rng.choice((0, member.size + 1, 2**28, 2**28 + 1, 2**32 - 1))),
        lambda: vars(member).update(name=rng.choice(NAMES)), lambda: member.local.update(name=rng.choice(NAMES)),
        lambda: vars(member).update(packed=member.packed + some_bytes(rng)),
        lambda: vars(member).update(packed=member.packed[:-1]), lambda: vars(member).update(after=some_bytes(rng)),
        lambda: vars(member).update(before=some_bytes(rng)), lambda: vars(member).update(offset=rng.randrange(1 << 14)),
        lambda: vars(member).update(method=rng.choice((0, 1, 9, 12, 14)))))()


def archive(rng, source):
    members = [Member(name, content, rng.choice((0, 8, 8))) for name, content in sorted(source.files.items())]
    for _ in range(rng.choice((0, 0, 1, 2))):
        members.insert(rng.randrange(len(members) + 1), Member(rng.choice(NAMES), rng.choice((b"", b"", b"more"))))
    for _ in range(rng.choice((0, 1, 1, 2))):
        odd_member(rng, rng.choice(members))
    if rng.random() < 0.3:
        rng.shuffle(members)
    marked = b"x" * rng.randrange(40) + b"PK\5\6" + b"y" * rng.randrange(40)
    comment = rng.choice((b"", b"hello", b"PK\5\6", marked, bytes(65535)))
    options = rng.choice((
        {}, {}, {"before": some_bytes(rng)}, {"between": some_bytes(rng)}, {"after": some_bytes(rng)}, {"disk": 1},
        {"count": rng.randrange(70)}, {"shift": rng.choice((1, 1 << 31))}, {"comment_length": rng.randrange(50)}))
    try:
        return zip_file(members, comment=comment if rng.random() < 0.4 else b"", **options)
    except (struct.error, UnicodeEncodeError):  # more than a field can hold
        return zip_file([])


# JSON, as values and as text

def place(rng, value):
    """Somewhere in a value, at any depth with the same chance: the container, and the name or number in it."""
    while True:
        at = rng.choice(list(value) if isinstance(value, dict) else range(len(value)))
        inner = value[at]
        if not isinstance(inner, (dict, list)) or not inner or rng.random() < 0.25:
            return value, at
        value = inner


def near(rng, value):
    """Something like a value, and not the same."""
    if isinstance(value, bool) or value is None or isinstance(value, (list, dict)) or rng.random() < 0.3:
        return rng.choice(VALUES)
    if isinstance(value, str):
        at = rng.randrange(len(value) + 1)
        other = value[:at] + rng.choice("0aZ-\u00e9\u0301\n") + value[at + 1:]
        return rng.choice((other, value.upper(), value[:at], value + value, value[::-1], rng.choice(TIMES),
                           value[:at] + "\U0001f600" + value[at:]))
    return rng.choice((value + 1, value - 1, -value, value * 2, float(value), str(value)))


def change_value(rng, value, other):
    """One change inside a JSON value; `other` is one of the same kind to take from."""
    if not isinstance(value, (dict, list)) or not value:
        return
    container, at = place(rng, value)
    theirs, there = place(rng, other) if isinstance(other, (dict, list)) and other else (container, at)
    do = rng.randrange(8)
    if do < 2:
        container[at] = near(rng, container[at])
    elif do == 2:
        del container[at]
    elif do == 3:
        container[at] = copy.deepcopy(theirs[there])
    elif isinstance(container, list):
        {4: lambda: container.insert(at, copy.deepcopy(container[at])),
         5: lambda: container.append(copy.deepcopy(theirs[there])),
         6: lambda: rng.shuffle(container), 7: container.reverse}[do]()
    else:
        name = rng.choice(("more", "", "__proto__", "constructor", "\u00e9", at.upper(), at + "\0", "then", "length"))
        container[name] = container.pop(at) if do == 4 else near(rng, container[at])


def change_text(rng, text):
    """One change of how JSON is written, which may or may not change what it says."""
    def one(pattern, to):
        found = list(re.finditer(pattern, text))
        chosen = rng.choice(found) if found else None
        return text[:chosen.start()] + to(chosen[0]) + text[chosen.end():] if chosen else text + to('"a": ')
    inner = len(text) and rng.randrange(len(text))
    return rng.choice((
        lambda: one(r"-?\b\d+\b(?=[,}\]\s])", lambda _: rng.choice(NUMBERS)),
        lambda: one(r'"[^"\\]+"', lambda found: f'"{rng.choice(STRINGS)}{found[1:]}'),
        lambda: one(r'[^"\\]"', lambda found: found[0] + rng.choice(STRINGS) + '"'),
        lambda: one(r'"[a-z]', lambda found: f'"\\u{ord(found[1]):04{rng.choice("xX")}}'),
        lambda: one(r'"\w+": ?', lambda found: rng.choice(
            (f"{found}0,{found}", f'"__proto__":1,{found}', f"{found[:-1]} \f:"))),
        lambda: one(r"[,:{}\[\]]", lambda found: rng.choice(
            (found + found, found + " ", found + "\n", "\u00a0" + found, "\v", ","))),
        lambda: rng.choice(("\ufeff", " ", "\n", "\r\n", "/**/", "[", "\0")) + text,
        lambda: text + rng.choice((" ", "\n", "\0", "{}", "\r", "//", "\u2028", text)),
        lambda: text.replace("\n", "\r\n"), lambda: text.rstrip("\n"), lambda: "", lambda: text[:inner],
        lambda: one(r"[\[{]", lambda found: "[" * rng.choice((509, 510, 511, 512, 513, 5000)) + found),
        lambda: one(r"\[", lambda found: "[" + "[" * (n := rng.choice((505, 508, 510, 600))) + "]" * n + ",")))()


def to_bytes(rng, text):
    content = text.encode("utf-8", "surrogatepass")
    return break_bytes(rng, content) if content and rng.random() < 0.1 else content


# The files of a bundle

def change_document(rng, files, other, name):
    """A file of JSON: its value, or its text."""
    text = files[name].decode("utf-8", "replace")
    if rng.random() < 0.7:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return
        change_value(rng, value, json.loads(other.get(name, b"[]")) if rng.random() < 0.5 else value)
        text = json.dumps(value, ensure_ascii=False, indent=rng.choice((None, 2))) + "\n"
    else:
        text = change_text(rng, text)
    files[name] = to_bytes(rng, text)


def change_lines(rng, files, other, name):
    """A file of lines of canonical JSON, or one of its lines."""
    lines = files[name].split(b"\n")
    at, source = rng.randrange(len(lines)), other.get(name, files[name]).split(b"\n")
    def changed(line):
        try:
            value = json.loads(line)
        except ValueError:
            return to_bytes(rng, change_text(rng, line.decode("utf-8", "replace")))
        change_value(rng, value, value)
        return to_bytes(rng, verify.write_json(value))
    line = lines[at]
    lines[at:at + 1] = (
        lambda: [changed(line)], lambda: [to_bytes(rng, change_text(rng, line.decode("utf-8", "replace")))], lambda: [],
        lambda: [line, line], lambda: [line, rng.choice(source)], lambda: [rng.choice(source)],
        lambda: [line, lines.pop(rng.randrange(len(lines)))])[rng.randrange(7)]()
    files[name] = b"\n".join(lines)


def change_place(rng, files, other, _):
    """An entry with its place: both left out, doubled, moved, or another's; the hash may be computed anew."""
    try:
        proofs, lines = json.loads(files["proofs.json"]), files["entries.jsonl"].splitlines(keepends=True)
        at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
        entry, line = proofs["entries"][at], lines[at]
        if rng.random() < 0.4:
            lines[at] = line = to_bytes(rng, verify.write_json({**json.loads(line), "id": "x"})) + b"\n"
            entry["hash"] = entry_hash(bytes.fromhex(entry["previous"]), line[:-1]).hex()
        elif rng.random() < 0.5:
            del proofs["entries"][at], lines[at]
            for proof in proofs["complete"]:
                proof["positions"] = [each for each in proof["positions"] if each != entry["position"]]
        if rng.random() < 0.5:
            proofs["entries"].insert(to, entry)
            lines.insert(to, line)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):  # other changes have come before
        return
    files["proofs.json"], files["entries.jsonl"] = pretty(proofs), b"".join(lines)


def change_files(rng, files, other, _):
    name, another = rng.choice(sorted(files)), rng.choice(sorted(files))
    new = rng.choice(("more.csv", "sigstore/more.sigstore.json", "sigstore/more", "attachments/sha256-" + "0" * 64,
                      "A/b", "verify.PY"))
    rng.choice((lambda: files.pop(name), lambda: files.update({name: b""}), lambda: files.update({new: files[name]}),
                lambda: files.update({name: files[another]}), lambda: files.update({name: other.get(name, b"other")}),
                lambda: files.update({new: files.pop(name)}),
                lambda: files.update({name: break_bytes(rng, files[name] or b"a")})))()


CHANGES = [(change_document, "manifest.json"), (change_document, "proofs.json"), (change_document, "proofs.json"),
           (change_lines, "entries.jsonl"), (change_lines, STATEMENTS), (change_lines, "checkpoint.txt"),
           (change_place, "proofs.json"), (change_files, "manifest.json"), (change_document, "sigstore/")]


def change(rng, files, other):
    act, name = rng.choice(CHANGES)
    names = [each for each in sorted(files) if each.startswith(name)]
    if names:
        act(rng, files, other, rng.choice(names))


def relist(files):
    """The manifest's list of files made true, if there is a manifest to do that in."""
    try:
        manifest = json.loads(files["manifest.json"])
        listed = [name for name in sorted(files) if not name.startswith(("manifest.json", STATEMENTS, "sigstore/"))]
        files_now = [{"path": each, "size": len(files[each]), "sha256": bundle_maker.sha256(files[each])}
                     for each in listed]
        if manifest["files"] != files_now:
            files["manifest.json"] = pretty({**manifest, "files": files_now})
    except (ValueError, KeyError, TypeError, RecursionError):
        return


def zipped(files):
    return zip_file([Member(name, content) for name, content in sorted(files.items())])


def packed(rng, source):
    files = dict(source.files)
    for _ in range(rng.choice((1, 1, 2, 3))):
        change(rng, files, rng.choice(source.others))
    return zipped(files)


def forged(rng, source, owner=False):
    bundle = Bundle(source.log, ["ledger"] if owner else [], source.files)
    if rng.random() < 0.5:  # statements are changed after they are signed, the rest before
        bundle["manifest.json"] = bundle["manifest.json"] + b" "
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        change(rng, bundle, rng.choice(source.others))
    relist(bundle)
    if "manifest.json" in bundle and (owner or rng.random() < 0.5):
        signer = "ledger" if owner else "other"
        values = [bundle.envelope(signer, keyid=None if owner or rng.random() < 0.5 else key("ledger").keyid)]
        payload = bundle.payload()
        if rng.random() < 0.15:
            payload = to_bytes(rng, change_text(rng, payload.decode()))
        values += [bundle.envelope(signer, payload)] * (rng.random() < 0.3)
        bundle.put_envelopes(values)
        if rng.random() < 0.2:
            act, name = rng.choice(((change_lines, STATEMENTS), (change_document, "sigstore/0.sigstore.json")))
            act(rng, bundle, {}, name)
    return zipped(bundle)


# What only the owner can do: odd events

class OddLog(bundle_maker.Log):
    """A ledger with events whose bytes are not what their values say."""
    texts = {}

    def add(self, event):
        super().add(event)
        at = len(self.raw) - 1
        if at in self.texts:
            self.raw[at] = self.texts[at](self.raw[at])
            self.hashes[at] = entry_hash(self.previous[at], self.raw[at])


def odd_text(state):
    """A change of the bytes of an event, the same whenever it is asked for."""
    def change_bytes(content):
        rng = random.Random(state)
        return to_bytes(rng, change_text(rng, content.decode())).replace(b"\n", b"")
    return change_bytes


def odd_event(rng, event):
    """One attribute of an event is another, or its data are."""
    name = rng.choice([*ATTRIBUTES, "data", "data", "data"])
    if name != "data":
        is_likely = name in event or rng.random() < 0.7
        event[name] = rng.choice([*ATTRIBUTES[name], rng.choice(VALUES)] if is_likely else VALUES)
    elif isinstance(event.get("data"), dict) and event["data"] and rng.random() < 0.6:
        change_value(rng, event["data"], event)
    else:
        long = "x" * (61_440 - len(str(event)) + rng.randrange(-40, 40))
        attachment = {"name": rng.choice(VALUES), "digest": "sha256:" + rng.choice(("0" * 64, "A" * 64, ""))}
        event["data"] = rng.choice((*VALUES, {"\ue000": 1, "\U0001f600": 2}, {"a": long}, {
            "attachments": rng.choice((rng.choice(VALUES), [rng.choice(VALUES), attachment]))}))


def owned(rng, source):
    if rng.random() < 0.5:
        return forged(rng, source, owner=True)
    log = copy.copy(example())
    log.texts = {}
    positions = [rng.choice((0, 1, 2, 3, 4, 9, 19, 20, 20)) for _ in range(rng.choice((1, 1, 2)))]

    def change_all(events):
        for at in positions:
            if rng.random() < 0.7:
                odd_event(rng, events[at])
            else:
                log.texts[at] = odd_text(rng.getrandbits(64))
    try:
        log = log.changed(change_all)
        names = [f"subject:{RELEASE}", *{f"type:{log.events[at]['type']}" for at in positions if rng.random() < 0.3}]
        return bundle_maker.release_bundle(log, complete=sorted(set(names)), positions=sorted({1, *positions} - {0}),
                                           consistency=(), signers=["ledger"]).zip()
    except (KeyError, TypeError, AttributeError, ValueError):  # what cannot even be written
        return forged(rng, source, owner=True)


@functools.cache
def example():
    log = example_log(stamp=lambda log: None)
    log.__class__ = OddLog
    return log


LAYERS = {"raw": (raw, 20), "archive": (archive, 20), "packed": (packed, 10), "forged": (forged, 25),
          "owned": (owned, 25)}
