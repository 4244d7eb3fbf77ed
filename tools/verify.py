#!/usr/bin/env python3
"""Verify a Daybook ledger: an independent second implementation of docs/spec/verification.md.

It was written from docs/spec/ and schema/ledger/ alone, and shares no code with `daybook`; where the two disagree about
a ledger, one of them or the specification is wrong. It checks the file and its schema, the chain of hashes, the form
of every event, the streams, the idempotency keys, SQLite's indexes and computed columns, the stored subtree hashes,
the attachments and every stored checkpoint; and it holds the ledger against what you bring from outside.

    tools/verify.py LEDGER [--key VKEY] [--checkpoint FILE]... [--receipt FILE]... [--quick] [-o text|json]

VKEY is a verifier key, or a file that holds one. A checkpoint FILE holds one signed checkpoint; a receipt FILE holds
receipts, one JSON object a line, or one object over several lines. --quick checks the file, the positions, the
hashes, the subtree hashes, the newest checkpoint, and all that comes from outside.

Exit: 0 nothing found; 11 findings; 64 wrong usage; 65 a ledger of a newer format, or a key, checkpoint or receipt file
that cannot be read as one; 66 no such file; 69 no usable openssl or SQLite; 70 a fault of this program.

It needs Python 3.9 with SQLite 3.37 or newer, nothing beyond the standard library, and the openssl command (3.0 or
newer), which it uses for nothing but Ed25519 signatures. It never writes to the ledger. A ledger without entries in a
-wal file is read without locks and without a trace; else SQLite reads the two together, and may create the -shm file.
"""
from __future__ import annotations

import argparse
import base64
import collections
import concurrent.futures
import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse

FOUND, USAGE, DATA, NO_INPUT, UNAVAILABLE, SOFTWARE = 11, 64, 65, 66, 69, 70
APPLICATION_ID, FORMAT = 1146700363, 1
EVENT_LIMIT, EVENT_READ_LIMIT = 61_440, 1 << 20  # one far above the limit is a finding; to read its JSON may take all memory
NOTE_LIMIT = 1 << 20
CREATED = "dev.daybook.ledger.created.v1"
KINDS = ["file", "schema", "storage", "position", "hash", "canonical", "event", "created", "time", "stream", "key",
         "index", "subtree", "checkpoint", "attachment"]
QUICK_KINDS = ["file", "storage", "position", "hash", "subtree", "checkpoint"]
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


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def shown(value: object) -> str:
    """A value out of the ledger, made safe for a terminal: repr escapes whatever does not print."""
    if isinstance(value, bytes):
        value = value.hex() if len(value) == 32 else value.decode("utf-8", "backslashreplace")
    return repr(value) if len(repr(value)) <= 120 else repr(value)[:117] + "..."


# Canonical JSON (canonical-json.md). Objects become dict, integers within 2^53 - 1 int, all other numbers float.

DEPTH_LIMIT = 512
sys.setrecursionlimit(5000)  # reading takes one Python frame for each level of nesting, writing two
TOKEN = re.compile(r"""[ \t\n\r]*(?: (?P<mark>[{}\[\]:,]) | (?P<word>true|false|null)
    | "(?P<string>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"
    | (?P<number>-?(?:0|[1-9][0-9]*)(?P<real>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)) )""", re.VERBOSE)
ESCAPE = re.compile(r"\\(?:u(d[89ab]..)\\u(d[c-f]..)|u(....)|(.))", re.IGNORECASE)  # a pair of surrogates first
ESCAPED = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {"true": True, "false": False, "null": None}
TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')
WRITTEN = {**{chr(code): f"\\u{code:04x}" for code in range(0x20)},
           **{char: "\\" + letter for letter, char in ESCAPED.items() if letter != "/"}}


def read_json(raw: bytes) -> object:
    """Reads a stored event. An integer outside 2^53 - 1 becomes a float, since the canonical form of 1e20 is one."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(f"byte {error.start}: invalid UTF-8") from None

    def fault(at: int, why: str) -> Malformed:
        return Malformed(f"byte {len(text[:at].encode())}: {why}")

    def token(at: int) -> re.Match:
        found = TOKEN.match(text, at)
        if not found:
            raise fault(at, "not JSON")
        return found

    def unescape(found: re.Match) -> str:
        if "\\" not in found["string"]:
            return found["string"]
        string = ESCAPE.sub(lambda e: ESCAPED[e[4]] if e[4] else chr(int(e[3], 16)) if e[3] else chr(
            0x10000 + ((int(e[1], 16) - 0xD800) << 10) + int(e[2], 16) - 0xDC00), found["string"])
        if re.search("[\ud800-\udfff]", string):
            raise fault(found.start(), "a lone surrogate escape")
        return string

    def value(found: re.Match, depth: int) -> tuple[object, int]:
        """The value that begins with this token, and the index after it."""
        if found["string"] is not None:
            return unescape(found), found.end()
        if found["number"]:
            number = float(found["number"])
            if number in (float("inf"), float("-inf")):
                raise fault(found.start(), "a number above any double")
            is_integer = not found["real"] and abs(number) < 2**53  # all beyond 2^53 - 1 round to 2^53 or more
            return int(found["number"]) if is_integer else number, found.end()
        if found["word"]:
            return WORDS[found["word"]], found.end()
        if found["mark"] not in "{[":
            raise fault(found.start(), "a value is missing")
        if depth == DEPTH_LIMIT:
            raise fault(found.start(), f"nesting deeper than {DEPTH_LIMIT}")
        container, closing = ({}, "}") if found["mark"] == "{" else ([], "]")
        found = token(found.end())
        if found["mark"] == closing:
            return container, found.end()
        while True:
            if closing == "}":
                colon = token(found.end())
                if found["string"] is None or colon["mark"] != ":":
                    raise fault(found.start(), "a member name or its colon is missing")
                name = unescape(found)
                if name in container:
                    raise fault(found.start(), f"the member {shown(name)} stands twice in one object")
                container[name], at = value(token(colon.end()), depth + 1)
            else:
                element, at = value(found, depth + 1)
                container.append(element)
            found = token(at)
            if found["mark"] == closing:
                return container, found.end()
            if found["mark"] != ",":
                raise fault(found.start(), f"a comma or {closing} is missing")
            found = token(found.end())

    result, end = value(token(0), 0)
    if text[end:].strip(" \t\n\r"):
        raise fault(end, "something after the value")
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
URI_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
NAME_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
MEDIA_TYPE = re.compile(r'T/T(?:[ \t]*;[ \t]*T=(?:T|"(?:[ \t!#-\[\]-~]|\\[ \t!-~])*"))*'.replace("T", NAME_TOKEN))
DATE_TIME = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?"
                       r"(?:[Zz]|[+-]([0-9]{2}):([0-9]{2}))")
RECORDED_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]\.[0-9]{6}Z")
ATTACHMENT = re.compile(r"sha256:([0-9a-f]{64})")


def is_date_time(text: str) -> bool:
    match = DATE_TIME.fullmatch(text)
    if not match:
        return False
    year, month, day, hour, minute, second, offset_hour, offset_minute = (int(part or 0) for part in match.groups())
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    days = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month] + leap if month <= 12 else 0
    return (1 <= day <= days and hour <= 23 and minute <= 59 and second <= 60  # 60 is a leap second
            and offset_hour <= 23 and offset_minute <= 59)


REQUIRED = ("specversion", "id", "source", "type", "recordedtime")
STRINGS = {  # the attributes that must be non-empty strings, and what more is asked of them
    "specversion": ("1.0", "1.0".__eq__),
    "id": ("", str),
    "source": ("a URI-reference", re.compile(URI_CHARACTER + "+").fullmatch),
    "type": ("", str),
    "subject": ("", str),
    "time": ("an RFC 3339 date-time", is_date_time),
    "datacontenttype": ("a media type", MEDIA_TYPE.fullmatch),
    "dataschema": ("an absolute URI", re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:" + URI_CHARACTER + "*").fullmatch),
    "recordedtime": ("a time of the ledger's clock", lambda text: RECORDED_TIME.fullmatch(text) and is_date_time(text)),
}


def event_faults(event: object) -> list[str]:
    if not isinstance(event, dict):
        return ["not an object"]
    faults = [f"{name} is missing" for name in REQUIRED if name not in event]
    if "data" in event and "data_base64" in event:
        faults.append("both data and data_base64")
    if ("subject" in event) != ("streamversion" in event):
        faults.append("subject and streamversion do not go together")
    return faults + [f"{shown(name)} is not {wanted}: {shown(value)}" for name, value in event.items()
                     if name != "data" for wanted in [attribute_fault(name, value)] if wanted]


def attribute_fault(name: str, value: object) -> str | None:
    """What an attribute should be and is not."""
    is_integer = type(value) is int and -2**31 <= value < 2**31
    if isinstance(value, str) and (CONTROL.search(value) or NONCHARACTER.search(value)):
        return "free of control characters and noncharacters"
    if name in STRINGS:
        wanted, rule = STRINGS[name]
        if not isinstance(value, str) or not value:
            return "a non-empty string"
        return None if rule(value) else wanted
    if name == "data_base64":
        return None if isinstance(value, str) and strict_base64(value) is not None else "base64"
    if name == "streamversion":
        return None if is_integer else "an integer within 32 bits"
    if not re.fullmatch("[a-z0-9]{1,20}", name):
        return "the name of an extension attribute"
    return None if is_integer or isinstance(value, (str, bool)) else "a string, a boolean, or an integer within 32 bits"


def attachment_digests(event: dict) -> set[bytes]:
    data = event.get("data")
    elements = data.get("attachments") if isinstance(data, dict) else None
    named = [element["digest"] for element in elements if isinstance(element, dict) and isinstance(element.get("name"), str)
             and isinstance(element.get("digest"), str)] if isinstance(elements, list) else []
    return {bytes.fromhex(match[1]) for match in map(ATTACHMENT.fullmatch, named) if match}


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


def parse_key(text: str) -> Key:
    name, key_id, encoded = (text.split("+", 2) + ["", ""])[:3]
    data = strict_base64(encoded)
    if not is_key_name(name) or data is None or len(data) != 33 or data[0] != 1:
        raise Malformed("not a name, a key ID, and the base64 of an Ed25519 key")
    if key_id != sha256(name.encode() + b"\n" + data)[:4].hex():
        raise Malformed("the key ID is not that of this name and key")
    return Key(name, bytes.fromhex(key_id), data[1:])


def parse_checkpoint(raw: bytes) -> Checkpoint:
    try:
        whole = raw.decode("utf-8") if len(raw) <= NOTE_LIMIT else ""
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    text, _, block = whole.rpartition("\n\n")
    if not text or not block.endswith("\n") or CONTROL.search(whole.replace("\n", "")):
        raise Malformed("not a text, an empty line, and signature lines, within 1 MiB and without control characters")
    if block.count("\n") > 100:
        raise Malformed("more than 100 signature lines")
    signatures = []
    for line in block[:-1].split("\n"):
        name, _, encoded = line[2:].partition(" ")
        data = strict_base64(encoded)
        if not line.startswith("\u2014 ") or not is_key_name(name) or data is None or len(data) <= 4:
            raise Malformed(f"not a signature line: {shown(line)}")
        signatures.append((name, data[:4], data[4:]))
    lines = text.split("\n")
    if len(lines) < 3 or "" in lines or not is_key_name(lines[0]):
        raise Malformed("not the lines of a checkpoint: origin, size, root, non-empty extensions")
    root = strict_base64(lines[2])
    if not re.fullmatch("0|[1-9][0-9]{0,18}", lines[1]) or int(lines[1]) >= 2**63 or root is None or len(root) != 32:
        raise Malformed("its size is no number, or its root not the base64 of 32 bytes")
    return Checkpoint(lines[0], int(lines[1]), root, text + "\n", signatures)


class Signatures:
    """Ed25519 by the openssl command, on a few threads since each signature costs a process."""

    # The example of checkpoint.md: an openssl that refuses it, or accepts it for another text, is of no use.
    KEY = "example.com/shop+94f057d7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    NOTE = ("example.com/shop\n2\nddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=\n\n\u2014 example.com/shop lPBX16v1/nvTyUB+"
            "O78rCRF2ge2W0D1DSbscyy8BCszckd19sWZ0rFwc2xGM3c5lbr4IRgDIx+0iryxq8XdMoveyBw4=\n")

    def __init__(self):
        self.directory = None
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))
        self.answers: dict = {}

    def verify(self, key: Key, text: str, signature: bytes) -> concurrent.futures.Future:
        if self.directory is None:
            self.directory = tempfile.TemporaryDirectory(prefix="daybook-verify-")
            example, known = parse_checkpoint(self.NOTE.encode()), parse_key(self.KEY)
            answers = [self.verify(known, text, example.signatures[0][2]) for text in (example.text, example.text + "x\n")]
            if [answer.result() for answer in answers] != [True, False]:
                raise Stop(UNAVAILABLE, "the openssl command cannot verify Ed25519 signatures; 3.0 or newer is needed")
        if len(self.answers) > 4096:  # kept for receipts that share a checkpoint; not worth more memory
            self.answers.clear()
        question = (key.public, sha256(text.encode()), signature)
        if question not in self.answers:
            self.answers[question] = self.pool.submit(self.ask, key, text.encode(), signature)
        return self.answers[question]

    def ask(self, key: Key, text: bytes, signature: bytes) -> bool:
        spki = bytes.fromhex("302a300506032b6570032100") + key.public
        pem = b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(spki) + b"\n-----END PUBLIC KEY-----\n"
        with tempfile.TemporaryDirectory(dir=self.directory.name) as place:
            names = [os.path.join(place, name) for name in ("key", "text", "signature")]
            for name, content in zip(names, (pem, text, signature)):
                with open(name, "wb") as file:
                    file.write(content)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", names[0], "-rawin", "-in", names[1],
                       "-sigfile", names[2]]
            try:
                return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0
            except FileNotFoundError:
                raise Stop(UNAVAILABLE, "there is no openssl command, and signatures cannot be checked without") from None

    def close(self) -> None:
        self.pool.shutdown(wait=True)
        if self.directory:
            self.directory.cleanup()


class Tree:
    """The RFC 6962 tree over what was appended, kept as the roots of its full subtrees."""

    def __init__(self):
        self.size = 0
        self.full: list = []  # one root for each bit set in size, the largest subtree first
        self.stored: dict = {}  # (level, number): what subtree_hashes must hold

    def append(self, node: bytes) -> None:
        height = 0
        while self.size >> height & 1:
            node = sha256(b"\x01" + self.full.pop() + node)
            height += 1
            if height % 8 == 0:
                self.stored[height // 8, self.size >> height] = node
        self.full.append(node)
        self.size += 1

    def root(self) -> bytes:
        root = self.full[-1] if self.full else sha256(b"")
        for left in self.full[-2::-1]:
            root = sha256(b"\x01" + left + root)
        return root


# The ledger file (ledger-file.md).

class Text(bytes):
    """A TEXT value, undecoded: a damaged one need not be UTF-8. A BLOB comes as bytes."""


def is_hash(value: object) -> bool:
    return type(value) is bytes and len(value) == 32


class Unreadable(Exception):
    """What SQLite said instead of giving rows; `absent` when the table, column or index asked for is not there."""

    def __init__(self, error: object):
        super().__init__(shown(str(error) or type(error).__name__)[1:-1])
        self.absent = str(error).startswith(("no such", "no query solution"))


SQLITE_ERRORS = (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError, UnicodeError)


def json_is_innocuous() -> bool:
    """SQLite 3.38 to 3.40 take json_extract for unsafe in a schema that is not trusted, and then read no ledger."""
    memory = sqlite3.connect(":memory:")
    try:
        memory.execute("PRAGMA trusted_schema=OFF")
        memory.execute("CREATE TABLE t (a, b AS (json_extract(a, '$')))")
        return True
    except sqlite3.Error:
        return False
    finally:
        memory.close()


class Ledger:
    """The file, opened so that SQLite cannot change it. Every query may raise Unreadable and no other error of SQLite's.

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
        self.connection.execute(f"PRAGMA trusted_schema={'OFF' if json_is_innocuous() else 'ON'}")

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
        except SQLITE_ERRORS as error:
            raise Unreadable(error) from None

    def first(self, query: str, *values) -> tuple | None:
        try:
            return self.connection.execute(query, values).fetchone()
        except SQLITE_ERRORS as error:
            raise Unreadable(error) from None

    def ascending(self, query: str, width: int = 1):
        """Rows whose first `width` columns are integers and ascend. Others mean a damaged tree of pages, which may
        have no end."""
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
        except Unreadable as error:  # Python before 3.11 then drops the row before the fault
            row = None if last is None or error.absent else self.first(query.format("WHERE position > ?", "LIMIT 1"), last)
            if row and isinstance(row[0], int) and row[0] > last:
                yield row
            raise


# What a person brings from outside the ledger.

def read_evidence(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        raise Stop(NO_INPUT, f"{path}: no such file") from None
    except (OSError, ValueError) as error:
        raise Stop(DATA, f"{path}: {error}") from None


def read_key(argument: str) -> Key:
    is_file = os.path.exists(argument) or argument.count("+") < 2
    try:
        return parse_key(read_evidence(argument).decode("utf-8").strip() if is_file else argument)
    except (Malformed, UnicodeError) as error:
        raise Stop(DATA, f"--key {argument}: no verifier key: {error}") from None


def read_checkpoint(path: str) -> Checkpoint:
    try:
        return parse_checkpoint(read_evidence(path))
    except Malformed as error:
        raise Stop(DATA, f"{path}: no checkpoint: {error}") from None


HEX_HASH = re.compile("[0-9a-f]{64}")
RECEIPT = {
    "position": lambda v: type(v) is int and v >= 0,
    "hash": lambda v: isinstance(v, str) and HEX_HASH.fullmatch(v),
    "previous": lambda v: isinstance(v, str) and HEX_HASH.fullmatch(v),
    "id": lambda v: isinstance(v, str),
    "streamversion": lambda v: v is None or type(v) is int,
    "recordedtime": lambda v: isinstance(v, str),
    "duplicate": lambda v: isinstance(v, bool),
    "checkpoint": lambda v: isinstance(v, str),
    "assurance": lambda v: isinstance(v, str),
}


def read_receipts(path: str) -> list[dict]:
    def members(pairs: list) -> dict:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a member stands twice in one object")
        return dict(pairs)

    try:
        text = read_evidence(path).decode("utf-8")
        try:
            receipts = [json.loads(text, object_pairs_hook=members)]
        except json.JSONDecodeError:
            receipts = [json.loads(line, object_pairs_hook=members) for line in text.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise Stop(DATA, f"{path}: no receipts: {error}") from None
    if not receipts:
        raise Stop(DATA, f"{path}: no receipts: the file is empty")
    for number, receipt in enumerate(receipts, 1):
        for name, rule in RECEIPT.items():
            if not isinstance(receipt, dict) or name not in receipt or not rule(receipt[name]):
                raise Stop(DATA, f"{path}: receipt {number}: {name} is missing or not what it should be")
        receipt["file"] = path
        try:
            receipt["parsed"] = parse_checkpoint(receipt["checkpoint"].encode("utf-8", "surrogatepass"))
        except Malformed as error:  # in a receipt that is one, so that it contradicts the ledger
            receipt["parsed"] = error
    return receipts


class Verifier:
    """One run over one ledger. Entries stream past once; what must be remembered of them is in a scratch database."""

    # How SQLite must find an entry by what its event says: by the computed columns, and by each index. The latter read
    # nothing but the index, since all that they ask is in it.
    LOOKUPS = {
        "the computed columns": ("NOT INDEXED WHERE id IS ? AND source IS ? AND type IS ? AND subject IS ? "
                                 "AND streamversion IS ?", ("id", "source", "type", "subject", "streamversion")),
        "entries_by_key": ("INDEXED BY entries_by_key WHERE source = ? AND id = ?", ("source", "id")),
        "entries_by_stream": ("INDEXED BY entries_by_stream WHERE subject IS ? AND streamversion IS ?",
                              ("subject", "streamversion")),
        "entries_by_type": ("INDEXED BY entries_by_type WHERE type = ?", ("type",)),
    }

    def __init__(self, ledger: Ledger, arguments: argparse.Namespace, signatures: Signatures):
        self.ledger, self.signatures, self.quick = ledger, signatures, arguments.quick
        self.trusted_key, self.trusted_checkpoints, self.receipts = arguments.key, arguments.checkpoint, arguments.receipt
        self.findings: list = []
        self.unchecked: list = []
        self.checked = list(QUICK_KINDS if self.quick else KINDS)
        self.origin = self.ledger_key = None
        self.tree = Tree()
        self.complete = False  # every entry was read
        self.unreadable: set = set()  # tables and indexes with which SQLite could not go on
        self.waiting: collections.deque = collections.deque()  # checkpoints that openssl is busy with
        self.previous_hash = self.previous_time = None
        self.scratch = sqlite3.connect("", isolation_level=None)  # a file of SQLite's, without a name and soon gone
        self.scratch.execute("PRAGMA journal_mode=OFF")
        for table in ("keys (source, id, position, PRIMARY KEY (source, id))", "streams (subject PRIMARY KEY, version)",
                      "attachments (digest PRIMARY KEY)"):
            self.scratch.execute(f"CREATE TABLE {table} WITHOUT ROWID")
        self.scratch.execute("BEGIN")

    def find(self, position: int | None, kind: str, detail: str) -> None:
        self.findings.append({"position": position, "kind": kind, "detail": detail})

    def give_up(self, what: str, error: Unreadable, absent_kind: str, position: int | None = None) -> None:
        self.unreadable.add(what)
        self.find(position, absent_kind if error.absent else "storage", f"{what}: SQLite cannot read on: {error}")

    def run(self) -> dict:
        if self.check_file():
            if not self.quick:
                self.check_attachments()
            self.check_entries()
            self.check_subtrees()
            if not self.quick:
                self.check_index_sizes()
            self.check_evidence()
            self.settle(0)
        self.say_what_was_not_checked()
        self.findings.sort(key=lambda f: -1 if f["position"] is None else f["position"])
        root = base64.b64encode(self.tree.root()).decode() if self.complete else None
        return {"origin": self.origin, "size": self.tree.size, "root": root, "checked": self.checked,
                "unchecked": self.unchecked, "findings": self.findings}

    def check_file(self) -> bool:
        """Also the schema. Whether there is a table of entries to go on with."""
        try:
            for statement in "PRAGMA cache_size=-65536", "BEGIN":  # one snapshot for all that is read
                self.ledger.first(statement)
            application, version = (self.ledger.first("PRAGMA " + name)[0] for name in ("application_id", "user_version"))
            if application != APPLICATION_ID:
                self.find(None, "file", f"the application_id is {application}, not Daybook's {APPLICATION_ID}")
            elif version > FORMAT:
                raise Stop(DATA, f"{self.ledger.path}: format version {version}; this verifier knows up to {FORMAT}")
            if version != FORMAT:
                self.find(None, "file", f"the user_version is {version}, not {FORMAT}")
            schema = list(self.ledger.rows("SELECT type, name, tbl_name, sql FROM sqlite_schema"))
        except Unreadable as error:
            self.checked = ["file", "storage"]
            self.find(None, "file" if "not a database" in str(error) else "storage", f"SQLite cannot read it: {error}")
            return False
        # A view or a virtual table is no table: it could be made to run for ever.
        real = {bytes(name).lower() for kind, name, _, sql in schema if (kind, type(name), type(sql)) == (b"table", Text, Text)
                and sql.upper().startswith(b"CREATE TABLE")}
        self.tables = {table for table in TABLES if table.encode() in real}
        for table in sorted(set(TABLES) - self.tables):
            self.find(None, "file", f"there is no table {table}")
        if not self.quick:
            self.check_schema(schema)
        return "entries" in self.tables

    def check_schema(self, rows: list) -> None:
        expected = {("index", "sqlite_autoindex_attachments_1", "attachments"): None}
        for statement in re.split(r";\n(?=CREATE|$)", SCHEMA)[:-1]:
            kind, name = re.match(r"CREATE (?:UNIQUE )?(\w+) (\w+)", statement).groups()
            table = re.search(r" ON (\w+)", statement)
            expected[kind.lower(), name, table[1] if table else name] = statement.encode()
        for *what, sql in rows:
            what = tuple(part.decode("utf-8", "backslashreplace") if isinstance(part, bytes) else part for part in what)
            if what in expected:
                if sql != expected.pop(what):
                    self.find(None, "schema", f"the {what[0]} {what[1]} is another: {shown(sql)}")
            elif not (what[0] == "table" and what[1] in ("sqlite_stat1", "sqlite_stat3", "sqlite_stat4")):  # from ANALYZE
                self.find(None, "schema", f"there should be no {shown(what[0])} {shown(what[1])}")
        for kind, name, _ in expected:
            self.find(None, "schema", f"there is no {kind} {name}")

    def check_entries(self) -> None:
        """The one pass over the entries, and over the checkpoints beside them, each when its last entry has passed."""
        wanted = {evidence.size for evidence in [checkpoint for _, checkpoint in self.trusted_checkpoints]
                  + [receipt["parsed"] for receipt in self.receipts] if isinstance(evidence, Checkpoint)}
        self.roots = {0: self.tree.root()}
        self.newest, checkpoints = 0, self.stored_checkpoints()
        checkpoint, expected, has_first = next(checkpoints, None), 0, False
        try:
            for position, entry_hash, event in self.ledger.entries():
                expected = self.check_position(position, expected)
                has_first = has_first or position == 0
                self.check_hash(position, entry_hash, event)
                if not self.quick or position == 0:
                    self.check_event(position, event)
                self.tree.append(entry_hash if isinstance(entry_hash, bytes) else b"")
                if self.tree.size in wanted:
                    self.roots[self.tree.size] = self.tree.root()
                while checkpoint and checkpoint[0] <= self.tree.size:
                    self.check_checkpoint(*checkpoint, self.tree.root())
                    checkpoint = next(checkpoints, None)
            self.complete = True
        except Unreadable as error:
            self.give_up("entries", error, "file", expected)
            self.unchecked.append(f"Entries from position {expected} on were not read, and the checkpoints and subtree "
                                  "hashes that cover them were not compared with them.")
        while checkpoint:
            self.check_checkpoint(*checkpoint, None)
            checkpoint = next(checkpoints, None)
        if not self.complete:
            return
        if self.newest < self.tree.size and "checkpoints" not in self.unreadable:
            self.find(self.newest - 1 if self.newest else None, "checkpoint",
                      f"the newest covers {self.newest} entries of {self.tree.size}")
        if self.tree.size == 0:
            self.find(None, "created", "the ledger has no entry: there was nothing to verify")
        elif not has_first and not self.quick:
            self.find(0, "created", "there is no first entry")
        if self.trusted_key and self.trusted_key != self.ledger_key:
            self.find(0, "trusted-key", "position 0 names " + (f"the key {self.ledger_key.name}+{self.ledger_key.id.hex()}, not"
                                                               " the one given" if self.ledger_key else "no key"))

    def check_position(self, position: int, expected: int) -> int:
        if position > expected:
            self.find(expected, "position", f"missing: {position - expected} entries, up to position {position - 1}")
        elif position < expected:
            self.find(position, "position", "no position of an entry")
        if position != expected:
            self.previous_hash = None
        if position == 0:
            self.previous_hash = bytes(32)
        return max(position + 1, expected)

    def check_hash(self, position: int, entry_hash: object, event: object) -> None:
        faults = [] if is_hash(entry_hash) else ["the hash is not a BLOB of 32 bytes"]
        if not isinstance(event, Text):
            faults.append("the event is not a TEXT")
        if is_hash(entry_hash) and isinstance(event, bytes) and self.previous_hash is not None:
            computed = sha256(b"\x00" + self.previous_hash + event)
            if computed != entry_hash:
                faults.append(f"stored {entry_hash.hex()}, computed {computed.hex()}")
        if faults:
            self.find(position, "hash", "; ".join(faults))
        self.previous_hash = entry_hash if is_hash(entry_hash) else None

    def check_event(self, position: int, raw: object) -> None:
        """All that is asked of one event. With --quick only the first is read, for the sake of its key."""
        event, canonical, faults = None, None, []
        if isinstance(raw, bytes) and len(raw) > EVENT_LIMIT:
            faults.append(f"{len(raw)} bytes, the limit is {EVENT_LIMIT}")
        if isinstance(raw, bytes) and len(raw) <= EVENT_READ_LIMIT:
            try:
                event = read_json(raw)
                written = write_json(event).encode()
                if written != raw:
                    at = len(os.path.commonprefix([written, bytes(raw)]))
                    canonical = f"byte {at}: not the canonical form of its value"
                faults += event_faults(event)
            except Malformed as error:
                canonical = str(error)
        created = self.created_faults(position, event if isinstance(event, dict) else {})
        if self.quick:
            return
        for kind, found in (("canonical", [canonical] if canonical else []), ("event", faults), ("created", created)):
            if found:
                self.find(position, kind, "; ".join(found))
        if isinstance(raw, Text) and not canonical and not faults:
            self.check_time(position, event)
            self.check_stream(position, event)
            self.check_key(position, event)
            self.check_index(position, event)
            self.check_references(position, event)

    def created_faults(self, position: int, event: dict) -> list[str]:
        if position != 0:
            return [f"another entry of type {CREATED}"] if event.get("type") == CREATED else []
        faults = []
        data = event["data"] if isinstance(event.get("data"), dict) else {}
        if event.get("type") != CREATED or event.get("subject") != "ledger":
            faults.append(f"not an event of type {CREATED} and subject ledger")
        if set(data) != {"format", "key", "origin"} or type(data["format"]) is not int or data["format"] != FORMAT:
            faults.append(f'its data is not {{"format":{FORMAT},"key":...,"origin":...}}')
        self.origin = data["origin"] if isinstance(data.get("origin"), str) else None
        try:
            self.ledger_key = parse_key(data["key"] if isinstance(data.get("key"), str) else "")
            if self.ledger_key.name != self.origin:
                faults.append("its origin is not the name of its key")
        except Malformed as error:
            faults.append(f"it has no verifier key: {error}")
        return faults

    def check_time(self, position: int, event: dict) -> None:
        if self.previous_time is not None and event["recordedtime"] < self.previous_time:
            self.find(position, "time", f"recorded at {event['recordedtime']}, the entry before at {self.previous_time}")
        self.previous_time = event["recordedtime"]

    def check_stream(self, position: int, event: dict) -> None:
        if "subject" in event:
            subject, version = event["subject"], event["streamversion"]
            row = self.scratch.execute("SELECT version FROM streams WHERE subject = ?", (subject,)).fetchone()
            expected = row[0] + 1 if row else 1
            if version != expected:
                self.find(position, "stream", f"streamversion {version} of {shown(subject)}, expected {expected}")
            self.scratch.execute("INSERT OR REPLACE INTO streams VALUES (?, ?)", (subject, version))

    def check_key(self, position: int, event: dict) -> None:
        key = event["source"], event["id"]
        if not self.scratch.execute("INSERT OR IGNORE INTO keys VALUES (?, ?, ?)", (*key, position)).rowcount:
            earlier, = self.scratch.execute("SELECT position FROM keys WHERE source = ? AND id = ?", key).fetchone()
            self.find(position, "key", f"source {shown(key[0])} and id {shown(key[1])} are those of position {earlier}")

    def check_index(self, position: int, event: dict) -> None:
        for name, (condition, columns) in self.LOOKUPS.items():
            if name not in self.unreadable:
                try:
                    if not self.ledger.first(f"SELECT position FROM entries {condition} AND position = ?",
                                             *map(event.get, columns), position):
                        self.find(position, "index", f"not found in {name} by what its event says")
                except Unreadable as error:
                    self.give_up(name, error, "index")

    def check_index_sizes(self) -> None:
        """Every good entry was found in every index; now that the indexes hold nothing else."""
        for name in self.LOOKUPS:
            if name.startswith("entries_by_") and self.complete and name not in self.unreadable:
                try:
                    count, = self.ledger.first("SELECT count(*) FROM (SELECT position FROM entries INDEXED BY "
                                               f"{name} LIMIT ?)", self.tree.size + 1)
                    if count > self.tree.size:
                        self.find(None, "index", f"{name} has more rows than there are entries")
                except Unreadable as error:
                    self.give_up(name, error, "index")

    def check_attachments(self) -> None:
        try:
            for _, digest, content in self.ledger.ascending("SELECT rowid, digest, bytes FROM attachments NOT INDEXED "
                                                            "ORDER BY rowid") if "attachments" in self.tables else ():
                if type(content) is not bytes or sha256(content) != digest:
                    self.find(None, "attachment", f"the bytes of {shown(digest)} have another digest")
                if not self.ledger.first("SELECT rowid FROM attachments WHERE digest = ?", digest):
                    self.find(None, "attachment", f"SQLite does not find {shown(digest)} by its digest")
                self.scratch.execute("INSERT OR IGNORE INTO attachments VALUES (?)", (digest,))
        except Unreadable as error:
            self.give_up("attachments", error, "file")
            self.unchecked.append("Not all attachments could be read, and none was looked for that an event refers to.")

    def check_references(self, position: int, event: dict) -> None:
        for digest in sorted(attachment_digests(event)) if "attachments" not in self.unreadable else ():
            if not self.scratch.execute("SELECT 1 FROM attachments WHERE digest = ?", (digest,)).fetchone():
                self.find(position, "attachment", f"{shown(digest)} is not there")

    def check_subtrees(self) -> None:
        missing = dict(self.tree.stored)
        try:
            for level, number, root in self.ledger.ascending(
                    "SELECT level, number, hash FROM subtree_hashes ORDER BY level, number",
                    width=2) if "subtree_hashes" in self.tables else ():
                computed = missing.pop((level, number), None)
                if computed is None and self.complete:
                    self.find(None, "subtree", f"level {level}, number {number} is none of {self.tree.size} entries")
                elif computed is not None and (not is_hash(root) or root != computed):
                    self.find(None, "subtree", f"level {level}, number {number}: {shown(root)}, computed {computed.hex()}")
        except Unreadable as error:
            return self.give_up("subtree_hashes", error, "file")
        for level, number in missing:
            self.find(None, "subtree", f"level {level}, number {number} is missing")

    def stored_checkpoints(self):
        """By size; with --quick the newest alone."""
        try:
            rows = self.ledger.ascending("SELECT size, note FROM checkpoints ORDER BY size" + " DESC LIMIT 1" * self.quick)
            for size, note in rows if "checkpoints" in self.tables else ():
                self.newest = size
                yield size, note
        except Unreadable as error:
            self.give_up("checkpoints", error, "file")

    def check_checkpoint(self, size: int, note: object, root: bytes | None) -> None:
        """One that is stored, with the root of the ledger's first `size` entries if there are as many."""
        position = size - 1 if size > 0 else None
        try:
            if size < 1 or not isinstance(note, Text):
                raise Malformed("no row of a checkpoint")
            checkpoint = parse_checkpoint(note)
        except Malformed as error:
            return self.find(position, "checkpoint", f"of size {size}: malformed: {error}")
        faults = [] if checkpoint.size == size else [f"it states the size {checkpoint.size}"]
        if root is None and self.complete:
            faults.append(f"the ledger has no more than {self.tree.size} entries")
        elif root is not None and root != checkpoint.root:
            faults.append("its root is not that of these entries")
        self.judge(position, "checkpoint", f"of size {size}", checkpoint, faults)

    def judge(self, position: int | None, kind: str, name: str, checkpoint: Checkpoint, faults: list[str]) -> None:
        """Adds what origin and signatures say. openssl answers later, so the finding waits in a queue."""
        key, answers = self.trusted_key or self.ledger_key, []
        if key is None and kind == "checkpoint" and not self.tree.size:
            pass  # entries that could not be read are a finding, and enough
        elif key is None:
            faults.append("there is no key to check its signature by")
        else:
            if checkpoint.origin != key.name:
                faults.append(f"its origin is {shown(checkpoint.origin)}")
            answers = [self.signatures.verify(key, checkpoint.text, signature)
                       for name_of_key, key_id, signature in checkpoint.signatures if (name_of_key, key_id) == key[:2]]
            if not answers:
                faults.append("it is not signed by the ledger's key")
        self.waiting.append((position, kind, name, faults, answers))
        self.settle(256)

    def settle(self, limit: int) -> None:
        while len(self.waiting) > limit:
            position, kind, name, faults, answers = self.waiting.popleft()
            if not all([answer.result() for answer in answers]):
                faults.append("its signature is wrong")
            if faults:
                self.find(position, kind, f"{name}: " + "; ".join(faults))

    def check_evidence(self) -> None:
        for path, checkpoint in self.trusted_checkpoints:
            position = checkpoint.size - 1 if checkpoint.size else None
            self.judge(position, "trusted-checkpoint", path, checkpoint, self.root_faults(checkpoint))
        for receipt in self.receipts:
            faults, checkpoint = self.receipt_faults(receipt), receipt["parsed"]
            if isinstance(checkpoint, Malformed):
                faults.append(f"its checkpoint is malformed: {checkpoint}")
                self.find(receipt["position"], "trusted-receipt", f"{receipt['file']}: " + "; ".join(faults))
                continue
            if checkpoint.size <= receipt["position"]:
                faults.append("its checkpoint does not cover it")
            self.judge(receipt["position"], "trusted-receipt", receipt["file"], checkpoint,
                       faults + self.root_faults(checkpoint))

    def root_faults(self, checkpoint: Checkpoint) -> list[str]:
        if checkpoint.size in self.roots:
            return [] if self.roots[checkpoint.size] == checkpoint.root else [
                f"the root of the ledger's first {checkpoint.size} entries is another"]
        return [f"it covers {checkpoint.size} entries, the ledger has {self.tree.size}: truncated or replaced"
                if self.complete else f"not all of its {checkpoint.size} entries could be read"]

    def receipt_faults(self, receipt: dict) -> list[str]:
        position, query, faults = receipt["position"], "SELECT hash, event FROM entries WHERE position = ?", []
        try:
            row = self.ledger.first(query, position)
            before = self.ledger.first(query, position - 1) if position else (bytes(32), None)
        except Unreadable as error:
            return [f"the entry could not be read: {error}"]
        if row is None:
            return ["there is no such entry: truncated or replaced"]
        if row[0] != bytes.fromhex(receipt["hash"]):
            faults.append("the entry has another hash")
        if not before or before[0] != bytes.fromhex(receipt["previous"]):
            faults.append("the entry before has another hash")
        try:
            event = read_json(row[1][:EVENT_READ_LIMIT]) if isinstance(row[1], bytes) else None
            members = event if isinstance(event, dict) else {}
            faults += [f"it states {name} {shown(receipt[name])}, the event {shown(members.get(name))}"
                       for name in ("id", "streamversion", "recordedtime") if receipt[name] != members.get(name)]
        except Malformed:
            faults.append("the event of the entry cannot be read")
        return faults

    def say_what_was_not_checked(self) -> None:
        for kind, given in (("key", self.trusted_key), ("checkpoint", self.trusted_checkpoints), ("receipt", self.receipts)):
            if given and "position" in self.checked:
                self.checked.append("trusted-" + kind)
        if not self.trusted_key:
            self.unchecked.append("No key was given, and the one used is that which the ledger names at position 0: "
                                  "whoever wrote the ledger could have written all of it anew.")
        if not (self.trusted_checkpoints or self.receipts):
            self.unchecked.append("No checkpoint or receipt from outside was given: a removed tail cannot be seen.")
        if self.quick:
            self.unchecked.append("--quick leaves out " + ", ".join(kind for kind in KINDS if kind not in QUICK_KINDS)
                                  + ", and all checkpoints but the newest.")


def print_text(report: dict) -> None:
    print("origin:", "unknown" if report["origin"] is None else shown(report["origin"])[1:-1])
    print("size:", report["size"])
    print("root:", report["root"] or "unknown")
    print("checked:", ", ".join(report["checked"]))
    for sentence in report["unchecked"]:
        print("not checked:", sentence)
    for finding in report["findings"]:
        place = "ledger" if finding["position"] is None else f"position {finding['position']}"
        print(f"{place}: {finding['kind']}: {finding['detail']}")
    count = len(report["findings"])
    print(f"{count} finding{'s' * (count != 1)}" if count else f"verified: {report['size']} entries")


def read_arguments() -> argparse.Namespace:
    class Parser(argparse.ArgumentParser):
        def error(self, message: str):
            raise Stop(USAGE, f"{message}\n{self.format_usage().rstrip()}")

    parser = Parser(prog="verify.py", description="Verify a Daybook ledger.", allow_abbrev=False)
    parser.add_argument("ledger", metavar="LEDGER")
    parser.add_argument("--key", metavar="VKEY", help="the ledger's verifier key, or a file that holds it")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="a checkpoint kept elsewhere")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="receipts kept elsewhere")
    parser.add_argument("--quick", action="store_true", help="the chain, the subtrees and the newest checkpoint only")
    parser.add_argument("-o", dest="output", choices=("text", "json"), default="text")
    arguments = parser.parse_args()
    if not os.path.isfile(arguments.ledger) or not os.access(arguments.ledger, os.R_OK):
        raise Stop(NO_INPUT, f"{arguments.ledger}: no such file, or none that can be read")
    arguments.key = read_key(arguments.key) if arguments.key is not None else None
    arguments.checkpoint = [(path, read_checkpoint(path)) for path in arguments.checkpoint]
    arguments.receipt = [receipt for path in arguments.receipt for receipt in read_receipts(path)]
    return arguments


def verify(arguments: argparse.Namespace, signatures: Signatures) -> dict:
    if sqlite3.sqlite_version_info < (3, 37):
        raise Stop(UNAVAILABLE, f"this Python has SQLite {sqlite3.sqlite_version}; 3.37 or newer is needed")
    for attempt in range(3):  # again if someone wrote meanwhile, at last with SQLite's locks
        try:
            ledger = Ledger(arguments.ledger, shared=attempt == 2)
        except sqlite3.Error as error:
            raise Stop(NO_INPUT, f"{arguments.ledger}: SQLite cannot open it: {error}") from None
        report = Verifier(ledger, arguments, signatures).run()
        ledger.connection.close()
        if not ledger.changed():
            break
    return report


def main() -> int:
    signatures = Signatures()
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        arguments = read_arguments()
        report = verify(arguments, signatures)
        if arguments.output == "json":
            print(json.dumps(report, ensure_ascii=False, indent=2), flush=True)
        else:
            print_text(report)
        return FOUND if report["findings"] else 0
    except Stop as stop:
        print(f"verify.py: {stop.args[1]}", file=sys.stderr)
        return stop.args[0]
    except Exception as error:  # whatever happened, nothing was verified, and that is no verdict on the ledger
        print(f"verify.py: a fault of this program: {type(error).__name__}: {error}", file=sys.stderr)
        return SOFTWARE
    finally:
        signatures.close()


if __name__ == "__main__":
    sys.exit(main())
