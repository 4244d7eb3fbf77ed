#!/usr/bin/env python3
"""Prints a git repository's commits as JSON Lines of CloudEvents, oldest first.

    tools/lib/history.py REPOSITORY
"""

import json
import subprocess
import sys

FIELDS = ["%H", "%an", "%ae", "%aI", "%P", "%s"]


def commits(repository):
    form = "%x1f".join(FIELDS) + "%x1e"
    log = subprocess.run(
        ["git", "-C", repository, "log", "--reverse", f"--format={form}"],
        check=True, capture_output=True, text=True, errors="replace").stdout
    for record in log.split("\x1e"):
        if record.strip():
            yield record.strip("\n").split("\x1f")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for commit, author, email, time, parents, summary in commits(sys.argv[1]):
        print(json.dumps({
            "specversion": "1.0", "id": commit, "source": "urn:git:daybook",
            "type": "dev.daybook.change.committed.v1", "subject": "branch/main", "time": time,
            "data": {"author": author, "email": email, "parents": parents.split(), "summary": summary},
        }, ensure_ascii=False))


if __name__ == "__main__":
    main()
