#!/usr/bin/env python3
"""Compares the next version and the set of noted commits with git-cliff's (PyPI), on this repository's own history
and on generated ones.

    DAYBOOK_BINARY=.build/debug/daybook tools/lib/compare_git_cliff.py .venv/bin/git-cliff

tools/test installs git-cliff there and runs it.

Where the two differ on purpose, HISTORIES says in what and why, and the script checks that they still do. Any other difference is a
failure. Ends with a line `N passed, N failed`; exits with 1 if any failed.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DAYBOOK = os.path.abspath(os.environ.get("DAYBOOK_BINARY", REPOSITORY / ".build/debug/daybook"))

# The same rules as ReleaseRules' defaults, in git-cliff's words; unconventional commits are kept by both.
CONFIG = """
[changelog]
body = ""
[git]
conventional_commits = true
filter_unconventional = false
split_commits = false
tag_pattern = "v[0-9].*"
topo_order = true
[bump]
initial_tag = "v0.1.0"
features_always_bump_minor = true
breaking_always_bump_major = false
"""

CLEAN = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
         **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Ann"), ("EMAIL", "ann@example.com"))}}

# name: (the version that the history starts at or None, its commits, what differs and why, or None)
HISTORIES = {
    "fixes": ("v1.2.3", ["fix: a", "docs: b", "fix(x): c"], None),
    "a feature": ("v1.2.3", ["fix: a", "feat(x): b", "chore: c"], None),
    "breaking by mark": ("v1.2.3", ["feat: a", "fix!: b"], None),
    "breaking by footer": ("v1.2.3", ["feat: a\n\nbody\n\nBREAKING CHANGE: b\nRefs: #1"], None),
    "breaking in 0.x": ("v0.4.0", ["feat!: a"], None),
    "a fix in 0.x": ("v0.4.0", ["fix: a"], None),
    "performance": ("v1.2.3", ["perf: a"], None),
    "the first release": (None, ["feat: a", "fix: b"], None),
    "unconventional among others": ("v1.2.3", ["tidy up", "fix: a"], None),
    "upper case": ("v1.2.3", ["FEAT: a"], None),
    "chores only": ("v1.2.3", ["chore: a", "docs: b"], ("version", "a range of chores needs no release; git-cliff makes a patch")),
    "unconventional only": ("v1.2.3", ["tidy up"],
                            ("version", "what asks for nothing needs no release; git-cliff makes a patch")),
    "a reverted feature": ("v1.2.3", ["feat: a", "REVERT 1", "fix: b"], ("version commits", "a feature and its revert net to nothing")),
    "a quoted footer": ("v1.2.3", ["fix: a\n\nBREAKING CHANGE: is what we would write\n\nif it were one"],
                        ("version", "footers stand in the last paragraph")),
}


def git(folder, *arguments):
    return subprocess.run(["git", "-C", folder, *arguments], env=CLEAN, check=True, capture_output=True,
                          text=True).stdout.strip()


def generate(folder, start, messages):
    git(folder, "init", "--quiet", "--initial-branch=main")
    if start:
        git(folder, "commit", "--quiet", "--allow-empty", "-m", "chore: start")
        git(folder, "tag", start)
    commits = []
    for message in messages:
        if message.startswith("REVERT "):
            undone = commits[int(message.split()[1]) - 1]
            header = git(folder, "log", "-1", "--format=%s", undone)
            git(folder, "commit", "--quiet", "--allow-empty", "-m",
                f'Revert "{header}"\n\nThis reverts commit {undone}.')
        else:
            git(folder, "commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "-m", message)
        commits.append(git(folder, "rev-parse", "HEAD"))


def of_daybook(folder):
    """The next version, and the commits that its notes tell."""
    done = subprocess.run([DAYBOOK, "release", "plan", "--repository", folder, "-o", "json"], cwd=folder, env=CLEAN,
                          check=True, capture_output=True)
    plan = json.loads(done.stdout)
    return plan["version"], {c["commit"] for c in plan["changes"] if not c["reverted"]}


def of_git_cliff(cliff, folder, config):
    done = subprocess.run([cliff, "--config", config, "--repository", folder, "--unreleased", "--bump", "--context"],
                          cwd=folder, env=CLEAN, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"git-cliff failed: {done.stderr}")
    release = json.loads(done.stdout)[0]
    # Merges are no changes of their own: daybook takes the commits that came by them.
    commits = {c["id"] for c in release["commits"] if not c.get("merge_commit")}
    version = (release["version"] or "").removeprefix("v")
    return version, commits


def compare(name, cliff, folder, config, known):
    ours, theirs = of_daybook(folder), of_git_cliff(cliff, folder, config)
    found = [what for what, our, their in zip(("version", "commits"), ours, theirs) if our != their]
    fields, reason = known or ("", "")
    good = found == fields.split()
    print(f"{'passed' if good else 'failed'}   {name}: " + (f"differ in {' and '.join(found)}" if found else "agree")
          + (f": {reason}" if reason else ""))
    if not good:
        print(f"    daybook   {ours[0]}, {len(ours[1])} commits\n    git-cliff {theirs[0]}, {len(theirs[1])} commits")
        print(f"    only daybook: {sorted(ours[1] - theirs[1])}\n    only git-cliff: {sorted(theirs[1] - ours[1])}")
    return good


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    cliff = os.path.abspath(sys.argv[1])
    results = []
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "cliff.toml")
        Path(config).write_text(CONFIG)
        own = ("version", "nothing asks for a release in unconventional commits; git-cliff makes the first one")
        plan, _ = of_daybook(str(REPOSITORY))
        results.append(compare("this repository", cliff, str(REPOSITORY), config, own if plan is None else None))
        for name, (start, messages, known) in HISTORIES.items():
            place = os.path.join(folder, name.replace(" ", "-"))
            os.mkdir(place)
            generate(place, start, messages)
            results.append(compare(name, cliff, place, config, known))
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
