#!/usr/bin/env python3
"""Verify a Daybook ledger: an independent second implementation of docs/spec/verification.md.

It was written from docs/spec/ and schema/ledger/ alone, and shares no code with `daybook`; where the two disagree about
a ledger, one of them or the specification is wrong. It checks the file and its schema, the chain of hashes, the form
of every event, the streams, the idempotency keys, SQLite's indexes and computed columns, the stored subtree hashes,
the attachments and every stored checkpoint; and it holds the ledger against what you bring from outside.

    tools/verify.py LEDGER [--key VKEY] [--checkpoint FILE]... [--receipt FILE]... [--quick] [-o text|json]

VKEY is a verifier key, or a file that holds one: less than two "+" can only be a file's name. A checkpoint FILE holds
one signed checkpoint; a receipt FILE holds receipts, one JSON object a line, or one object over several lines. --quick
checks the file, the positions, the hashes, the subtree hashes, the newest checkpoint, and all that comes from outside.

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
import contextlib
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
EVENT_LIMIT, NOTE_LIMIT, DEPTH_LIMIT = 61_440, 1 << 20, 512
POSITIONS = 1 << 53  # from there on JSON numbers are not exact
CREATED = "dev.daybook.ledger.created.v1"
QUICK_KINDS = ["file", "schema", "storage", "position", "hash", "created", "subtree", "checkpoint"]
OTHER_KINDS = ["canonical", "event", "time", "stream", "key", "index", "attachment"]
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

TOKEN = re.compile(r"""[ \t\n\r]*(?: (?P<mark>[{}\[\]:,]) | (?P<word>true|false|null)
    | "(?P<string>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*)*)"
    | (?P<number>-?(?:0|[1-9][0-9]*)(?P<real>(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)) )""", re.VERBOSE)
ESCAPE = re.compile(r"\\(?:u(d[89ab]..)\\u(d[c-f]..)|u(....)|(.))", re.IGNORECASE)  # a pair of surrogates first
ESCAPED = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
WORDS = {"true": True, "false": False, "null": None}
TO_ESCAPE = re.compile(r'["\\\x00-\x1f]')
WRITTEN = {**{chr(code): f"\\u{code:04x}" for code in range(0x20)},
           **{char: "\\" + letter for letter, char in ESCAPED.items() if letter != "/"}}
sys.setrecursionlimit(5000)  # reading takes one Python frame for each level of nesting, writing two


def unescape(found: re.Match) -> str:
    high, low, code, letter = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    return ESCAPED[letter] if letter else chr(int(code, 16))


def read_json(raw: bytes) -> object:
    """Reads a stored event, or a receipt. An integer outside 2^53 - 1 becomes a float: so 1e20 looks when canonical."""
    def check(condition: object, at: int, why: str) -> None:
        if not condition:
            raise Malformed(f"byte {len(text[:at].encode())}: {why}")

    def token(at: int, *marks: str) -> re.Match:
        found = TOKEN.match(text, at)
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
URI_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
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


class Signatures:
    """Ed25519 by the openssl command, on a few threads since each signature costs a process."""

    # The example of checkpoint.md: an openssl that refuses it, or accepts it for another text, is of no use.
    KEY = "example.com/shop+94f057d7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    NOTE = ("example.com/shop\n2\nddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=\n\n\u2014 example.com/shop lPBX16v1/nvT"
            "yUB+O78rCRF2ge2W0D1DSbscyy8BCszckd19sWZ0rFwc2xGM3c5lbr4IRgDIx+0iryxq8XdMoveyBw4=\n")

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory(prefix="daybook-verify-")
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=2 * (os.cpu_count() or 1))
        self.answers: dict = {}
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
            self.answers[question] = self.pool.submit(self.ask, key, text.encode(), signature)
        return self.answers[question]

    def ask(self, key: Key, text: bytes, signature: bytes) -> bool:
        spki = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key.public)
        pem = b"-----BEGIN PUBLIC KEY-----\n" + spki + b"\n-----END PUBLIC KEY-----\n"
        with tempfile.TemporaryDirectory(dir=self.directory.name) as place:
            for name, content in (("key", pem), ("text", text), ("signature", signature)):
                with open(os.path.join(place, name), "wb") as file:
                    file.write(content)
            command = "openssl pkeyutl -verify -pubin -inkey key -rawin -in text -sigfile signature"
            try:
                done = subprocess.run(command.split(), cwd=place, stdin=subprocess.DEVNULL, capture_output=True)
            except FileNotFoundError:
                raise Stop(UNAVAILABLE, "no openssl command: signatures cannot be checked without it") from None
        return done.returncode == 0

    def close(self) -> None:
        self.pool.shutdown(wait=True)
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
        CREATE TABLE good (position INTEGER PRIMARY KEY, source, id, subject, streamversion, recordedtime);
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
        self.tree, self.expected = Tree(), 0  # the position that comes next
        self.rooted = True  # until the first gap: what is above it has no place in the tree that is known
        self.roots = {0: self.tree.root()}  # at the sizes that matter for what comes from outside
        self.broken: set = set()  # the tables and indexes with which SQLite could not go on
        self.waiting: collections.deque = collections.deque()  # checkpoints that openssl is busy with
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
            self.check_evidence()
            self.settle(0)
        self.findings.sort(key=lambda finding: -1 if finding["position"] is None else finding["position"])
        origin = self.ledger_key.name if self.ledger_key else None
        return {"origin": origin, "size": self.expected, "root": self.root, "checked": self.checked,
                "unchecked": self.what_was_not_checked(), "findings": self.findings}

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
                    self.check_event(position, event)
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

    def check_event(self, position: int, raw: object) -> None:
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
            self.find(0, "created", *self.first_faults(event if isinstance(event, dict) else {}))
        if self.given.quick:
            return
        self.find(position, "canonical", *canonical)
        self.find(position, "event", *faults)
        if isinstance(raw, Text) and not canonical and not faults:
            self.find(position, "created", *[f"another entry of type {CREATED}"] * (
                position != 0 and event["type"] == CREATED))
            columns = ("source", "id", "subject", "streamversion", "recordedtime")
            self.scratch.execute("INSERT INTO good VALUES (?, ?, ?, ?, ?, ?)", (position, *map(event.get, columns)))
            for digest in sorted(attachment_digests(event)):
                self.scratch.execute("INSERT INTO refers VALUES (?, ?)", (position, digest))
            self.check_index(position, event)

    def first_faults(self, event: dict) -> list[str]:
        """What is wrong with the first event. If nothing is, it names the ledger's origin and key."""
        faults = [f"not an event of type {CREATED} and subject ledger"] * (
            event.get("type") != CREATED or event.get("subject") != "ledger")
        data = event["data"] if isinstance(event.get("data"), dict) else {}
        try:
            key = parse_key(data["key"] if isinstance(data.get("key"), str) else "")
            expected = {"format": FORMAT, "key": data["key"], "origin": key.name}
            require(write_json(data) == write_json(expected), f"its data is not {shown(write_json(expected))}")
        except Malformed as error:
            faults.append(str(error))
        if not faults:
            self.ledger_key = key
        return faults

    def check_index(self, position: int, event: dict) -> None:
        for way, columns in list(self.lookups.items()):
            with self.reading(way):
                query = f"SELECT 1 FROM entries {way} WHERE {' IS ? AND '.join(columns)} IS ? AND position = ?"
                if not self.ledger.first(query, *map(event.get, columns), position):
                    self.find(position, "index", f"not found by its {', '.join(columns)} ({way})")

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
            faults += [f"its origin is {shown(checkpoint.origin)}"] * (checkpoint.origin != key.name)
            answers = [self.signatures.verify(key, checkpoint.text, signature)
                       for signer, key_id, signature in checkpoint.signatures if (signer, key_id) == key[:2]]
            faults += ["it is not signed by the ledger's key"] * (not answers)
        else:
            faults.append("there is no key to check its signature by")
        self.waiting.append((position, kind, name, faults, answers))
        self.settle(256)

    def settle(self, limit: int) -> None:
        while len(self.waiting) > limit:
            position, kind, name, faults, answers = self.waiting.popleft()
            faults += ["its signature is wrong"] * (not all([answer.result() for answer in answers]))
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
        try:
            event = read_json(raw if isinstance(raw, bytes) and len(raw) <= EVENT_LIMIT else b"")
        except Malformed:
            event = None
        told = event if isinstance(event, dict) else {}
        return faults + [f"it states {name} {shown(receipt[name])}, the event {shown(told.get(name))}"
                         for name in ("id", "streamversion", "recordedtime") if receipt[name] != told.get(name)]

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
            (self.given.quick, f"--quick leaves out {', '.join(OTHER_KINDS)}, and all checkpoints but the newest."),
        )
        return [sentence for true, sentence in sentences if true]


def print_text(report: dict) -> None:
    print("origin:", "unknown" if report["origin"] is None else shown(report["origin"])[1:-1])
    print(f"size: {report['size']}\nroot: {report['root'] or 'unknown'}\nchecked: {', '.join(report['checked'])}")
    for sentence in report["unchecked"]:
        print("not checked:", sentence)
    for finding in report["findings"]:
        place = "ledger" if finding["position"] is None else f"position {finding['position']}"
        print(f"{place}: {finding['kind']}: {finding['detail']}")
    count = len(report["findings"])
    print(f"{count} finding{'s' * (count != 1)}" if count else f"verified: {report['size']} entries")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="verify.py", description="Verify a Daybook ledger.", allow_abbrev=False)
    parser.add_argument("ledger", metavar="LEDGER")
    parser.add_argument("--key", metavar="VKEY", help="the ledger's verifier key, or a file that holds it")
    parser.add_argument("--checkpoint", metavar="FILE", action="append", default=[], help="a checkpoint kept elsewhere")
    parser.add_argument("--receipt", metavar="FILE", action="append", default=[], help="receipts kept elsewhere")
    parser.add_argument("--quick", action="store_true", help="the chain, the subtrees and the newest checkpoint only")
    parser.add_argument("-o", dest="output", choices=("text", "json"), default="text")
    try:
        given = parser.parse_args()
    except SystemExit as end:  # argparse has printed what there is to say
        sys.exit(USAGE if end.code else 0)
    if not os.path.isfile(given.ledger) or not os.access(given.ledger, os.R_OK):
        raise Stop(NO_INPUT, f"{given.ledger}: no such file, or none that can be read")
    given.key = read_key(given.key) if given.key is not None else None
    given.checkpoint = [(path, read_evidence(path, parse_checkpoint)) for path in given.checkpoint]
    given.receipt = [(path, receipt) for path in given.receipt for receipt in read_evidence(path, parse_receipts)]
    return given


def verify(given: argparse.Namespace, signatures: Signatures) -> dict:
    if sqlite3.sqlite_version_info < (3, 37):
        raise Stop(UNAVAILABLE, f"this Python has SQLite {sqlite3.sqlite_version}; 3.37 or newer is needed")
    for attempt in range(3):  # again if someone wrote meanwhile, at last with SQLite's locks
        try:
            ledger = Ledger(given.ledger, shared=attempt == 2)
        except (sqlite3.Error, OSError) as error:
            raise Stop(NO_INPUT, f"{given.ledger}: cannot be opened: {error}") from None
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
            report = verify(given, signatures)
        if given.output == "json":
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


if __name__ == "__main__":
    sys.exit(main())
