"""What the scenarios share: the binary, a clean place to run it in, and a hand that damages ledgers.

The binary is DAYBOOK_BINARY, else .build/release/daybook, else .build/debug/daybook.
"""
import functools
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VERIFIER = REPOSITORY / "tools" / "verify.py"
ORIGIN = "example.com/shop"

DONE, FAILED_VERIFICATION, CONFLICT, USAGE, BAD_INPUT = 0, 11, 12, 64, 65
NO_INPUT, BUSY, CANNOT_CREATE, IO_ERROR, NOT_ALLOWED = 66, 69, 73, 74, 77


@functools.cache
def binary():
    named = os.environ.get("DAYBOOK_BINARY")
    places = [Path(named)] if named else [
        REPOSITORY / ".build" / kind / "daybook" for kind in ("release", "debug")]
    for place in places:
        if place.is_file():
            return str(place.resolve())
    raise SystemExit(f"no daybook at {' or '.join(map(str, places))}; build it, or set DAYBOOK_BINARY")


@functools.cache
def quick_folder():
    """Memory for a disk, if there is enough of it: what is tested is not how fast a disk syncs."""
    memory = "/dev/shm"
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 30:
        return memory
    return None


class Result:
    """How a process ended: its code (negative for a signal), output and errors."""

    def __init__(self, code, out, err, arguments):
        self.code, self.raw, self.arguments = code, out, arguments
        self.out = out.decode("utf-8", "replace") if out is not None else ""
        self.err = err.decode("utf-8", "replace") if err is not None else ""

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __repr__(self):
        return f"{self.arguments} → {self.code}\nstdout: {self.out[:600]}\nstderr: {self.err[:600]}"


class Scenario(unittest.TestCase):
    """A test in a temporary directory of its own and with a clean environment."""

    maxDiff = None

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="daybook-", dir=quick_folder()))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.folder), "LANG": "C.UTF-8"}
        self.ledger = "evidence.db"

    def path(self, name):
        return self.folder / name

    def write(self, name, content):
        path = self.path(name)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def run_raw(self, *arguments, stdin=b"", timeout=60, cwd=None, env=None, stdout=subprocess.PIPE, **more):
        """Runs the binary as told; a hang or a crash of the process fails the test."""
        arguments = [os.fsencode(str(a)) if not isinstance(a, bytes) else a for a in arguments]
        if isinstance(stdin, (bytes, str)):
            more["input"] = stdin if isinstance(stdin, bytes) else stdin.encode()
        else:
            more["stdin"] = stdin
        done = subprocess.run(
            [os.fsencode(binary()), *arguments], stdout=stdout, stderr=subprocess.PIPE, timeout=timeout,
            cwd=cwd or self.folder, env={**self.environment, **(env or {})}, **more)
        result = Result(done.returncode, done.stdout, done.stderr, arguments)
        self.assertNotIn(-done.returncode, (signal.SIGILL, signal.SIGTRAP, signal.SIGSEGV, signal.SIGABRT,
                                            signal.SIGBUS), f"the process crashed: {result}")
        self.assertNotIn("Fatal error", result.err, repr(result))
        return result

    def run_daybook(self, command, *arguments, ledger=None, **more):
        """Runs a command on the test's ledger."""
        return self.run_raw(command, "--ledger", ledger or self.ledger, *arguments, **more)

    def ok(self, command, *arguments, **more):
        result = self.run_daybook(command, *arguments, **more)
        self.assertEqual(result.code, DONE, repr(result))
        return result

    def refused(self, code, command, *arguments, says=(), **more):
        """The command ends with the code, says why on stderr in words, and nothing on stdout."""
        result = self.run_daybook(command, *arguments, **more)
        return self.check_refusal(result, code, says)

    def check_refusal(self, result, code, says=()):
        self.assertEqual(result.code, code, repr(result))
        self.assertTrue(result.err.strip(), f"no word on stderr: {result}")
        self.assertEqual(result.out, "", f"a refusal writes nothing to stdout: {result}")
        for words in [says] if isinstance(says, str) else says:
            self.assertIn(words.lower(), result.err.lower(), repr(result))
        return result

    # Ledgers

    def init(self, *arguments, ledger=None, origin=ORIGIN, **more):
        result = self.ok("init", "--origin", origin, "-o", "json", *arguments, ledger=ledger, **more)
        self.vkey = result.json["verifier"]
        return result.json

    def append(self, *arguments, **more):
        """Appends one event and returns its receipt."""
        if "--type" not in arguments:
            arguments = ("--type", "release.cut", *arguments)
        return self.ok("append", "-o", "json", *arguments, **more).json

    def batch(self, events, *arguments, **more):
        text = "".join((e if isinstance(e, str) else json.dumps(e)) + "\n" for e in events)
        return self.run_daybook("append", "--batch", "-", "-o", "json", *arguments, stdin=text, **more)

    def fill(self, count, *arguments, start=0, chunk=1000, **more):
        """Adds so many numbered events."""
        result = self.batch([event(start + i) for i in range(count)], "--chunk", str(chunk), *arguments, **more)
        self.assertEqual(result.code, DONE, repr(result))
        return result.lines

    def log(self, *arguments, **more):
        return self.ok("log", "-o", "json", *arguments, **more).lines

    def size(self, **more):
        return self.ok("head", "-o", "json", **more).json["size"]

    def verify(self, *arguments, **more):
        result = self.run_daybook("verify", "-o", "json", *arguments, **more)
        self.assertIn(result.code, (DONE, FAILED_VERIFICATION), repr(result))
        self.assertEqual(bool(result.json["findings"]), result.code == FAILED_VERIFICATION, repr(result))
        return result

    def assert_sound(self, *arguments, **more):
        result = self.verify(*arguments, **more)
        self.assertEqual(result.json["findings"], [], repr(result))
        return result.json

    def assert_unsound(self, kind, *arguments, **more):
        result = self.verify(*arguments, **more)
        self.assertIn(kind, [f["kind"] for f in result.json["findings"]], repr(result))
        return result.json["findings"]


def event(number, **members):
    """A CloudEvent for a batch."""
    return {"specversion": "1.0", "id": f"e{number}", "source": "//tests/scenarios", "type": "com.example.step.done",
            "subject": f"release/shop/{number % 7}", "time": "2026-01-31T12:00:00Z",
            "data": {"number": number, "note": "così è – ✓"}, **members}


# Damage: what somebody with the file in hand may do

def damage(path, *statements):
    """Runs SQL on a ledger without its triggers, which are put back to the letter. Each statement is SQL, or SQL and
    its parameters, or a function of the connection."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            if callable(statement):
                statement(connection)
            else:
                connection.execute(*([statement] if isinstance(statement, str) else statement))
        present = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        for name, sql in triggers:
            if re.search(r" ON (\w+)", sql).group(1) in present:
                connection.execute(sql)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


def copy_ledger(source, target):
    """A ledger with its log, so that nothing committed is left behind."""
    for suffix in ("", "-wal"):
        if os.path.exists(f"{source}{suffix}"):
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False
