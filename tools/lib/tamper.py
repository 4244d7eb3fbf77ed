#!/usr/bin/env python3
"""Tampers with a copy of a ledger as somebody with write access could, for the demonstration.

    tools/lib/tamper.py byte LEDGER     changes one letter of an event in the middle
    tools/lib/tamper.py tail LEDGER     removes the last entry with all that was derived from it
"""

import contextlib
import sqlite3
import sys


@contextlib.contextmanager
def without_triggers(path):
    """Opens the file, takes its triggers away, and puts them back when done."""
    database = sqlite3.connect(path)
    triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        database.execute(f"DROP TRIGGER {name}")
    yield database
    for _, sql in triggers:
        database.execute(sql)
    database.commit()
    database.close()


def change_a_byte(database):
    (middle,) = database.execute("SELECT max(position) / 2 FROM entries").fetchone()
    (event,) = database.execute("SELECT event FROM entries WHERE position = ?", (middle,)).fetchone()
    place = event.index('"summary":"') + len('"summary":"')
    other = "X" if event[place] != "X" else "Y"
    database.execute(
        "UPDATE entries SET event = ? WHERE position = ?",
        (event[:place] + other + event[place + 1:], middle))


def remove_the_tail(database):
    (checkpoint,) = database.execute(
        "SELECT size FROM checkpoints ORDER BY size DESC LIMIT 1 OFFSET 1").fetchone()
    database.execute("DELETE FROM entries WHERE position >= ?", (checkpoint,))
    database.execute("DELETE FROM checkpoints WHERE size > ?", (checkpoint,))
    for level in range(1, 8):
        database.execute(
            "DELETE FROM subtree_hashes WHERE level = ? AND number >= ?",
            (level, checkpoint >> 8 * level))
    database.execute("DELETE FROM attachments")


def main():
    ways = {"byte": change_a_byte, "tail": remove_the_tail}
    if len(sys.argv) != 3 or sys.argv[1] not in ways:
        sys.exit(__doc__)
    with without_triggers(sys.argv[2]) as database:
        ways[sys.argv[1]](database)


if __name__ == "__main__":
    main()
