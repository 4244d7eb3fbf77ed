#!/usr/bin/env python3
"""Verify a Daybook ledger, or an evidence bundle: an independent second implementation of docs/spec/.

It was written from docs/spec/ and schema/ledger/ alone, and shares no code with `daybook`; where the two disagree about
a ledger or a bundle, one of them or the specification is wrong.

    tools/verify.py LEDGER [--key VKEY] [--checkpoint FILE]... [--receipt FILE]... [--timestamp-ca PEMFILE] [--quick]
                    [-o text|json]

Of a ledger (docs/spec/verification.md) it checks the file and its schema, the chain of hashes, the form of every event,
the streams, the idempotency keys, SQLite's indexes and computed columns, the stored subtree hashes, the attachments,
every seal of the index and every stored checkpoint; and it holds the ledger against what you bring from outside. With
--timestamp-ca it also checks the timestamps, if it has found nothing else, and says what each of them shows. --quick
checks the file, the positions, the hashes, the subtree hashes, the newest checkpoint, and all that comes from outside.

    tools/verify.py BUNDLE.zip [--key VKEY] [--checkpoint FILE]... [--timestamp-ca PEMFILE] [-o text|json]

Of a bundle (docs/spec/bundle.md) it checks the ZIP file, the manifest and the hash of every file, the checkpoint, every
entry and its path to the checkpoint, that nothing was left out of what the manifest promises, the attachments, the
signed statements and the timestamps. A file that is no SQLite file is taken for a bundle if its name ends in .zip or it
starts with PK; --bundle says that it is one.

VKEY is a verifier key, or a file that holds one: less than two "+" can only be a file's name. A checkpoint FILE holds
one signed checkpoint; a receipt FILE holds receipts, one JSON object a line, or one object over several lines. PEMFILE
holds the certificates of time-stamping authorities.

Exit: 0 nothing found; 11 findings; 13 no finding, but something was left open: no key was given for a bundle, or it
does not show how it agrees with a checkpoint that was, or there is no timestamp for --timestamp-ca; 64 wrong usage; 65 a
ledger of a newer format, or a key, checkpoint, receipt or certificate file that cannot be read as one; 66 no such file;
69 no usable openssl or SQLite; 70 a fault of this program.

It needs Python 3.9 with SQLite 3.37 or newer, nothing beyond the standard library, and the openssl command (3.0 or
newer), which it uses for signatures and timestamps alone. It never writes to the ledger. A ledger without entries in a
-wal file is read without locks and without a trace; else SQLite reads the two together, and may create the -shm file.
Of a bundle it writes nothing but what it hands to openssl, in a temporary folder, under names of its own.
"""
from __future__ import annotations

import argparse
import base64
import bisect
import calendar
import collections
import concurrent.futures
import contextlib
import functools
import hashlib
import io
import itertools
import json
import os
import re
import sqlite3
import stat
import struct
import subprocess
import sys
import tempfile
import urllib.parse
import zlib

FOUND, UNPROVEN, USAGE, DATA, NO_INPUT, UNAVAILABLE, SOFTWARE = 11, 13, 64, 65, 66, 69, 70
APPLICATION_ID, FORMAT = 1146700363, 1
EVENT_LIMIT, NOTE_LIMIT, DEPTH_LIMIT = 61_440, 1 << 20, 512
POSITIONS = 1 << 53  # from there on JSON numbers are not exact
CREATED, SEALED = "dev.daybook.ledger.created.v1", "dev.daybook.ledger.sealed.v1"
KEY_TRUSTED, TIMESTAMPED = "dev.daybook.key.trusted.v1", "dev.daybook.checkpoint.timestamped.v1"
READ_AGAIN = (SEALED, KEY_TRUSTED, TIMESTAMPED)  # the types of entries of a bundle whose data matter to it
QUICK_KINDS = ["file", "schema", "storage", "position", "hash", "created", "subtree", "checkpoint"]
OTHER_KINDS = ["canonical", "event", "time", "stream", "key", "index", "attachment", "seal"]
TABLES = ("entries", "subtree_hashes", "checkpoints", "attachments")
# The statements of schema/ledger/0001-ledger.sql as sqlite_schema keeps them, here so that this file stands alone.
SCHEMA = """\
CREATE TABLE entries (
    position      INTEGER PRIMARY KEY CHECK (position >= 0),
    hash          BLOB NOT NULL CHECK (length(hash) = 32),
    event         TEXT NOT NULL,
    id            TEXT    GENERATED ALWAYS AS (json_extract(event, '$.id')) VIRTUAL,
    source        TEXT    GENERATED ALWAYS AS (json_extract(event, '$.source')) VIRTUAL,
    type          TEXT    GENERATED ALWAYS AS (json_extract(event, '$.type')) VIRTUAL,
    subject       TEXT    GENERATED ALWAYS AS (json_extract(event, '$.subject')) VIRTUAL,
    streamversion INTEGER GENERATED ALWAYS AS (json_extract(event, '$.streamversion')) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX entries_by_key ON entries (source, id);
CREATE UNIQUE INDEX entries_by_stream ON entries (subject, streamversion);
CREATE INDEX entries_by_type ON entries (type);
CREATE TABLE subtree_hashes (
    level  INTEGER NOT NULL CHECK (level >= 1),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY CHECK (size >= 1),
    note TEXT NOT NULL
) STRICT;
CREATE TABLE attachments (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    bytes  BLOB NOT NULL
) STRICT;
""" + "".join(f"CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table}\n"
              f"BEGIN SELECT RAISE(ABORT, '{table.replace('_', ' ')} are never {done}'); END;\n"
              for table in TABLES for verb, done in (("update", "changed"), ("delete", "deleted")))


class Stop(Exception):
    """Nothing to verify, or nothing to verify it with: an exit code and the sentence that explains it."""


class Malformed(Exception):
    """Something is not in the form that it should have; the message says why."""


def require(condition: object, message: str) -> None:
    if not condition:
        raise Malformed(message)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def shown(value: object) -> str:
    """A value out of the ledger, made safe for a terminal: repr escapes whatever does not print."""
    if isinstance(value, bytes):
        value = value.hex() if len(value) == 32 else value.decode("utf-8", "backslashreplace")
    return repr(value) if len(repr(value)) <= 120 else repr(value)[:117] + "..."


# Canonical JSON (canonical-json.md). Objects become dict, integers within 2^53 - 1 int, all other numbers float.

PLAIN = r"""[^"\\\x00-\x1f]*"""
ESCAPES = r"""(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})""" + PLAIN + "){%s}"
TOKEN = re.compile(r"""[ \t\n\r]*(?: (?P<mark>[{}\[\]:,]) | (?P<word>true|false|null)
    | "(?P<string>""" + PLAIN + ESCAPES % "0,1000" + r""")"
    | (?P<number>-?(?:0|[1-9][0-9]*)(?P<real>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)) )""", re.VERBOSE)
LONG_START, LONG_REST = re.compile(r'[ \t\n\r]*"(' + PLAIN + ")"), re.compile(ESCAPES % "1,1000")
ESCAPE = re.compile(r"\\(?:u(d[89ab]..)\\u(d[c-f]..)|u(....)|(.))", re.IGNORECASE)  # a pair of surrogates first
ESCAPED = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {"true": True, "false": False, "null": None}
TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')
WRITTEN = {**{chr(code): f"\\u{code:04x}" for code in range(0x20)},
           **{char: "\\" + letter for letter, char in ESCAPED.items() if letter != "/"}}
sys.setrecursionlimit(5000)  # reading takes one Python frame for each level of nesting, writing two


class LongString:
    """A token like those that TOKEN finds, of a string with so many escapes that a pattern for all of it takes gigabytes."""

    def __init__(self, text: str, begin: re.Match):
        self.begin, at = begin.start(), begin.end()
        while found := LONG_REST.match(text, at):
            at = found.end()
        self.closed, self.after, self.string = text[at:at + 1] == '"', at + 1, text[begin.start(1):at]

    def __getitem__(self, group: str) -> "str | None":
        return self.string if group == "string" else None

    def start(self) -> int:
        return self.begin

    def end(self) -> int:
        return self.after


def long_string(text: str, at: int) -> "LongString | None":
    begin = LONG_START.match(text, at)
    found = begin and LongString(text, begin)
    return found if found and found.closed else None


def unescape(found: re.Match) -> str:
    high, low, code, letter = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    return ESCAPED[letter] if letter else chr(int(code, 16))


def read_json(raw: bytes, strict: bool = False) -> object:
    """Reads a stored event, or a receipt. An integer outside 2^53 - 1 becomes a float: so 1e20 looks when canonical.
    Strictly such an integer is refused, and -0, which is 0 elsewhere, is no integer."""
    def check(condition: object, at: int, why: str) -> None:
        if not condition:
            raise Malformed(f"byte {len(text[:at].encode())}: {why}")

    def token(at: int, *marks: str) -> re.Match:
        found = TOKEN.match(text, at) or long_string(text, at)
        if not found or marks and found["mark"] not in marks:
            check(False, at, f"no {' or '.join(marks)}" if marks else "not JSON")
        return found

    def string(found: re.Match) -> str:
        check(found["string"] is not None, found.start(), "a string is missing")
        if "\\" not in found["string"]:
            return found["string"]
        result = ESCAPE.sub(unescape, found["string"])
        check(not re.search("[\ud800-\udfff]", result), found.start(), "a lone surrogate escape")
        return result

    def value(found: re.Match, depth: int) -> tuple[object, int]:
        """The value that begins with this token, and the index after it."""
        if found["string"] is not None:
            return string(found), found.end()
        if found["word"]:
            return WORDS[found["word"]], found.end()
        if found["number"]:
            number = float(found["number"])
            check(abs(number) != float("inf"), found.start(), "a number above any double")
            is_integer = not found["real"] and abs(number) < 2**53  # all beyond 2^53 - 1 round to 2^53 or more
            if strict:
                check(is_integer or found["real"], found.start(), "an integer outside 2^53 - 1")
                is_integer = is_integer and found["number"] != "-0"
            return int(found["number"]) if is_integer else number, found.end()
        check(found["mark"] in "{[", found.start(), "a value is missing")
        check(depth < DEPTH_LIMIT, found.start(), "nesting too deep")
        container, closing = ({}, "}") if found["mark"] == "{" else ([], "]")
        found = token(found.end())
        while found["mark"] != closing:
            if closing == "}":
                name = string(found)
                check(name not in container, found.start(), "a member name that stands twice in one object")
                container[name], at = value(token(token(found.end(), ":").end()), depth + 1)
            else:
                element, at = value(found, depth + 1)
                container.append(element)
            found = token(at, ",", closing)
            if found["mark"] == ",":
                found = token(found.end())
                check(found["mark"] != closing, found.start(), "a trailing comma")
        return container, found.end()

    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start}: invalid UTF-8") from None
    result, end = value(token(0), 0)
    check(not text[end:].strip(" \t\n\r"), end, "something after the value")
    return result


def write_json(value: object) -> str:
    """The RFC 8785 form of a value that read_json gave."""
    if isinstance(value, str):
        return '"' + TO_ESCAPE.sub(lambda found: WRITTEN[found[0]], value) + '"'
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))  # the order of UTF-16 code units
        return "{" + ",".join([write_json(name) + ":" + write_json(value[name]) for name in names]) + "}"
    if isinstance(value, list):
        return "[" + ",".join([write_json(element) for element in value]) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value) if isinstance(value, int) else write_double(value)


def write_double(number: float) -> str:
    """ECMAScript's Number::toString. Python's repr gives the same shortest digits, laid out in another way."""
    if number == 0:
        return "0"
    mantissa, _, exponent = repr(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)  # the value is 0.<digits> x 10^point
    digits = digits.rstrip("0")
    if 0 < point <= 21:
        text = digits.ljust(point, "0") if len(digits) <= point else digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if len(digits) > 1 else "") + f"e{point - 1:+d}"
    return "-" + text if number < 0 else text


# Events (entry.md).

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
NONCHARACTER = re.compile("[\ufdd0-\ufdef" + "".join(chr(plane << 16 | end) for plane in range(17)
                                                     for end in (0xFFFE, 0xFFFF)) + "]")
URI_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
URI_REST = f"{URI_CHARACTER}*(?:#{URI_CHARACTER}*)?"  # one fragment at most
MEDIA_TYPE = re.compile(r'T/T(?:[ \t]*;[ \t]*T=(?:T|"(?:[ \t!#-\[\]-~]|\\[ \t!-~])*"))*'
                        .replace("T", r"[!#$%&'*+\-.^_`{|}~0-9A-Za-z]+"))
DATE_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
                       r"(?:[Zz]|[+-]([0-9]{2}):([0-9]{2}))")
RECORDED_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\.[0-9]{6}Z")
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_date_time(text: str) -> bool:
    match = DATE_TIME.fullmatch(text)
    year, month, day, hour, minute, second, offset_hour, offset_minute = (
        int(part or 0) for part in (match.groups() if match else [0] * 8))
    leap_day = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (1 <= month <= 12 and 1 <= day <= MONTH_DAYS[month - 1] + leap_day and hour <= 23 and minute <= 59
            and second <= 60 and offset_hour <= 23 and offset_minute <= 59)  # second 60 is a leap second


REQUIRED = ("specversion", "id", "source", "type", "recordedtime")
STRINGS = {  # the attributes that must be non-empty strings, and what more is asked of them
    "specversion": ("1.0", "1.0".__eq__),
    "id": ("", str),
    "source": ("a URI-reference", re.compile("(?=.)" + URI_REST).fullmatch),
    "type": ("", str),
    "subject": ("", str),
    "time": ("an RFC 3339 date-time", is_date_time),
    "datacontenttype": ("a media type", MEDIA_TYPE.fullmatch),
    "dataschema": ("an absolute URI", re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:" + URI_REST).fullmatch),
    "recordedtime": ("a time of the ledger's clock", lambda text: RECORDED_TIME.fullmatch(text) and is_date_time(text)),
}


def event_faults(event: object) -> list[str]:
    if not isinstance(event, dict):
        return ["not an object"]
    faults = [f"{name} is missing" for name in REQUIRED if name not in event]
    faults += ["both data and data_base64"] * ("data" in event and "data_base64" in event)
    faults += ["subject and streamversion do not go together"] * (("subject" in event) != ("streamversion" in event))
    wanted = {name: wanted_attribute(name, value) for name, value in event.items() if name != "data"}
    return faults + [f"{shown(name)} is not {what}: {shown(event[name])}" for name, what in wanted.items() if what]


def wanted_attribute(name: str, value: object) -> str | None:
    """What an attribute should be, if that is not what it is."""
    is_integer = type(value) is int and -2**31 <= value < 2**31
    if isinstance(value, str) and (CONTROL.search(value) or NONCHARACTER.search(value)):
        return "free of control characters and noncharacters"
    if name in STRINGS:
        wanted, rule = STRINGS[name]
        return "a non-empty string" if not isinstance(value, str) or not value else None if rule(value) else wanted
    if name == "data_base64":
        return None if isinstance(value, str) and strict_base64(value) is not None else "base64"
    if name == "streamversion":
        return None if is_integer and value > 0 else "a positive integer within 32 bits"
    if not re.fullmatch("[a-z0-9]{1,20}", name):
        return "the name of an extension attribute"
    return None if is_integer or isinstance(value, (str, bool)) else "a string, a boolean, or an integer within 32 bits"


def created_faults(event: dict) -> tuple[Key | None, list[str]]:
    """What is wrong with the first event. If nothing is, also the key that it names; its name is the origin."""
    faults = [f"not an event of type {CREATED} and subject ledger"] * (
        event.get("type") != CREATED or event.get("subject") != "ledger")
    data = event["data"] if isinstance(event.get("data"), dict) else {}
    key = None
    try:
        key = parse_key(data["key"] if isinstance(data.get("key"), str) else "")
        expected = {"format": FORMAT, "key": data["key"], "origin": key.name}
        require(write_json(data) == write_json(expected), f"its data is not {shown(write_json(expected))}")
    except Malformed as error:
        faults.append(str(error))
    return (None, faults) if faults else (key, [])


def attachment_digests(event: dict) -> set[str]:
    data = event.get("data")
    elements = data.get("attachments") if isinstance(data, dict) else None
    pairs = [(element.get("name"), element.get("digest")) for element in elements if isinstance(element, dict)
             ] if isinstance(elements, list) else []
    return {digest[7:] for name, digest in pairs if isinstance(name, str) and isinstance(digest, str)
            and re.fullmatch("sha256:[0-9a-f]{64}", digest)}


# Keys, signed notes, checkpoints (checkpoint.md), and the tree (tree.md).

Key = collections.namedtuple("Key", "name id public")
Checkpoint = collections.namedtuple("Checkpoint", "origin size root text signatures")  # of (name, key ID, signature)


def strict_base64(text: str) -> bytes | None:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:  # of which binascii.Error and UnicodeEncodeError are kinds
        return None
    return data if base64.b64encode(data).decode() == text else None  # the unused bits are zero


def is_key_name(name: str) -> bool:
    return name != "" and not any(char == "+" or char.isspace() or CONTROL.match(char) for char in name)


# What stands before the key in the DER of a SubjectPublicKeyInfo. P-256: a point, its two coordinates in full.
ED25519 = bytes.fromhex("302a300506032b6570032100")
ECDSA_P256 = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def key_of(name: str, public: bytes) -> Key:
    return Key(name, sha256(name.encode() + b"\n\x01" + public)[:4], public)


def parse_key(text: str) -> Key:
    name, key_id, encoded = (text.split("+", 2) + ["", ""])[:3]
    data = strict_base64(encoded) or b""
    require(is_key_name(name) and len(data) == 33 and data[0] == 1, "no name, key ID, and base64 of an Ed25519 key")
    key = key_of(name, data[1:])
    require(key_id == key.id.hex(), "the key ID is not that of this name and key")
    return key


def parse_checkpoint(raw: bytes) -> Checkpoint:
    require(len(raw) <= NOTE_LIMIT, "above 1 MiB")
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    text, _, block = whole.rpartition("\n\n")
    require(not re.search("[\x00-\x09\x0b-\x1f]", whole), "it has a control character")
    require(text and block.endswith("\n"), "not a text, an empty line, and signature lines")
    require(block.count("\n") <= 100, "more than 100 signature lines")
    signatures = []
    for line in block[:-1].split("\n"):
        name, _, encoded = line[2:].partition(" ")
        data = strict_base64(encoded) or b""
        require(line[:2] == "\u2014 " and is_key_name(name) and len(data) > 4, f"no signature line: {shown(line)}")
        signatures.append((name, data[:4], data[4:]))
    origin, size, root, *extensions = text.split("\n") + [""] * max(0, 2 - text.count("\n"))
    require(is_key_name(origin) and "" not in extensions, "no origin, or an empty extension line")
    require(re.fullmatch("0|[1-9][0-9]{0,18}", size) and int(size) < 2**63, "its size is no number")
    root = strict_base64(root) or b""
    require(len(root) == 32, "its root is not the base64 of 32 bytes")
    require(size != "0" or root == sha256(b""), "its root is not that of the empty tree")
    return Checkpoint(origin, int(size), root, text + "\n", signatures)


class OpenSSL:
    """The openssl command, on a few threads since each call costs a process. Its files are in a temporary folder."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="daybook-verify-")
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))

    def run(self, command: str, **files: bytes) -> subprocess.CompletedProcess:
        """Runs `openssl command` in a new folder of these files. No name in the command has a space in it."""
        with tempfile.TemporaryDirectory(dir=self.directory.name) as place:
            for name, content in files.items():
                with open(os.path.join(place, name), "wb") as file:
                    file.write(content)
            try:
                return subprocess.run(["openssl", *command.split()], cwd=place, stdin=subprocess.DEVNULL,
                                      capture_output=True)
            except FileNotFoundError:
                raise Stop(UNAVAILABLE, "no openssl command: signatures cannot be checked without it") from None

    def close(self) -> None:
        self.pool.shutdown(wait=True)
        self.directory.cleanup()


def is_der_sequence(data: bytes) -> bool:
    """Whether the bytes are one SEQUENCE, of a stated length, and nothing after it."""
    first = data[1] if len(data) > 1 else 0x80
    count = first & 0x7F if first >= 0x80 else 0  # of the octets that state the length, where one is not enough
    length = int.from_bytes(data[2:2 + count], "big") if count else first
    return data[:1] == b"\x30" and first != 0x80 and len(data) == 2 + count + length


class Signatures(OpenSSL):
    """Signatures by Ed25519, by ECDSA over P-256 with SHA-256, and of time-stamping authorities (RFC 3161)."""

    # The example of checkpoint.md: an openssl that refuses it, or accepts it for another text, is of no use.
    KEY = "example.com/shop+94f057d7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    NOTE = ("example.com/shop\n2\nddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=\n\n\u2014 example.com/shop lPBX16v1/nvT"
            "yUB+O78rCRF2ge2W0D1DSbscyy8BCszckd19sWZ0rFwc2xGM3c5lbr4IRgDIx+0iryxq8XdMoveyBw4=\n")

    def __init__(self):
        super().__init__()
        self.answers: dict = {}
        self.asked: dict = {}
        self.tried = False

    def verify(self, key: Key, text: str, signature: bytes) -> concurrent.futures.Future:
        if not self.tried:
            self.tried = True
            known, (_, _, _, right, [(_, _, example)]) = parse_key(self.KEY), parse_checkpoint(self.NOTE.encode())
            if [self.verify(known, words, example).result() for words in (right, right + "x\n")] != [True, False]:
                raise Stop(UNAVAILABLE, "the openssl command cannot verify Ed25519 signatures; 3.0 or newer is needed")
        if len(self.answers) > 4096:  # kept for receipts that share a checkpoint; not worth more memory
            self.answers.clear()
        question = (key.public, sha256(text.encode()), signature)
        if question not in self.answers:
            self.answers[question] = self.pool.submit(self.ask, ED25519 + key.public, text.encode(), signature)
        return self.answers[question]

    def ask_about(self, checkpoint: Checkpoint, key: Key) -> tuple[list[str], list[concurrent.futures.Future]]:
        """What is wrong with its origin and its signers, and the answers, which come later, about its signatures."""
        faults = [f"its origin is {shown(checkpoint.origin)}, the key's name {shown(key.name)}"] * (
            checkpoint.origin != key.name)
        answers = [self.verify(key, checkpoint.text, signature)
                   for signer, key_id, signature in checkpoint.signatures if (signer, key_id) == key[:2]]
        return faults + ["it is not signed by the ledger's key"] * (not answers), answers

    @staticmethod
    def answer_faults(answers: list[concurrent.futures.Future]) -> list[str]:
        return ["its signature is wrong"] * (not all([answer.result() for answer in answers]))

    def note_faults(self, checkpoint: Checkpoint, key: Key) -> list[str]:
        faults, answers = self.ask_about(checkpoint, key)
        return faults + self.answer_faults(answers)

    def ask(self, key: bytes, text: bytes, signature: bytes) -> bool:
        """Whether the key, the DER of a SubjectPublicKeyInfo, has signed the text."""
        pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(key) + b"\n-----END PUBLIC KEY-----\n"
        digest = "" if key.startswith(ED25519) else " -digest sha256"
        command = f"pkeyutl -verify -pubin -inkey key -rawin{digest} -in text -sigfile signature"
        return self.run(command, key=pem, text=text, signature=signature).returncode == 0

    def ask_once(self, key: bytes, text: bytes, signature: bytes) -> bool:
        """The same, remembered."""
        question = (key, sha256(text), signature)
        if question not in self.asked:
            self.asked[question] = self.ask(key, text, signature)
        return self.asked[question]

    def token_faults(self, note: bytes, response: bytes, time: str, authorities: bytes) -> list[str]:
        """The words of a response are not signed: what is read of it is its status, at the beginning, and the token."""
        told = self.run("ts -reply -in response -text", response=response).stdout
        if not is_der_sequence(response) or not told.startswith(b"Status info:\nStatus: Granted.\n"):
            return ["its response is not exactly one RFC 3161 response, granted as asked"]
        token = self.run("ts -reply -in response -token_out", response=response).stdout
        told = self.run("ts -reply -token_in -in token -text", token=token).stdout
        faults = ["its imprint is not by SHA-256"] * (b"\nHash Algorithm: sha256\n" not in told)
        moment = re.search(rb"\nTime stamp: (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4}) GMT\n", told)
        month, day, hour, minute, second, year = (part.decode() for part in moment.groups()) if moment else [""] * 6
        number = "JanFebMarAprMayJunJulAugSepOctNovDec".find(month) // 3 + 1
        stated = f"{year}-{number:02}-{day:0>2}T{hour}:{minute}:{second}"
        if stated != time[:19] or year == "0000":
            return faults + [f"its time is {stated}, stated {time}"]
        at = calendar.timegm((*(int(part) for part in re.findall("[0-9]+", time)[:6]), 0, 0, 0))
        verified = self.run(f"ts -verify -data note -in response -CAfile ca -untrusted ca -attime {at}",
                            note=note, response=response, ca=authorities)
        return faults + ["none of these authorities has signed it for this checkpoint"] * (verified.returncode != 0)


class Tree:
    """The RFC 6962 tree over what was appended, kept as the roots of its full subtrees."""

    def __init__(self, stored: dict | None = None):
        self.size = 0
        self.full: list = []  # one root for each bit set in size, the largest subtree first
        self.stored = stored  # (level, number): what subtree_hashes must hold; None where nobody asks

    def append(self, node: bytes) -> None:
        height = 0
        while self.size >> height & 1:
            node = sha256(b"\x01" + self.full.pop() + node)
            height += 1
            if height % 8 == 0 and self.stored is not None:
                self.stored[height // 8, self.size >> height] = node
        self.full.append(node)
        self.size += 1

    def root(self) -> bytes:
        root = self.full[-1] if self.full else sha256(b"")
        for left in self.full[-2::-1]:
            root = sha256(b"\x01" + left + root)
        return root


# The index and its seals (index.md).

def entry_keys(event: dict) -> list[str]:
    return [f"type:{event['type']}"] + ([f"subject:{event['subject']}"] if "subject" in event else [])


def accumulate(accumulator: bytes, entry_hash: bytes) -> bytes:
    return sha256(b"\x02" + accumulator + entry_hash)


def index_leaf(key: str, count: int, accumulator: bytes) -> bytes:
    return sha256(b"\x00" + write_json({"acc": accumulator.hex(), "count": count, "key": key}).encode())


def is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < POSITIONS


def is_hash(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def seal_faults(position: int, event: dict) -> list[str]:
    """What is wrong with the form of a seal, without a look at the index."""
    data = event.get("data")
    if not isinstance(data, dict) or set(data) != {"keys", "root", "size"}:
        return ["its data have other members than keys, root and size"]
    faults = ["its subject is not ledger"] * (event.get("subject") != "ledger")
    faults += [f"{name} is no number: {shown(data[name])}" for name in ("keys", "size") if not is_count(data[name])]
    faults += [f"root is no hash: {shown(data['root'])}"] * (not is_hash(data["root"]))
    if is_count(data["size"]) and not 1 <= data["size"] <= position:
        faults.append(f"its size is {data['size']}, not from 1 to {position}")
    return faults


# The ledger file (ledger-file.md).

class Text(bytes):
    """A TEXT value, undecoded: a damaged one need not be UTF-8. A BLOB comes as bytes."""


class Unreadable(Exception):
    """What SQLite said instead of giving rows."""

    def __init__(self, error: object):
        super().__init__(shown(str(error) or type(error).__name__)[1:-1])


class Ledger:
    """The file, opened so that SQLite cannot change it. Queries raise Unreadable in place of SQLite's errors.

    Even a read-only connection makes SQLite create -wal and -shm files beside a file in WAL mode, and leave them there.
    So a file without entries in -wal is opened as immutable, which reads it alone; if a writer changes it meanwhile,
    `changed` says so, and what was read is worthless. No query puts a name in double quotes, which SQLite would take
    for a string where there is no such column."""

    def __init__(self, path: str, shared: bool):
        self.path = os.path.realpath(path)
        self.before = self.stamp()
        self.immutable = not (shared or self.beside("-wal") or self.beside("-journal"))
        uri = "file:" + urllib.parse.quote(os.fsencode(self.path)) + "?mode=ro" + "&immutable=1" * self.immutable
        self.connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
        self.connection.text_factory = Text
        try:  # SQLite 3.38 to 3.40 take json_extract for unsafe in a schema without trust, and then read no ledger
            sqlite3.connect(":memory:").executescript(
                "PRAGMA trusted_schema=OFF; CREATE TABLE t (a, b AS (json_extract(a, '$')))").close()
            self.connection.execute("PRAGMA trusted_schema=OFF")
        except sqlite3.Error:
            pass

    def stamp(self) -> tuple:
        status = os.stat(self.path)
        return status.st_ino, status.st_size, status.st_mtime_ns

    def beside(self, suffix: str) -> bool:
        return os.path.exists(self.path + suffix) and os.path.getsize(self.path + suffix) > 0

    def changed(self) -> bool:
        return self.immutable and (self.stamp() != self.before or self.beside("-journal"))

    def rows(self, query: str, *values):
        try:
            yield from self.connection.execute(query, values)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, UnicodeError) as error:
            raise Unreadable(error) from None

    def first(self, query: str, *values) -> tuple | None:
        return next(self.rows(query, *values), None)

    def ascending(self, query: str, width: int = 1):
        """Rows whose first columns are integers that ascend. Others mean a damaged tree of pages, maybe without end."""
        last = None
        for row in self.rows(query):
            place = row[:width]
            if not all(isinstance(part, int) for part in place) or last is not None and place <= last:
                raise Unreadable(f"{', '.join(map(shown, place))} out of order")
            last = place
            yield row

    def entries(self):
        query, last = "SELECT position, hash, event FROM entries {} ORDER BY position {}", None
        try:
            for row in self.ascending(query.format("", "")):
                last = row[0]
                yield row
        except Unreadable:  # Python before 3.11 then drops the row before the fault
            row = None if last is None else self.first(query.format("WHERE position > ?", "LIMIT 1"), last)
            if row and isinstance(row[0], int) and row[0] > last:
                yield row
            raise


# What a person brings from outside the ledger.

RECEIPT = {"position": (int,), "hash": (str,), "previous": (str,), "id": (str,), "streamversion": (int, type(None)),
           "recordedtime": (str,), "duplicate": (bool,), "checkpoint": (str,), "assurance": (str,)}


def read_evidence(path: str, parse):
    """What `parse` makes of the bytes of a file."""
    try:
        with open(path, "rb") as file:
            return parse(file.read())
    except (FileNotFoundError, NotADirectoryError):
        raise Stop(NO_INPUT, f"{path}: no such file") from None
    except (Malformed, OSError, UnicodeError) as error:
        raise Stop(DATA, f"{path}: {error}") from None


def read_key(argument: str) -> Key:
    if os.path.exists(argument) or argument.count("+") < 2:
        return read_evidence(argument, lambda raw: parse_key(raw.decode("utf-8").strip()))
    try:
        return parse_key(argument)
    except (Malformed, UnicodeError) as error:
        raise Stop(DATA, f"--key {argument}: {error}") from None


def parse_receipts(raw: bytes) -> list[dict]:
    try:
        receipts = [read_json(raw)]
    except Malformed:
        receipts = [read_json(line) for line in raw.split(b"\n") if line.strip(b" \t\r")]
    require(receipts, "no receipt: the file is empty")
    for number, receipt in enumerate(receipts, 1):
        require(isinstance(receipt, dict), f"receipt {number} is not an object")
        for name, types in RECEIPT.items():
            good = type(receipt.get(name, 0.5)) in types
            if good and name in ("position", "hash", "previous"):
                good = re.fullmatch("[0-9]+" if name == "position" else "[0-9a-f]{64}", str(receipt[name]))
            require(good, f"receipt {number}: {name} is missing or not what it should be")
        try:
            receipt["checkpoint"] = parse_checkpoint(receipt["checkpoint"].encode())
        except Malformed as error:
            raise Malformed(f"receipt {number}: its checkpoint is malformed: {error}") from None
    return receipts


class Verifier:
    """One run over one ledger. Entries stream past once; what must be remembered of them is in a scratch database."""

    SCRATCH = """
        PRAGMA journal_mode=OFF;
        CREATE TABLE good (position INTEGER PRIMARY KEY, source, id, subject, streamversion, recordedtime, type, hash);
        CREATE TABLE refers (position, digest);
        CREATE TABLE attachments (digest PRIMARY KEY) WITHOUT ROWID;
        BEGIN;"""
    # Rules about several entries, as questions to the scratch database: where they are broken, and how.
    RULES = {
        "time": """SELECT position, 'recorded at ' || recordedtime || ', the entry before at ' || earlier FROM
            (SELECT *, lag(recordedtime) OVER (ORDER BY position) AS earlier FROM good) WHERE recordedtime < earlier""",
        "stream": """SELECT position, 'streamversion ' || streamversion || ', expected ' || expected FROM
            (SELECT *, 1 + lag(streamversion, 1, 0) OVER (PARTITION BY subject ORDER BY position) AS expected FROM good
            WHERE subject IS NOT NULL) WHERE streamversion <> expected""",
        "key": """SELECT position, 'source and id are those of position ' || earliest FROM
            (SELECT *, min(position) OVER (PARTITION BY source, id) AS earliest FROM good) WHERE position > earliest""",
        "attachment": "SELECT position, digest || ' is not there' FROM refers WHERE digest NOT IN attachments",
    }
    # The hashes of the entries of each key, key after key in byte order, as far as the index is known and asked for.
    BY_KEY = """
        SELECT CAST('type:' || type AS BLOB) AS key, position, hash FROM good WHERE position < :size
        UNION ALL
        SELECT CAST('subject:' || subject AS BLOB), position, hash FROM good
            WHERE position < :size AND subject IS NOT NULL
        ORDER BY key, position"""
    # How SQLite must find an entry by what its event says: by the computed columns, and by each index. The latter read
    # nothing but the index, since all that they ask is in it.
    LOOKUPS = {
        "NOT INDEXED": ("id", "source", "type", "subject", "streamversion"),
        "INDEXED BY entries_by_key": ("source", "id"),
        "INDEXED BY entries_by_stream": ("subject", "streamversion"),
        "INDEXED BY entries_by_type": ("type",),
    }

    def __init__(self, ledger: Ledger, arguments: argparse.Namespace, signatures: Signatures):
        self.ledger, self.signatures, self.given = ledger, signatures, arguments
        self.findings: list = []
        self.checked = list(QUICK_KINDS if arguments.quick else QUICK_KINDS + OTHER_KINDS)
        self.checked += ["trusted-" + kind for kind in ("key", "checkpoint", "receipt") if getattr(arguments, kind)]
        self.ledger_key = self.root = self.previous_hash = None
        self.tree, self.expected = Tree(stored={}), 0  # the position that comes next
        self.rooted = True  # until the first gap: what is above it has no place in the tree that is known
        self.indexed = 0  # so many entries from the first on are good, and so have keys that are known
        self.seals: list = []  # (position, data) of those whose form is good
        self.roots = {0: self.tree.root()}  # at the sizes that matter for what comes from outside
        self.broken: set = set()  # the tables and indexes with which SQLite could not go on
        self.waiting: collections.deque = collections.deque()  # checkpoints that openssl is busy with
        self.stamps = 0  # so many timestamps were looked at
        self.told_stamps: list = []
        self.scratch = sqlite3.connect("", isolation_level=None)  # a file of SQLite's, without a name and soon gone
        self.scratch.executescript(self.SCRATCH)

    def find(self, position: int | None, kind: str, *faults: str) -> None:
        if position is not None and not 0 <= position < POSITIONS:
            position = None
        if faults:
            self.findings.append({"position": position, "kind": kind, "detail": "; ".join(faults)})

    @contextlib.contextmanager
    def reading(self, what: str):
        try:
            yield
        except Unreadable as error:
            self.broken.add(what)
            self.lookups.pop(what, None)
            self.rooted = self.rooted and what != "entries"
            position = self.expected if what == "entries" else None
            self.find(position, "storage", f"{what}: SQLite cannot read on: {error}")

    def table(self, name: str, query: str, width: int = 1):
        """The rows of a table, as far as it can be read."""
        with self.reading(name):
            yield from self.ledger.ascending(query, width) if name in self.good else ()

    def run(self) -> dict:
        if self.check_file():
            if not self.given.quick:
                self.check_attachments()
            self.check_entries()
            self.check_subtrees()
            if not self.given.quick:
                self.check_rules()
                self.check_small_tables()
                self.check_seals()
            self.check_evidence()
            self.settle(0)
            if self.given.timestamp_ca and not self.findings:
                self.check_timestamps()
        self.findings.sort(key=lambda finding: -1 if finding["position"] is None else finding["position"])
        origin = self.ledger_key.name if self.ledger_key else None
        return {"origin": origin, "size": self.expected, "root": self.root, "checked": self.checked,
                "unchecked": self.what_was_not_checked(), "findings": self.findings,
                **({"timestamps": self.told_stamps} if self.given.timestamp_ca else {})}

    def check_file(self) -> bool:
        """Also the schema. Whether there is a table of entries to go on with."""
        try:
            for statement in "PRAGMA cache_size=-65536", "BEGIN":  # one snapshot for all that is read
                self.ledger.first(statement)
            application, = self.ledger.first("PRAGMA application_id")
            version, = self.ledger.first("PRAGMA user_version")
            encoding, = self.ledger.first("PRAGMA encoding")
            schema = list(self.ledger.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
            if application == APPLICATION_ID and version > FORMAT:
                raise Stop(DATA, f"{self.ledger.path}: format version {version}; this verifier knows up to {FORMAT}")
            for name, value, expected in (("application_id", application, APPLICATION_ID),
                                          ("user_version", version, FORMAT), ("encoding", encoding, b"UTF-8")):
                self.find(None, "file", *[f"the {name} is {shown(value)}, not {shown(expected)}"] * (value != expected))
        except Unreadable as error:
            self.find(None, "file", f"SQLite cannot read it: {error}")
        if self.findings:
            self.checked = ["file"]
            return False
        # Nothing that is another is read: it may be a view, or compute what it says, and be made to run for ever.
        self.good = self.check_schema(schema)
        self.lookups = {way: columns for way, columns in self.LOOKUPS.items()
                        if way == "NOT INDEXED" or way.split()[-1] in self.good}
        if "entries" not in self.good:
            self.checked = ["file", "schema"]
        return "entries" in self.good

    def check_schema(self, rows: list) -> set[str]:
        """The names of the tables and indexes that are as they should be."""
        good = set()
        expected = {("index", "sqlite_autoindex_attachments_1", "attachments"): None}
        for statement in re.split(r";\n(?=CREATE|$)", SCHEMA)[:-1]:
            kind, name = re.match(r"CREATE (?:UNIQUE )?(\w+) (\w+)", statement).groups()
            table = re.search(r" ON (\w+)", statement)
            expected[kind.lower(), name, table[1] if table else name] = statement.encode()
        for *what, sql in rows:
            what = tuple(part.decode("utf-8", "backslashreplace") if isinstance(part, bytes) else part for part in what)
            if what in expected:
                if sql == expected.pop(what):
                    good.add(what[1])
                else:
                    self.find(None, "schema", f"the {what[0]} {what[1]} is another: {shown(sql)}")
            elif what[0] != "table" or what[1] not in ("sqlite_stat1", "sqlite_stat3", "sqlite_stat4"):  # from ANALYZE
                self.find(None, "schema", f"there should be no {shown(what[0])} {shown(what[1])}")
        for kind, name, _ in expected:
            self.find(None, "schema", f"there is no {kind} {name}")
        return good

    def check_attachments(self) -> None:
        query = "SELECT rowid, digest, bytes FROM attachments NOT INDEXED ORDER BY rowid"
        for _, digest, content in self.table("attachments", query):
            if type(content) is not bytes or sha256(content) != digest:
                self.find(None, "attachment", f"the bytes of {shown(digest)} have another digest")
            self.scratch.execute("INSERT OR IGNORE INTO attachments VALUES (lower(hex(?)))", (digest,))

    def check_entries(self) -> None:
        """The one pass over the entries, and over the checkpoints beside them, each when its last entry has passed."""
        evidence = [checkpoint for _, checkpoint in self.given.checkpoint]
        evidence += [receipt["checkpoint"] for _, receipt in self.given.receipt]
        wanted = {checkpoint.size for checkpoint in evidence}
        self.count, self.newest, checkpoints = 0, 0, self.stored_checkpoints()
        checkpoint = next(checkpoints, None)
        with self.reading("entries"):
            for self.count, (position, entry_hash, event) in enumerate(self.ledger.entries(), 1):
                if not 0 <= position < POSITIONS:
                    self.find(self.expected, "position", f"position {position} is none of an entry")
                    continue
                self.check_link(position, entry_hash, event)
                if position == 0 or not self.given.quick:  # --quick reads the first for the sake of its key
                    self.check_event(position, entry_hash, event)
                if self.rooted:
                    self.tree.append(entry_hash if isinstance(entry_hash, bytes) else b"")
                if self.tree.size in wanted:
                    self.roots[self.tree.size] = self.tree.root()
                while checkpoint and checkpoint[0] <= self.tree.size:
                    self.check_checkpoint(*checkpoint, self.tree.root())
                    checkpoint = next(checkpoints, None)
        while checkpoint:
            self.check_checkpoint(*checkpoint, None)
            checkpoint = next(checkpoints, None)
        if self.expected == 0:
            self.find(0, "created", "no entry could be read: there was nothing to verify")
        if self.given.key and self.given.key != self.ledger_key:
            key = self.ledger_key
            self.find(0, "trusted-key", f"position 0 names {f'the key {key.name}+{key.id.hex()}' if key else 'no key'}")
        if "entries" in self.broken:
            return
        self.root = self.tree.root().hex() if self.rooted else None
        if self.newest < self.expected and "checkpoints" in self.good - self.broken:
            self.find(self.newest - 1, "checkpoint", f"the newest covers {self.newest} entries of {self.expected}")

    def check_link(self, position: int, entry_hash: object, event: object) -> None:
        """The positions and the chain. After a gap, or a hash that is none, the previous hash is unknown."""
        if position != self.expected:
            self.rooted = False
            self.find(self.expected, "position", f"position {position} stands next")
            if self.expected == 0:
                self.find(0, "created", "there is no first entry")
        previous = bytes(32) if position == 0 else self.previous_hash if position == self.expected else None
        is_hash = type(entry_hash) is bytes and len(entry_hash) == 32
        faults = ["the hash is not a BLOB of 32 bytes"] * (not is_hash)
        faults += ["the event is not a TEXT"] * (not isinstance(event, Text))
        if is_hash and previous and isinstance(event, bytes):
            computed = sha256(b"\x00" + previous + event)
            faults += [f"stored {entry_hash.hex()}, computed {computed.hex()}"] * (computed != entry_hash)
        self.find(position, "hash", *faults)
        self.previous_hash = entry_hash if is_hash else None
        self.expected = position + 1

    def check_event(self, position: int, entry_hash: object, raw: object) -> None:
        """All that is asked of one event by itself; a good one is noted down for the rules about several."""
        event, canonical, faults = None, [], []
        if isinstance(raw, bytes) and len(raw) > EVENT_LIMIT:  # to read its JSON could take all memory
            faults.append(f"{len(raw)} bytes, the limit is {EVENT_LIMIT}")
        elif isinstance(raw, bytes):
            try:
                event = read_json(raw)
                written = write_json(event).encode()
                if written == raw:
                    faults = event_faults(event)
                else:
                    at = len(os.path.commonprefix([written, bytes(raw)]))
                    canonical.append(f"byte {at}: not the canonical form of its value")
            except Malformed as error:
                canonical.append(str(error))
        if position == 0:
            self.ledger_key, first_faults = created_faults(event if isinstance(event, dict) else {})
            self.find(0, "created", *first_faults)
        if self.given.quick:
            return
        self.find(position, "canonical", *canonical)
        self.find(position, "event", *faults)
        if isinstance(raw, Text) and not canonical and not faults:
            self.find(position, "created", *[f"another entry of type {CREATED}"] * (
                position != 0 and event["type"] == CREATED))
            columns = ("source", "id", "subject", "streamversion", "recordedtime", "type")
            self.scratch.execute("INSERT INTO good VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                 (position, *map(event.get, columns), entry_hash))
            if position == self.indexed and type(entry_hash) is bytes and len(entry_hash) == 32:
                self.indexed += 1
            if event["type"] == SEALED:
                self.read_seal(position, event)
            for digest in sorted(attachment_digests(event)):
                self.scratch.execute("INSERT INTO refers VALUES (?, ?)", (position, digest))
            self.check_index(position, event)

    def check_index(self, position: int, event: dict) -> None:
        for way, columns in list(self.lookups.items()):
            with self.reading(way):
                query = f"SELECT 1 FROM entries {way} WHERE {' IS ? AND '.join(columns)} IS ? AND position = ?"
                if not self.ledger.first(query, *map(event.get, columns), position):
                    self.find(position, "index", f"not found by its {', '.join(columns)} ({way})")

    def read_seal(self, position: int, event: dict) -> None:
        faults = seal_faults(position, event)
        self.find(position, "seal", *faults)
        if not faults:
            self.seals.append((position, event["data"]))

    def check_seals(self) -> None:
        """Against the index, which is made of the good entries once all have passed: key after key, at all sizes asked
        for at a time, so that no more of it is kept than the right edge of one tree for each size."""
        sizes = sorted({data["size"] for _, data in self.seals if data["size"] <= self.indexed})
        indexes = self.indexes_at(sizes) if sizes else {}
        for position, data in self.seals:
            if data["size"] in indexes:
                index = indexes[data["size"]]
                computed = {"keys": index.size, "root": index.root().hex()}
                self.find(position, "seal", *[f"{name} is {data[name]}, computed {value}"
                                              for name, value in computed.items() if data[name] != value])

    def indexes_at(self, sizes: list[int]) -> dict[int, Tree]:
        indexes = {size: Tree() for size in sizes}
        rows = self.scratch.execute(self.BY_KEY, {"size": sizes[-1]})
        for key, entries in itertools.groupby(rows, lambda row: row[0]):
            count, accumulator, passed = 0, bytes(32), 0  # passed: so many of the sizes end before this entry
            for _, position, entry_hash in entries:
                upto = bisect.bisect_right(sizes, position)
                self.add_leaf(indexes, sizes[passed:upto], key, count, accumulator)
                count, accumulator, passed = count + 1, accumulate(accumulator, entry_hash), upto
            self.add_leaf(indexes, sizes[passed:], key, count, accumulator)
        return indexes

    @staticmethod
    def add_leaf(indexes: dict[int, Tree], sizes: list[int], key: bytes, count: int, accumulator: bytes) -> None:
        """A key without an entry so far has no leaf."""
        if count and sizes:
            leaf = index_leaf(key.decode(), count, accumulator)
            for size in sizes:
                indexes[size].append(leaf)

    def check_rules(self) -> None:
        for kind, query in self.RULES.items():
            if kind != "attachment" or "attachments" not in self.broken:
                for position, fault in self.scratch.execute(query):
                    self.find(position, kind, fault)
        # Every good entry was found in every index; now that the indexes hold nothing else.
        for way in list(self.lookups) if "entries" not in self.broken else ():
            with self.reading(way):
                query = f"SELECT count(*) FROM (SELECT 1 FROM entries {way} LIMIT ?)"
                if self.ledger.first(query, self.count + 1)[0] > self.count:
                    self.find(None, "index", f"more rows than there are entries ({way})")

    def check_small_tables(self) -> None:
        """The order of their trees and their own indexes, which nothing else walks from end to end."""
        for table in sorted(self.good.intersection(TABLES[1:]) - self.broken):
            with self.reading(table):
                for fault, in self.ledger.rows(f"PRAGMA integrity_check({table})"):
                    self.find(None, "storage", *[f"{table}: {shown(fault)}"] * (fault != b"ok"))

    def check_subtrees(self) -> None:
        query = "SELECT level, number, hash FROM subtree_hashes ORDER BY level, number"
        missing = dict(self.tree.stored)
        for level, number, root in self.table("subtree_hashes", query, 2):
            computed = missing.pop((level, number), None)
            if computed is None and self.rooted:
                self.find(None, "subtree", f"level {level}, number {number} is none of {self.tree.size} entries")
            elif computed is not None and (type(root) is not bytes or root != computed):
                self.find(None, "subtree", f"level {level}, number {number} is {shown(root)}, not {computed.hex()}")
        for level, number in missing if "subtree_hashes" in self.good - self.broken else ():
            self.find(None, "subtree", f"level {level}, number {number} is missing")

    def stored_checkpoints(self):
        """By size; with --quick the newest alone."""
        query = "SELECT size, note FROM checkpoints ORDER BY size" + " DESC LIMIT 1" * self.given.quick
        for size, note in self.table("checkpoints", query):
            self.newest = size
            yield size, note

    def check_checkpoint(self, size: int, note: object, root: bytes | None) -> None:
        """One that is stored, with the root of the ledger's first `size` entries if there are as many."""
        try:
            require(size > 0 and isinstance(note, Text), "not a row of a checkpoint")
            checkpoint = parse_checkpoint(note)
        except Malformed as error:
            return self.find(size - 1, "checkpoint", f"of size {size}: malformed: {error}")
        faults = [f"it states the size {checkpoint.size}"] * (checkpoint.size != size)
        if size > self.expected and root is None and "entries" not in self.broken:
            faults.append(f"the ledger has no more than {self.expected} entries")
        elif root is not None and root != checkpoint.root:
            faults.append("its root is not that of these entries")
        self.judge(size - 1, "checkpoint", f"of size {size}", checkpoint, faults)

    def judge(self, position: int | None, kind: str, name: str, checkpoint: Checkpoint, faults: list[str]) -> None:
        """Adds what origin and signatures say. openssl answers later, so the finding waits in a queue."""
        key, answers = self.given.key or self.ledger_key, []
        if self.given.key and self.ledger_key:  # under the ledger's origin: another name is a trusted-key alone
            key = key_of(self.ledger_key.name, self.given.key.public)
        if key:
            more, answers = self.signatures.ask_about(checkpoint, key)
            faults += more
        else:
            faults.append("there is no key to check its signature by")
        self.waiting.append((position, kind, name, faults, answers))
        self.settle(256)

    def settle(self, limit: int) -> None:
        while len(self.waiting) > limit:
            position, kind, name, faults, answers = self.waiting.popleft()
            faults += self.signatures.answer_faults(answers)
            if faults:
                self.find(position, kind, f"{name}: " + "; ".join(faults))

    def check_evidence(self) -> None:
        for path, checkpoint in self.given.checkpoint:
            self.judge(checkpoint.size - 1, "trusted-checkpoint", path, checkpoint, self.root_faults(checkpoint))
        for path, receipt in self.given.receipt:
            faults, checkpoint = self.receipt_faults(receipt), receipt["checkpoint"]
            faults += ["its checkpoint does not cover it"] * (checkpoint.size <= receipt["position"])
            self.judge(receipt["position"], "trusted-receipt", path, checkpoint, faults + self.root_faults(checkpoint))

    def root_faults(self, checkpoint: Checkpoint) -> list[str]:
        if checkpoint.size in self.roots:
            return [f"the root of the ledger's first {checkpoint.size} entries is another"] * (
                self.roots[checkpoint.size] != checkpoint.root)
        if checkpoint.size > self.expected and "entries" not in self.broken:
            return [f"it covers {checkpoint.size} entries, the ledger has {self.expected}: truncated or replaced"]
        return [f"not all of its {checkpoint.size} entries could be read"]

    def receipt_faults(self, receipt: dict) -> list[str]:
        query, position = "SELECT hash, event FROM entries WHERE position = ?", receipt["position"]
        try:
            entry_hash, raw = self.ledger.first(query, position) or (None, None)
            previous, _ = (self.ledger.first(query, position - 1) or (None, None)) if position else (bytes(32), None)
        except Unreadable as error:
            return [f"the entry could not be read: {error}"]
        if entry_hash is None:
            return ["there is no such entry: truncated or replaced"]
        faults = ["the entry has another hash"] * (entry_hash != bytes.fromhex(receipt["hash"]))
        faults += ["the entry before has another hash"] * (previous != bytes.fromhex(receipt["previous"]))
        told = self.told(raw)
        return faults + [f"it states {name} {shown(receipt[name])}, the event {shown(told.get(name))}"
                         for name in ("id", "streamversion", "recordedtime") if receipt[name] != told.get(name)]

    @staticmethod
    def told(raw: object) -> dict:
        """The members of a stored event, none if it has none that can be read."""
        try:
            event = read_json(raw if isinstance(raw, bytes) and len(raw) <= EVENT_LIMIT else b"")
        except Malformed:
            event = None
        return event if isinstance(event, dict) else {}

    def check_timestamps(self) -> None:
        """For a ledger that is sound otherwise: what stands in another is nothing that anybody has seen."""
        self.checked.append("timestamp")
        query = "SELECT position, event FROM entries WHERE type = ? ORDER BY position"
        with self.reading("timestamps"):
            for position, raw in self.ledger.rows(query, TIMESTAMPED):
                event = self.told(raw)
                if event.get("subject") == "ledger" and not event_faults(event):
                    self.stamps += 1
                    faults = timestamp_faults(event.get("data"), self.attachment,
                                              functools.partial(self.stamped_faults, position), self.ledger_key,
                                              self.signatures, self.given.timestamp_ca)
                    self.find(position, "timestamp", *faults)
                    self.told_stamps += [] if faults else [told_timestamp(position, event["data"])]

    def attachment(self, digest: str) -> bytes | None:
        row = self.ledger.first("SELECT bytes FROM attachments WHERE digest = ?", bytes.fromhex(digest))
        return row[0] if row and sha256(row[0]).hex() == digest else None

    def stamped_faults(self, position: int, size: int, root: str) -> list[str]:
        row = self.ledger.first("SELECT note FROM checkpoints WHERE size = ?", size)
        try:
            good = size <= position and row and parse_checkpoint(row[0]).root.hex() == root
        except Malformed:
            good = False
        return [f"the ledger has no checkpoint of size {size} and this root before it"] * (not good)

    def what_was_not_checked(self) -> list[str]:
        sentences = (
            ("entries" in self.broken, f"Entries from position {self.expected} on were not read."),
            (not self.rooted, f"The roots of more than the first {self.tree.size} entries are unknown: checkpoints and "
                              "subtree hashes that cover more were not compared with them."),
            ("attachments" in self.broken, "Not all attachments could be read: none was looked for that events name."),
            (not self.given.key, "No key was given, and the one used is that which the ledger names at position 0: "
                                 "whoever wrote the ledger could have written all of it anew."),
            (not self.given.checkpoint and not self.given.receipt,
             "No checkpoint or receipt from outside was given: a removed tail cannot be seen."),
            ("timestamp" in self.checked and not self.stamps, NO_TIMESTAMPS),
            (self.given.timestamp_ca and "timestamp" not in self.checked,
             "The timestamps were not looked at, since there are other findings."),
            (self.given.quick, f"--quick leaves out {', '.join(OTHER_KINDS)}, and all checkpoints but the newest."),
        )
        return [sentence for true, sentence in sentences if true]


# The ZIP file of a bundle (bundle.md). Its headers are all looked at before anything is inflated.

MEMBER_BYTES, JSON_BYTES, ARCHIVE_BYTES, CHUNK = 1 << 28, 1 << 26, 1 << 30, 1 << 20
READ_WHOLE = re.compile(r"(?:manifest|proofs)\.json|(?:entries|statement\.intoto)\.jsonl|sigstore/.*")  # into memory
STORED, DEFLATED = 0, 8
HAS_DESCRIPTOR, USED_FLAGS = 0x0008, 0x080E  # the others are encryption, patches, and what nobody has defined
Member = collections.namedtuple("Member", "name flags method crc packed size offset")


def is_member_name(name: str) -> bool:
    return len(name) <= 255 and all(
        re.fullmatch("[A-Za-z0-9._-]{1,128}", part) and part not in (".", "..") for part in name.split("/"))


class Archive:
    """The members of a ZIP file, each read to its end once: `digests` has their sizes and SHA-256, without folders.

    Every byte of the file belongs to a member, to the central directory or to its end: there is no second way to read
    it, and no place to hide anything."""

    def __init__(self, file):
        self.file, self.length = file, file.seek(0, os.SEEK_END)
        count, start, end = self.read_end()
        require(count > 0, "it has no members")
        members = self.read_directory(count, start, end)
        require(sum(member.size for member in members) <= ARCHIVE_BYTES, "more than 1 GiB uncompressed")
        self.check_names(members)
        self.members, following = {}, 0
        for member in sorted(members, key=lambda member: member.offset):
            require(member.offset >= following, f"{member.name}: its data overlap another's")
            require(member.offset == following, f"{member.name}: something that is no member stands before it")
            data, following = self.read_local(member, start)
            self.members[member.name] = (member, data)
        require(following == start, "something between the members and the central directory")
        self.digests = {name: self.digest(name) for name in sorted(self.members)}
        self.digests = {name: digest for name, digest in self.digests.items() if not name.endswith("/")}

    def bytes_at(self, offset: int, length: int) -> bytes:
        self.file.seek(offset)
        data = self.file.read(length)
        require(len(data) == length, "it is cut short")
        return data

    def read_end(self) -> tuple[int, int, int]:
        """How many members there are, and where the central directory begins and ends."""
        start = max(0, self.length - 22 - 0xFFFF)
        tail = self.bytes_at(start, self.length - start)
        at = tail.rfind(b"PK\x05\x06")
        require(0 <= at <= len(tail) - 22, "no end-of-central-directory record")
        disk, first_disk, here, count, length, offset, comment = struct.unpack_from("<4x4H2LH", tail, at)
        require(at + 22 + comment == len(tail), "something after the end-of-central-directory record")
        require(disk == first_disk == 0 and here == count, "more than one disk")
        require(offset + length == start + at, "something between the central directory and its end, as with ZIP64")
        return count, offset, start + at

    def read_directory(self, count: int, at: int, end: int) -> list[Member]:
        members = []
        for _ in range(count):
            require(at + 46 <= end, "the central directory is cut short")
            (signature, made_by, flags, method, crc, packed, size, name_length, extra_length, comment_length, disk,
             attributes, offset) = struct.unpack("<4sH2x2H4x3L4H2xLL", self.bytes_at(at, 46))
            require(signature == b"PK\x01\x02", "no header in the central directory where one should be")
            rest = self.bytes_at(at + 46, name_length + extra_length + comment_length)
            at += 46 + len(rest)
            name = self.member_name(rest[:name_length])
            self.check_extra(name, rest[name_length:name_length + extra_length])
            require(flags & ~USED_FLAGS == 0, f"{name}: encrypted, or with other flags ({flags:#06x})")
            require(method in (STORED, DEFLATED), f"{name}: method {method}")
            require(disk == 0, f"{name}: on another disk")
            limit = JSON_BYTES if READ_WHOLE.fullmatch(name) else MEMBER_BYTES
            require(size <= limit, f"{name}: more than {limit >> 20} MiB uncompressed")
            require(method == DEFLATED or packed == size, f"{name}: stored, in two sizes")
            require(size == 0 or not name.endswith("/"), f"{name}: a folder with data")
            self.check_type(name, made_by >> 8, attributes >> 16)
            members.append(Member(name, flags, method, crc, packed, size, offset))
        require(at == end, "the central directory has another length than it states")
        return members

    @staticmethod
    def member_name(raw: bytes) -> str:
        name = raw.decode("ascii", "backslashreplace")
        require(is_member_name(name[:-1] if name.endswith("/") else name), f"{shown(name)} is no name for a member")
        return name

    @staticmethod
    def check_extra(name: str, extra: bytes) -> None:
        """Other programs put times and owners there. ZIP64 states other sizes, and 0x7075 another name."""
        at = 0
        while at < len(extra):
            require(at + 4 <= len(extra), f"{name}: a malformed extra field")
            kind, length = struct.unpack_from("<2H", extra, at)
            require(kind not in (0x0001, 0x7075), f"{name}: an extra field for {'ZIP64' if kind == 1 else 'a name'}")
            at += 4 + length
        require(at == len(extra), f"{name}: a malformed extra field")

    @staticmethod
    def check_type(name: str, system: int, mode: int) -> None:
        wanted = stat.S_IFDIR if name.endswith("/") else stat.S_IFREG
        require(system != 3 or stat.S_IFMT(mode) in (0, wanted), f"{name}: a link, or no regular file ({mode:#o})")

    @staticmethod
    def check_names(members: list[Member]) -> None:
        """No two that are one on some file system. Sorted by their parts, a file stands before what would be in it."""
        before, before_is_file = None, False
        for parts, name in sorted((member.name.lower().rstrip("/").split("/"), member.name) for member in members):
            require(parts != before, f"{name}: its name is there twice")
            require(not before_is_file or parts[:len(before)] != before, f"{name}: in a folder that is a file")
            before, before_is_file = parts, not name.endswith("/")

    def read_local(self, member: Member, limit: int) -> tuple[int, int]:
        """Where the member's data begin, and where what follows them does."""
        name = member.name
        require(member.offset + 30 <= limit, f"{name}: no local header")
        signature, flags, method, crc, packed, size, name_length, extra_length = struct.unpack(
            "<4s2x2H4x3L2H", self.bytes_at(member.offset, 30))
        require(signature == b"PK\x03\x04", f"{name}: no local header")
        raw = self.bytes_at(member.offset + 30, name_length + extra_length)
        require(raw[:name_length] == name.encode(), f"{name}: its local header has another name")
        self.check_extra(name, raw[name_length:])
        require((flags, method) == (member.flags, member.method), f"{name}: its local header has other flags or method")
        stated = (member.crc, member.packed, member.size)
        agrees = all(found == wanted or found == 0 and flags & HAS_DESCRIPTOR  # which has what was not known yet
                     for found, wanted in zip((crc, packed, size), stated))
        require(agrees, f"{name}: its local header has another size or CRC-32")
        data = member.offset + 30 + len(raw)
        end = data + member.packed
        require(end <= limit, f"{name}: its data overlap the central directory")
        if flags & HAS_DESCRIPTOR:
            descriptor, found = struct.pack("<3L", *stated), self.bytes_at(end, 16)
            require(found[:12] == descriptor or found == b"PK\x07\x08" + descriptor, f"{name}: another data descriptor")
            end += 12 if found[:12] == descriptor else 16
        return data, end

    def chunks(self, name: str):
        """What a member holds, inflated piece by piece and never beyond the size that is stated."""
        member, at = self.members[name]
        inflater = zlib.decompressobj(-zlib.MAX_WBITS) if member.method == DEFLATED else None
        left, size, crc, packed = member.packed, 0, 0, b""
        while True:
            if not packed and left:
                packed = self.bytes_at(at, min(left, CHUNK))
                at, left = at + len(packed), left - len(packed)
            if inflater is None:
                piece, packed = packed, b""
            else:
                try:
                    piece = inflater.decompress(packed, CHUNK)
                except zlib.error as error:
                    raise Malformed(f"{name}: cannot be inflated: {error}") from None
                packed = inflater.unconsumed_tail
            size, crc = size + len(piece), zlib.crc32(piece, crc)
            require(size <= member.size, f"{name}: more data than its size")
            yield piece
            if inflater is not None and inflater.eof or not piece and not packed and not left:
                break
        whole = inflater is None or inflater.eof and not inflater.unused_data
        require(whole and not left and not packed, f"{name}: its data do not end where they should")
        require(size == member.size and crc == member.crc, f"{name}: another size or CRC-32 than stated")

    def digest(self, name: str) -> tuple[int, str]:
        digest = hashlib.sha256()
        for piece in self.chunks(name):
            digest.update(piece)
        return self.members[name][0].size, digest.hexdigest()

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))


# What the files of a bundle look like. A form is a dictionary of all members, a list of one form for every element, a
# test with the words for what passes it, or Nullable.

Nullable = collections.namedtuple("Nullable", "form")


def check_form(value: object, form: object, where: str) -> None:
    if isinstance(form, Nullable):
        if value is not None:
            check_form(value, form.form, where)
    elif isinstance(form, dict):
        require(isinstance(value, dict), f"{where} is no object")
        for name in form:
            require(name in value, f"{where} has no member {name}")
        for name in value:
            require(name in form, f"{where} has a member {shown(name)}")
            check_form(value[name], form[name], f"{where}.{name}")
    elif isinstance(form, list):
        require(isinstance(value, list), f"{where} is no array")
        for number, element in enumerate(value):
            check_form(element, form[0], f"{where}[{number}]")
    else:
        test, words = form
        if not test(value):
            raise Malformed(f"{where} is not {words}: {shown(value)}")


def exactly(constant: object) -> tuple:
    return lambda value: type(value) is type(constant) and value == constant, shown(constant)


def is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def is_recorded_time(value: object) -> bool:
    return isinstance(value, str) and RECORDED_TIME.fullmatch(value) is not None and is_date_time(value)


def is_index_key(value: object) -> bool:
    return isinstance(value, str) and re.match("(?:type|subject):.", value, re.DOTALL) is not None


def ascend(values: list) -> bool:
    """Strictly. Python compares strings by code points, and that is the order of their UTF-8 bytes."""
    return all(former < latter for former, latter in zip(values, values[1:]))


NUMBER, HASH, TEXT = (is_count, "an integer from 0 to 2^53 - 1"), (is_hash, "a hash"), (is_text, "a non-empty string")
TIME, INDEX_KEY = (is_recorded_time, "a time of the ledger's clock"), (is_index_key, "a key of the index")
BASE64 = (lambda value: isinstance(value, str) and strict_base64(value) is not None, "base64")
FILE_NAME = (lambda value: isinstance(value, str) and is_member_name(value), "a file's name")
RELEASE = {"release": TEXT}
POPULATION = {"type": TEXT, "since": Nullable(TIME), "until": Nullable(TIME)}
MANIFEST = {
    "bundle": exactly(1), "tool": {"name": TEXT, "version": TEXT}, "ledger": {"origin": TEXT, "key": TEXT},
    "scope": (lambda value: isinstance(value, dict), "an object"),
    "query": {"complete": [INDEX_KEY], "absent": [INDEX_KEY]},
    "seal": {"position": NUMBER, "size": NUMBER, "keys": NUMBER, "root": HASH},
    "checkpoint": {"size": NUMBER, "root": HASH}, "withheld": [HASH],
    "files": [{"path": FILE_NAME, "size": NUMBER, "sha256": HASH}]}
LEAF = {"key": INDEX_KEY, "index": NUMBER, "count": NUMBER, "acc": HASH, "path": [HASH]}
PROOFS = {
    "entries": [{"position": NUMBER, "previous": HASH, "hash": HASH, "path": [HASH]}],
    "complete": [{**LEAF, "positions": [NUMBER], "before": {"count": NUMBER, "acc": HASH}, "after": [HASH]}],
    "absent": [{"key": INDEX_KEY, "left": Nullable(LEAF), "right": Nullable(LEAF)}],
    "consistency": [{"size": NUMBER, "root": HASH, "path": [HASH]}]}
PAYLOAD_TYPE, STATEMENT_TYPE = "application/vnd.in-toto+json", "https://in-toto.io/Statement/v1"
ENVELOPE = {"payload": BASE64, "payloadType": exactly(PAYLOAD_TYPE), "signatures": [{"keyid": HASH, "sig": BASE64}]}
SIGSTORE = {
    "dsseEnvelope": ENVELOPE, "mediaType": exactly("application/vnd.dev.sigstore.bundle.v0.3+json"),
    "verificationMaterial": {"publicKey": {"hint": HASH}, "tlogEntries": exactly([])}}
KEY = {"algorithm": TEXT, "keyid": HASH, "publickey": BASE64}
TIMESTAMP = {
    "attachments": [{"digest": (lambda value: isinstance(value, str) and is_hash(value.removeprefix("sha256:"))
                                and value.startswith("sha256:"), "a digest"), "name": TEXT}],
    "authority": TEXT, "root": HASH, "size": NUMBER, "time": TIME}
REQUIRED_FILES = ("manifest.json", "entries.jsonl", "proofs.json", "checkpoint.txt", "statement.intoto.jsonl")
SIGSTORE_FILE = re.compile(r"sigstore/[^/]+\.sigstore\.json")
UNLISTED_FILES = re.compile(r"manifest\.json|statement\.intoto\.jsonl|" + SIGSTORE_FILE.pattern)


def read_manifest(raw: bytes) -> dict:
    manifest = read_json(raw, strict=True)
    check_form(manifest, MANIFEST, "manifest")
    scope, paths = manifest["scope"], [file["path"] for file in manifest["files"]]
    check_form(scope, RELEASE if "release" in scope else POPULATION, "manifest.scope")
    period = scope.get("since"), scope.get("until")
    require(None in period or period[0] < period[1], "manifest.scope: the period ends before it begins")
    for name, values in (("query.complete", manifest["query"]["complete"]), ("files", paths),
                         ("query.absent", manifest["query"]["absent"]), ("withheld", manifest["withheld"])):
        require(ascend(values), f"manifest.{name} is not in byte order without duplicates")
    for path in paths:
        require(not UNLISTED_FILES.fullmatch(path), f"manifest.files has {path}")
    parse_key(manifest["ledger"]["key"])
    return manifest


def read_proofs(raw: bytes) -> dict:
    proofs = read_json(raw, strict=True)
    check_form(proofs, PROOFS, "proofs")
    require(ascend([entry["size"] for entry in proofs["consistency"]]), "proofs.consistency is not in order of size")
    return proofs


def read_canonical(raw: bytes) -> object:
    value = read_json(raw)
    written = write_json(value).encode()
    if written != raw:
        raise Malformed(f"byte {len(os.path.commonprefix([written, raw]))}: not the canonical form of its value")
    return value


def trusted_key(event: dict) -> tuple[str, bytes] | None:
    """The ID and the DER of the key that an event names as trusted, if it does."""
    if (event["type"], event.get("subject")) != (KEY_TRUSTED, "ledger"):
        return None
    try:
        data = event.get("data")
        check_form(data, KEY, "data")
    except Malformed:
        return None
    key = strict_base64(data["publickey"])
    prefix, length = {"ed25519": (ED25519, 44), "ecdsa-p256": (ECDSA_P256, 91)}.get(data["algorithm"], (b"", -1))
    return (data["keyid"], key) if key.startswith(prefix) and len(key) == length and (
        sha256(key).hex() == data["keyid"]) else None


# Timestamps (bundle.md), of a bundle and of a ledger.

NO_TIMESTAMPS = "There are no timestamps for --timestamp-ca to check: nothing shows when anything existed."


def told_timestamp(position: int, data: dict) -> dict:
    """What a timestamp says that was verified: what is below the size existed at the time."""
    return {"position": position, "size": data["size"], "time": data["time"]}


def timestamp_faults(data: object, attachment, stamped_faults, key: Key | None, signatures: Signatures,
                     authorities: bytes | None) -> list[str]:
    """What is wrong with the data of a timestamp, as far as a key, and authorities, are known. `attachment` finds one
    by its hash; `stamped_faults` says whether the log had this root at this size."""
    try:
        check_form(data, TIMESTAMP, "data")
        names = [each["name"] for each in data["attachments"]]
        require(names == ["checkpoint.txt", "timestamp.tsr"], "its attachments are not a checkpoint and a token")
        note, response = (attachment(each["digest"].removeprefix("sha256:")) for each in data["attachments"])
        require(None not in (note, response), "its checkpoint.txt or its timestamp.tsr is not there")
        checkpoint = parse_checkpoint(note)
    except Malformed as error:
        return [str(error)]
    faults = [f"its checkpoint: {fault}" for fault in (signatures.note_faults(checkpoint, key) if key else [])]
    faults += [f"its checkpoint is of size {checkpoint.size} and root {checkpoint.root.hex()}"] * (
        (checkpoint.size, checkpoint.root.hex()) != (data["size"], data["root"]))
    faults += stamped_faults(data["size"], data["root"])
    return faults + (signatures.token_faults(note, response, data["time"], authorities) if authorities else [])


# Paths through trees (tree.md). Both follow RFC 9162, sections 2.1.3.2 and 2.1.4.2.

def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right)


def root_from_leaf(leaf: bytes, index: int, size: int, path: list[str]) -> bytes | None:
    """The root that an inclusion path leads to, or None where the path does not fit the place."""
    if index >= size:
        return None
    last, root = size - 1, leaf
    for sibling in map(bytes.fromhex, path):
        if last == 0:
            return None
        if index % 2 or index == last:
            root = node(sibling, root)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node(root, sibling)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


def is_consistent(size: int, root: bytes, later: int, later_root: bytes, path: list[str]) -> bool:
    if size == 0 or size >= later:
        return not path and (size, root) in ((0, sha256(b"")), (later, later_root))
    hashes = [bytes.fromhex(text) for text in path]
    if size & (size - 1) == 0:  # a full subtree: its root is left out of the path
        hashes.insert(0, root)
    if not hashes:
        return False
    index, last = size - 1, later - 1
    while index % 2:
        index, last = index >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if index % 2 or index == last:
            old, new = node(sibling, old), node(sibling, new)
            while index % 2 == 0 and index:
                index, last = index >> 1, last >> 1
        else:
            new = node(new, sibling)
        index, last = index >> 1, last >> 1
    return last == 0 and (old, new) == (root, later_root)


# An entry of a bundle: position and hash are None without a well-formed proofs.json, event where it is no good event.
Entry = collections.namedtuple("Entry", "line position hash event keys refers")


def and_more(places: list) -> str:
    """What follows a fault of the first of some places: a list that somebody made long makes no long text."""
    return f", and {len(places) - 1} more like it" if len(places) > 1 else ""


def has_digest(subject: object) -> bool:
    """Whether a subject is one of in-toto's v1, which are things by their hashes."""
    digest = subject.get("digest") if isinstance(subject, dict) else None
    return isinstance(digest, dict) and digest != {} and all(map(is_text, digest.values()))


class BundleVerifier:
    """One run over one bundle. What a finding leaves unknown is None, and what depends on it is left out."""

    def __init__(self, given: argparse.Namespace, signatures: Signatures):
        self.given, self.signatures = given, signatures
        self.findings: list = []
        self.checked: list = []
        self.unchecked: list = []
        self.trusted = given.key is not None
        self.key: Key | None = given.key
        self.manifest: dict | None = None
        self.proofs: dict | None = None
        self.checkpoint: Checkpoint | None = None
        self.entries: list | None = None
        self.attached: dict = {}
        self.told_stamps: list = []
        self.envelopes: dict | None = None  # the lines of statement.intoto.jsonl, and their numbers

    def find(self, kind: str, *faults: str, file: str | None = None, line: int | None = None,
             position: int | None = None) -> None:
        if faults:
            self.findings.append({"kind": kind, "file": file, "line": line, "position": position,
                                  "detail": "; ".join(faults)})

    def run(self) -> dict:
        self.checked.append("archive")
        with open(self.given.file, "rb") as file:
            try:
                self.archive = Archive(file)
            except Malformed as error:
                self.find("archive", str(error))
            else:
                self.check_all()
        if not self.given.key:
            self.unchecked.insert(0, "No key was given, and the one used is that which the bundle names: it was checked "
                                     "for consistency only. Whoever made the bundle could have made up all of it.")
        stated = self.checkpoint._asdict() if self.checkpoint else {"size": None, "root": None}
        query = self.manifest["query"] if self.manifest else {"complete": None, "absent": None}
        return {"scope": self.manifest and self.manifest["scope"], "complete": query["complete"],
                "absent": query["absent"], "origin": self.manifest and self.manifest["ledger"]["origin"],
                "size": stated["size"], "root": stated["root"] and stated["root"].hex(), "entries": len(self.entries or []),
                "trusted": self.trusted, "checked": self.checked, "unchecked": self.unchecked,
                "findings": self.findings, **({"timestamps": self.told_stamps} if self.given.timestamp_ca else {})}

    def check_all(self) -> None:
        self.manifest = self.parsed("manifest.json", "manifest", read_manifest)
        self.proofs = self.parsed("proofs.json", "proof", read_proofs)
        self.stated_roots = {entry["size"]: bytes.fromhex(entry["root"])
                             for entry in (self.proofs["consistency"] if self.proofs else [])}
        if self.manifest and not self.key:
            self.key = parse_key(self.manifest["ledger"]["key"])
        self.check_files()
        self.checkpoint = self.parsed("checkpoint.txt", "checkpoint", parse_checkpoint)
        self.check_checkpoint()
        self.check_trusted_key()
        self.check_consistency()
        self.check_trusted_checkpoints()
        self.check_entries()
        if self.manifest and self.proofs and self.entries is not None:
            self.check_seal()
            self.check_complete()
            self.check_scope()
            self.check_absent()
        else:
            self.unchecked.append("What depends on files that are missing or malformed was left out.")
        if any(name not in REQUIRED_FILES and "/" not in name for name in self.archive.digests):
            self.unchecked.append("Of the files for people and other tools nothing but the hashes was checked: they "
                                  "are what the signers of the manifest made of the evidence.")
        self.check_attachments()
        self.check_statements()
        self.check_sigstore()
        self.check_timestamps()

    def content(self, name: str) -> bytes | None:
        return self.archive.read(name) if name in self.archive.digests else None

    def attachment(self, digest: str) -> bytes | None:
        """One of a timestamp. Many may name the same: what was read last is kept, and nothing large is read."""
        size, _ = self.archive.digests.get(f"attachments/sha256-{digest}", (0, None))
        require(size <= NOTE_LIMIT, "its checkpoint.txt or its timestamp.tsr is above 1 MiB")
        if digest not in self.attached:
            if len(self.attached) > 16:
                self.attached.clear()
            self.attached[digest] = self.content(f"attachments/sha256-{digest}")
        return self.attached[digest]

    def parsed(self, name: str, kind: str, parse):
        """What `parse` makes of a file. That it is missing is a finding of check_files."""
        self.checked.append(kind)
        raw = self.content(name)
        try:
            return None if raw is None else parse(raw)
        except Malformed as error:
            self.find(kind, f"malformed: {error}", file=name)
            return None

    # The files, the checkpoint, and what was brought from outside.

    def check_files(self) -> None:
        present = self.archive.digests
        missing = [name for name in REQUIRED_FILES if name not in present]
        missing += ["sigstore/"] * (not any(name.startswith("sigstore/") for name in present))
        listed = {file["path"]: (file["size"], file["sha256"]) for file in (self.manifest or {"files": []})["files"]}
        for name in missing + [name for name in listed if name not in present and name not in missing]:
            self.find("manifest", "it is missing", file=name)
        if not self.manifest:
            return
        for name, found in present.items():
            if name not in listed:
                self.find("manifest", *["it is not listed"] * (not UNLISTED_FILES.fullmatch(name)), file=name)
            elif listed[name] != found:
                self.find("manifest", f"{found[0]} bytes with the SHA-256 {found[1]}, the manifest says "
                                      f"{listed[name][0]} and {listed[name][1]}", file=name)

    def check_checkpoint(self) -> None:
        if self.checkpoint is None:
            return
        faults = self.note_faults(self.checkpoint)
        if self.manifest:
            origin, stated = self.manifest["ledger"]["origin"], self.manifest["checkpoint"]
            faults += [f"its origin is {shown(self.checkpoint.origin)}, the manifest's {shown(origin)}"] * (
                self.checkpoint.origin != origin)
            faults += [f"its size is {self.checkpoint.size}, the manifest says {stated['size']}"] * (
                self.checkpoint.size != stated["size"])
            faults += [f"its root is {self.checkpoint.root.hex()}, the manifest says {stated['root']}"] * (
                self.checkpoint.root.hex() != stated["root"])
        self.find("checkpoint", *faults, file="checkpoint.txt")

    def note_faults(self, checkpoint: Checkpoint) -> list[str]:
        """What origin and signatures say, if there is a key to check them by."""
        return self.signatures.note_faults(checkpoint, self.key) if self.key else []

    def check_trusted_key(self) -> None:
        if self.given.key and self.manifest:
            self.checked.append("trusted-key")
            named = parse_key(self.manifest["ledger"]["key"])
            self.find("trusted-key", *[f"the manifest names the key {named.name}+{named.id.hex()}"] * (
                named != self.given.key), file="manifest.json")

    def check_consistency(self) -> None:
        for entry in self.proofs["consistency"] if self.proofs and self.checkpoint else ():
            good = is_consistent(entry["size"], bytes.fromhex(entry["root"]), self.checkpoint.size,
                                 self.checkpoint.root, entry["path"])
            self.find("proof", *[f"the path from size {entry['size']} does not lead to the checkpoint"] * (not good),
                      file="proofs.json")

    def check_trusted_checkpoints(self) -> None:
        self.checked += ["trusted-checkpoint"] * bool(self.given.checkpoint)
        for path, checkpoint in self.given.checkpoint:
            faults, root = self.note_faults(checkpoint), self.known_root(checkpoint.size)
            faults += [f"the root of the first {checkpoint.size} entries is another"] * (
                root not in (None, checkpoint.root))
            self.find("trusted-checkpoint", *[f"{path}: {fault}" for fault in faults])
            if root is None:
                self.trusted = False
                self.unchecked.append(f"{path} covers {checkpoint.size} entries, and the bundle does not show whether "
                                      "it agrees with the bundle's own checkpoint: ask for a bundle that does.")

    def known_root(self, size: int) -> bytes | None:
        """The root that the bundle states at a size."""
        if self.checkpoint and size == self.checkpoint.size:
            return self.checkpoint.root
        return self.stated_roots.get(size) if self.checkpoint else None

    # The entries.

    def check_entries(self) -> None:
        raw = self.content("entries.jsonl")
        if raw is None:
            return
        self.checked.append("entry")
        self.entries = []
        self.seen: dict = {"times": "", "versions": {}, "ids": {}}
        places = self.proofs["entries"] if self.proofs else None
        for line, text in enumerate(io.BytesIO(raw), 1):
            event, faults = self.read_event(text)
            place = places[line - 1] if places is not None and line <= len(places) else None
            if place:
                faults += self.place_faults(place, text.removesuffix(b"\n"))
            if line == 1:
                faults += self.first_faults(place, event)
            position = place["position"] if place else None
            if event:
                faults += self.rule_faults(line, event)
            keys, refers = (entry_keys(event), sorted(attachment_digests(event))) if event else ([], [])
            if event and event["type"] not in READ_AGAIN:
                event.pop("data", None)  # it can be large
            self.entries.append(Entry(line, position, place and bytes.fromhex(place["hash"]), event, keys, refers))
            self.find("entry", *faults, file="entries.jsonl", line=line, position=position)
        if not self.entries:
            self.find("entry", "there are no entries", file="entries.jsonl")
        if places is not None and len(places) != len(self.entries):
            self.find("entry", f"{len(places)} places for {len(self.entries)} lines", file="proofs.json")
        self.placed = [entry for entry in self.entries if entry.position is not None]
        self.at = {entry.position: entry for entry in self.placed}
        self.by_key: dict = {}
        for entry in self.placed:
            for key in entry.keys:
                self.by_key.setdefault(key, []).append(entry)

    @staticmethod
    def read_event(text: bytes) -> tuple[dict | None, list[str]]:
        """The event of a line, if it is one, and what is wrong with the line."""
        faults = ["no line feed at its end"] * (not text.endswith(b"\n"))
        raw = text.removesuffix(b"\n")
        if len(raw) > EVENT_LIMIT:
            return None, faults + [f"{len(raw)} bytes, the limit is {EVENT_LIMIT}"]
        try:
            event = read_canonical(raw)
        except Malformed as error:
            return None, faults + [str(error)]
        event_is_bad = event_faults(event)
        return None if event_is_bad else event, faults + event_is_bad

    def place_faults(self, place: dict, raw: bytes) -> list[str]:
        """What is wrong with the place that proofs.json gives a line."""
        entry_hash, previous = bytes.fromhex(place["hash"]), bytes.fromhex(place["previous"])
        position = place["position"]
        before, faults = self.entries[-1] if self.entries else None, []
        if before and before.position is not None and before.position >= position:
            faults.append(f"position {position} stands after {before.position}")
        if position == 0 and previous != bytes(32):
            faults.append("the previous hash at position 0 is not 32 zero bytes")
        if before and before.position == position - 1 and before.hash != previous:
            faults.append("its previous hash is not the hash of the entry before")
        computed = sha256(b"\x00" + previous + raw)
        if computed != entry_hash:
            faults.append(f"its hash is stated as {entry_hash.hex()}, computed {computed.hex()}")
        if self.checkpoint and self.checkpoint.root != root_from_leaf(entry_hash, position, self.checkpoint.size,
                                                                      place["path"]):
            faults.append("its path does not lead to the checkpoint's root")
        return faults

    def first_faults(self, place: dict | None, event: dict | None) -> list[str]:
        faults = ["the first entry is not that of position 0"] * bool(place and place["position"] != 0)
        key, found = created_faults(event or {})
        if key and self.manifest:
            named = self.manifest["ledger"]
            found = [f"it names another key or origin than the manifest: {shown(key.name)}, {key.id.hex()}"] * (
                (key.name, key) != (named["origin"], parse_key(named["key"])))
        return faults + found

    def rule_faults(self, line: int, event: dict) -> list[str]:
        """What entry.md asks of several entries, as far as the bundle holds them."""
        seen, faults = self.seen, [f"another entry of type {CREATED}"] * (line != 1 and event["type"] == CREATED)
        if event["recordedtime"] < seen["times"]:
            faults.append(f"recorded at {event['recordedtime']}, the entry before at {seen['times']}")
        seen["times"] = event["recordedtime"]
        if "subject" in event:
            before = seen["versions"].get(event["subject"], 0)
            if event["streamversion"] <= before:
                faults.append(f"streamversion {event['streamversion']} after {before}")
            seen["versions"][event["subject"]] = event["streamversion"]
        earlier = seen["ids"].setdefault((event["source"], event["id"]), line)
        return faults + [f"source and id are those of line {earlier}"] * (earlier != line)

    # The seal, and what it proves of keys.

    def check_seal(self) -> None:
        self.checked.append("seal")
        seal = self.manifest["seal"]
        position, entry, faults = seal["position"], self.at.get(seal["position"]), []
        if not entry or not entry.event:
            faults.append("it is not bundled" if not entry else "it is no event")
        elif entry.event["type"] != SEALED:
            faults.append(f"its type is {shown(entry.event['type'])}")
        else:
            faults += seal_faults(position, entry.event)
            faults += [f"its {name} is not the manifest's, {shown(seal[name])}" for name in ("size", "keys", "root")
                       if not faults and entry.event["data"][name] != seal[name]]
        faults += ["it is not the last entry"] * any(other.position > position for other in self.placed)
        faults += [f"its size is {seal['size']}: it does not cover all that stands before it"] * (seal["size"] != position)
        beyond = [other.position for other in self.placed if other.position >= seal["size"] and other is not entry]
        faults += [f"position {other} is bundled, which the seal of size {seal['size']} does not cover"
                   for other in beyond[:1]]
        size = self.manifest["checkpoint"]["size"]
        faults += [f"the checkpoint's size is {size}, not {position + 1}"] * (size != position + 1)
        self.find("seal", *faults, file="entries.jsonl", line=entry and entry.line, position=position)

    @property
    def type_key(self) -> str | None:
        """The key of the population, for which a period may leave entries out."""
        scope = self.manifest["scope"]
        return f"type:{scope['type']}" if "type" in scope else None

    def in_period(self, event: dict) -> bool:
        since, until = self.manifest["scope"]["since"], self.manifest["scope"]["until"]
        return (since is None or since <= event["recordedtime"]) and (until is None or event["recordedtime"] < until)

    def leaf_faults(self, leaf: dict) -> list[str]:
        """Whether a leaf is in the index that the seal commits."""
        seal = self.manifest["seal"]
        computed = root_from_leaf(index_leaf(leaf["key"], leaf["count"], bytes.fromhex(leaf["acc"])), leaf["index"],
                                  seal["keys"], leaf["path"])
        return [f"the path of the leaf {shown(leaf['key'])} does not lead to the index root"] * (
            computed != bytes.fromhex(seal["root"]))

    def have_key(self, key: str) -> list[Entry]:
        return [entry for entry in self.by_key.get(key, ()) if entry.position < self.manifest["seal"]["size"]]

    def asked_for(self, name: str, kind: str) -> list[dict]:
        """Of the proofs of a list those that the query asks for, one a key: nobody is made to check the others."""
        proofs, asked = self.proofs[name], self.manifest["query"][name]
        if [proof["key"] for proof in proofs] == asked:
            return proofs
        self.find(kind, f"the keys of {name} are not those of the manifest's query, in order", file="proofs.json")
        first = {proof["key"]: proof for proof in reversed(proofs)}
        return [first[key] for key in asked if key in first]

    def check_complete(self) -> None:
        self.checked.append("key")
        for proof in self.asked_for("complete", "key"):
            faults = self.leaf_faults(proof) + self.period_faults(proof) + self.fold_faults(proof)
            self.find("key", *[f"{shown(proof['key'])}: {fault}" for fault in faults], file="proofs.json")

    def period_faults(self, proof: dict) -> list[str]:
        """Entries are left out before and after none but a period that has a beginning, or an end."""
        scope = self.manifest["scope"] if proof["key"] == self.type_key else {"since": None, "until": None}
        from_none = proof["before"] == {"count": 0, "acc": "0" * 64}
        return ["entries before are left out"] * (not from_none and scope["since"] is None) + (
            ["entries after are left out"] * (proof["after"] != [] and scope["until"] is None))

    def fold_faults(self, proof: dict) -> list[str]:
        key, positions = proof["key"], proof["positions"]
        faults = ["its positions do not ascend"] * (not ascend(positions))
        strangers = [position for position in positions if position not in self.at or key not in self.at[position].keys]
        faults += [f"no entry with this key is bundled at position {position}{and_more(strangers)}"
                   for position in strangers[:1]]
        listed = set(positions)
        missing = [entry for entry in self.have_key(key) if entry.position not in listed
                   and (key != self.type_key or self.in_period(entry.event))]
        faults += [f"position {entry.position} has this key, and is not in its positions{and_more(missing)}"
                   for entry in missing[:1]]
        if strangers:
            return faults
        count, accumulator = proof["before"]["count"], bytes.fromhex(proof["before"]["acc"])
        hashes = [self.at[position].hash for position in positions] + [bytes.fromhex(text) for text in proof["after"]]
        for entry_hash in hashes:
            accumulator = accumulate(accumulator, entry_hash)
        whole = (count + len(hashes), accumulator.hex()) == (proof["count"], proof["acc"])
        return faults + ["the entries shown are not all that the index has counted, in this order"] * (not whole)

    def check_scope(self) -> None:
        self.checked.append("scope")
        scope, query = self.manifest["scope"], self.manifest["query"]
        if "release" in scope:
            wanted = f"subject:{scope['release']}"
            faults = [f"{shown(wanted)} is not among the keys that are complete"] * (wanted not in query["complete"])
        elif self.type_key in query["complete"]:
            proof = next((proof for proof in self.proofs["complete"] if proof["key"] == self.type_key), None)
            faults = self.population_faults(proof) if proof else []  # without one, check_complete has said so
        else:
            faults = [f"{shown(self.type_key)} is neither complete nor absent"] * (self.type_key not in query["absent"])
        self.find("scope", *faults, file="manifest.json")

    def population_faults(self, proof: dict) -> list[str]:
        """The entry just before the period and the one just after it show that none of the period was left out."""
        since, until = self.manifest["scope"]["since"], self.manifest["scope"]["until"]
        events = [self.at[position].event for position in proof["positions"] if position in self.at]
        events = [event for event in events if event]
        faults = []
        if proof["before"]["count"] > 0 and since is not None:
            faults += [f"entries before are left out, and the first one shown is not before {since}"] * (
                not events or events[0]["recordedtime"] >= since)
        if proof["after"] and until is not None:
            faults += [f"entries after are left out, and the last one shown is before {until}"] * (
                not events or events[-1]["recordedtime"] < until)
        complete = set(self.manifest["query"]["complete"])
        subjects = {event["subject"] for event in events if "subject" in event and self.in_period(event)}
        missing = [key for key in sorted(f"subject:{subject}" for subject in subjects) if key not in complete]
        return faults + [f"{shown(key)} is not among the keys that are complete{and_more(missing)}"
                         for key in missing[:1]]

    def check_absent(self) -> None:
        self.checked.append("absence")
        for proof in self.asked_for("absent", "absence"):
            faults = self.absence_faults(proof["key"], proof["left"], proof["right"])
            self.find("absence", *[f"{shown(proof['key'])}: {fault}" for fault in faults], file="proofs.json")

    def absence_faults(self, key: str, left: dict | None, right: dict | None) -> list[str]:
        faults = [f"position {entry.position} has this key" for entry in self.have_key(key)[:1]]
        faults += ["there is no leaf to its left or right"] * (left is right is None)
        for leaf in (left, right):
            faults += self.leaf_faults(leaf) if leaf else []
        faults += ["the leaf to its left is not before it"] * bool(left and left["key"] >= key)
        faults += ["the leaf to its right is not after it"] * bool(right and right["key"] <= key)
        if left and right:
            faults += ["there may be leaves between the two"] * (right["index"] != left["index"] + 1)
        elif right:
            faults += ["there may be leaves to the left"] * (right["index"] != 0)
        elif left:
            faults += ["there may be leaves to the right"] * (left["index"] != self.manifest["seal"]["keys"] - 1)
        return faults

    # Attachments, statements, timestamps.

    def check_attachments(self) -> None:
        if self.entries is None:
            return
        self.checked.append("attachment")
        referred = {digest: entry for entry in reversed(self.entries) for digest in entry.refers}
        withheld = set(self.manifest["withheld"]) if self.manifest else set()
        there = {name for name in self.archive.digests if name.startswith("attachments/")}
        for digest, entry in sorted(referred.items()):
            missing = f"attachments/sha256-{digest}" not in there and digest not in withheld and self.manifest
            self.find("attachment", *["it is neither here nor withheld"] * bool(missing), line=entry.line,
                      file=f"attachments/sha256-{digest}", position=entry.position)
        for name in sorted(there):
            digest = name.removeprefix("attachments/sha256-")
            faults = ["no entry refers to it"] * (digest not in referred)
            faults += ["the manifest withholds it"] * (digest in withheld)
            faults += [f"its bytes have the SHA-256 {self.archive.digests[name][1]}"] * (
                digest in referred and self.archive.digests[name][1] != digest)
            self.find("attachment", *faults, file=name)
        for digest in sorted(withheld - set(referred)):
            self.find("attachment", f"{digest} is withheld, and no entry refers to it", file="manifest.json")
        if withheld:
            self.unchecked.append(f"Attachments that entries refer to by hash were withheld ({len(withheld)}): what they "
                                  "say cannot be seen.")

    def check_statements(self) -> None:
        raw = self.content("statement.intoto.jsonl")
        self.checked.append("statement")
        if raw is None:
            return
        signers = dict(filter(None, (trusted_key(entry.event) for entry in self.entries or [] if entry.event)))
        if self.key:
            own = ED25519 + self.key.public
            signers[sha256(own).hex()] = own
        self.envelopes = {}
        for line, text in enumerate(io.BytesIO(raw), 1):
            faults = ["no line feed at its end"] * (not text.endswith(b"\n"))
            faults += ["the same line is there before"] * (text.removesuffix(b"\n") in self.envelopes)
            self.envelopes[text.removesuffix(b"\n")] = line
            try:
                faults += self.envelope_faults(read_canonical(text.removesuffix(b"\n")), signers)
            except Malformed as error:
                faults.append(str(error))
            self.find("statement", *faults, file="statement.intoto.jsonl", line=line)
        if not self.envelopes:
            self.find("statement", "there is none", file="statement.intoto.jsonl")

    def envelope_faults(self, envelope: object, signers: dict[str, bytes]) -> list[str]:
        check_form(envelope, ENVELOPE, "the envelope")
        require(len(envelope["signatures"]) == 1, "not exactly one signature")
        payload = strict_base64(envelope["payload"])
        signature, key_id = strict_base64(envelope["signatures"][0]["sig"]), envelope["signatures"][0]["keyid"]
        faults = self.payload_faults(payload)
        if key_id not in signers:  # with files missing it may be the key of one
            return faults + [f"no key {key_id} is trusted"] * bool(self.key and self.entries is not None)
        signed = b"DSSEv1 28 application/vnd.in-toto+json %d %b" % (len(payload), payload)
        is_ed25519 = signers[key_id].startswith(ED25519)
        good = not (is_ed25519 and len(signature) != 64) and self.signatures.ask_once(signers[key_id], signed, signature)
        return faults + ["its signature is wrong"] * (not good)

    def payload_faults(self, payload: bytes) -> list[str]:
        try:
            statement = read_json(payload, strict=True)
        except Malformed as error:
            return [f"its payload: {error}"]
        statement = statement if isinstance(statement, dict) else {}
        faults = [f"its payload is no {STATEMENT_TYPE}"] * (statement.get("_type") != STATEMENT_TYPE)
        faults += ["its payload has no predicateType"] * (not is_text(statement.get("predicateType")))
        subjects = statement.get("subject") if isinstance(statement.get("subject"), list) else [None]
        faults += ["its payload has a subject without a digest"] * (not all(map(has_digest, subjects)))
        named = [subject.get("digest") for subject in subjects
                 if isinstance(subject, dict) and subject.get("name") == "manifest.json"]
        digests = [digest.get("sha256") for digest in named if isinstance(digest, dict)]
        _, found = self.archive.digests.get("manifest.json", (None, None))
        return faults + ["it does not sign this manifest.json"] * (found is not None and found not in digests)

    def check_sigstore(self) -> None:
        copies = collections.Counter()
        for name in sorted(self.archive.digests):
            if not SIGSTORE_FILE.fullmatch(name):
                continue
            try:
                raw = self.archive.read(name)
                require(raw.endswith(b"\n"), "no line feed at its end")
                bundle = read_canonical(raw[:-1])
                check_form(bundle, SIGSTORE, "the file")
                envelope = write_json(bundle["dsseEnvelope"]).encode()
                copies[envelope] += 1
                require(self.envelopes is None or envelope in self.envelopes,
                        "its envelope is not in statement.intoto.jsonl")
                signers = [signature["keyid"] for signature in bundle["dsseEnvelope"]["signatures"]]
                require([bundle["verificationMaterial"]["publicKey"]["hint"]] == signers,
                        "its hint is not the key ID of its envelope")
            except Malformed as error:
                self.find("statement", str(error), file=name)
        for envelope, line in (self.envelopes or {}).items():
            self.find("statement", *[f"it is in {copies[envelope]} files of sigstore/"] * (copies[envelope] != 1),
                      file="statement.intoto.jsonl", line=line)

    def check_timestamps(self) -> None:
        if self.entries is None:
            return
        self.checked.append("timestamp")
        stamps = [entry for entry in self.entries if entry.event and entry.event.get("subject") == "ledger"
                  and entry.event["type"] == TIMESTAMPED]
        answered: dict = {}  # of the same data openssl is asked once
        for entry in stamps:
            data = entry.event.get("data")
            if write_json(data) not in answered:
                answered[write_json(data)] = timestamp_faults(data, self.attachment, self.stamped_faults, self.key,
                                                              self.signatures, self.given.timestamp_ca)
            faults = answered[write_json(data)]
            self.find("timestamp", *faults, file="entries.jsonl", line=entry.line, position=entry.position)
            if self.given.timestamp_ca and self.key and self.proofs and entry.position is not None and not faults:
                self.told_stamps.append(told_timestamp(entry.position, entry.event["data"]))
        if self.given.timestamp_ca and not stamps:
            self.trusted = False
            self.unchecked.append(NO_TIMESTAMPS)
        if stamps and not self.given.timestamp_ca:
            self.unchecked.append("The timestamps' tokens were not looked into: no certificates of a time-stamping "
                                  "authority were given (--timestamp-ca).")

    def stamped_faults(self, size: int, root: str) -> list[str]:
        return ["its size and root are not in consistency"] * (
            self.proofs is not None and self.stated_roots.get(size) != bytes.fromhex(root))


def is_open(report: dict) -> bool:
    """Whether what was given is not enough, or nothing was there to hold it against."""
    return not report.get("trusted", True) or report.get("timestamps") == []


def print_text(report: dict) -> None:
    print("origin:", "unknown" if report["origin"] is None else shown(report["origin"])[1:-1])
    print(f"size: {report['size']}\nroot: {report['root'] or 'unknown'}\nchecked: {', '.join(report['checked'])}")
    for sentence in report["unchecked"]:
        print("not checked:", sentence)
    print_timestamps(report)
    for finding in report["findings"]:
        place = "ledger" if finding["position"] is None else f"position {finding['position']}"
        print(f"{place}: {finding['kind']}: {finding['detail']}")
    count = len(report["findings"])
    if count:
        print(f"{count} finding{'s' * (count != 1)}")
    elif is_open(report):
        print(f"no finding in {report['size']} entries, BUT NOT ALL WAS PROVEN: see what was not checked")
    else:
        print(f"verified: {report['size']} entries")


def print_timestamps(report: dict) -> None:
    for stamp in report.get("timestamps", ()):
        print(f"timestamp: what is below size {stamp['size']} existed at {stamp['time']} (position {stamp['position']})")


def print_proven(report: dict) -> None:
    """What it comes to that there is no finding. The signer has chosen the questions: a reader looks for their own."""
    scope, period = report["scope"], period_words(report["scope"])
    for key in report["complete"]:
        is_population = "type" in scope and key == f"type:{scope['type']}"
        print("complete:", ", ".join([shown(key)[1:-1], *period * is_population]))
    for key in report["absent"]:
        print("absent from the whole log:", shown(key)[1:-1])


def period_words(scope: dict) -> list[str]:
    return [f"{word} {scope[word]}" for word in ("since", "until") if scope.get(word)]


def print_bundle_text(report: dict) -> None:
    scope = report["scope"]
    if scope:
        named = f"release {shown(scope['release'])}" if "release" in scope else f"type {shown(scope['type'])}"
        print("scope:", ", ".join([named, *period_words(scope)]))
    print("origin:", "unknown" if report["origin"] is None else shown(report["origin"])[1:-1])
    print(f"entries: {report['entries']} of a ledger of {'unknown' if report['size'] is None else report['size']}")
    print(f"root: {report['root'] or 'unknown'}\nchecked: {', '.join(report['checked'])}")
    for sentence in report["unchecked"]:
        print("not checked:", sentence)
    print_timestamps(report)
    if scope and not report["findings"]:
        print_proven(report)
    for finding in report["findings"]:
        place = [finding["file"] or "bundle"]
        place += [f"{word} {finding[word]}" for word in ("line", "position") if finding[word] is not None]
        print(f"{', '.join(place)}: {finding['kind']}: {finding['detail']}")
    count = len(report["findings"])
    if count:
        print(f"BAD: {count} finding{'s' * (count != 1)}")
    elif report["trusted"]:
        print("GOOD: proven by the key given")
    else:
        print("CONSISTENT, BUT NOT PROVEN: see what was not checked")


def is_bundle(given: argparse.Namespace) -> bool:
    if given.bundle:
        return True
    with open(given.file, "rb") as file:
        start = file.read(16)
    return start != b"SQLite format 3\0" and (start.startswith(b"PK") or given.file.endswith(".zip"))


def parse_certificates(raw: bytes) -> bytes:
    """The certificates alone. openssl makes something of them that nobody needs, if it can read them all."""
    blocks = re.finditer(rb"-----BEGIN ((?:X509 )?CERTIFICATE)-----.*?-----END \1-----", raw, re.DOTALL)
    certificates = b"".join(block[0] + b"\n" for block in blocks)
    require(certificates, "no certificate in PEM")
    with contextlib.closing(OpenSSL()) as openssl:
        told = openssl.run("crl2pkcs7 -nocrl -certfile certificates", certificates=certificates)
        require(told.returncode == 0, "a certificate that cannot be read")
    return certificates


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a Daybook ledger, or an evidence bundle.",
                                     allow_abbrev=False)
    parser.add_argument("file", metavar="FILE", help="a ledger, or an evidence bundle (.zip)")
    parser.add_argument("--key", metavar="VKEY", help="the ledger's verifier key, or a file that holds it")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="a checkpoint kept elsewhere")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="receipts kept elsewhere")
    parser.add_argument("--quick", action="store_true", help="the chain, the subtrees and the newest checkpoint only")
    parser.add_argument("--bundle", action="store_true", help="FILE is an evidence bundle, whatever it looks like")
    parser.add_argument("--timestamp-ca", metavar="PEMFILE", help="certificates of time-stamping authorities")
    parser.add_argument("-o", dest="output", choices=("text", "json"), default="text")
    try:
        given = parser.parse_args()
    except SystemExit as end:  # argparse has printed what there is to say
        sys.exit(USAGE if end.code else 0)
    if not os.path.isfile(given.file) or not os.access(given.file, os.R_OK):
        raise Stop(NO_INPUT, f"{given.file}: no such file, or none that can be read")
    given.bundle = is_bundle(given)
    if given.bundle and (given.receipt or given.quick):
        option = "--receipt" if given.receipt else "--quick"
        raise Stop(USAGE, f"{option} is for ledgers; {given.file} is taken for a bundle")
    given.key = read_key(given.key) if given.key is not None else None
    given.checkpoint = [(path, read_evidence(path, parse_checkpoint)) for path in given.checkpoint]
    given.receipt = [(path, receipt) for path in given.receipt for receipt in read_evidence(path, parse_receipts)]
    if given.timestamp_ca is not None:
        given.timestamp_ca = read_evidence(given.timestamp_ca, parse_certificates)
    return given


def verify_ledger(given: argparse.Namespace, signatures: Signatures) -> dict:
    if sqlite3.sqlite_version_info < (3, 37):
        raise Stop(UNAVAILABLE, f"this Python has SQLite {sqlite3.sqlite_version}; 3.37 or newer is needed")
    for attempt in range(3):  # again if someone wrote meanwhile, at last with SQLite's locks
        try:
            ledger = Ledger(given.file, shared=attempt == 2)
        except (sqlite3.Error, OSError) as error:
            raise Stop(NO_INPUT, f"{given.file}: cannot be opened: {error}") from None
        report = Verifier(ledger, given, signatures).run()
        ledger.connection.close()
        if not ledger.changed():
            break
    return report


def main() -> int:
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        given = read_arguments()
        with contextlib.closing(Signatures()) as signatures:
            report = BundleVerifier(given, signatures).run() if given.bundle else verify_ledger(given, signatures)
        if given.output == "json":
            print(json.dumps(report, ensure_ascii=False, indent=2), flush=True)
        elif given.bundle:
            print_bundle_text(report)
        else:
            print_text(report)
        return FOUND if report["findings"] else UNPROVEN if is_open(report) else 0
    except Stop as stop:
        print(f"verify.py: {stop.args[1]}", file=sys.stderr)
        return stop.args[0]
    except Exception as error:  # whatever happened, nothing was verified, and that is no verdict on the file
        print(f"verify.py: a fault of this program: {type(error).__name__}: {error}", file=sys.stderr)
        return SOFTWARE


if __name__ == "__main__":
    sys.exit(main())
