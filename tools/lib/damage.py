#!/usr/bin/env python3
"""Damages evidence bundles at random, and asks the three verifiers (daybook, verify.py, the page in a browser) of each:

  raw       bytes of the ZIP file turned, cut out, put in, doubled, moved
  archive   the ZIP file built anew, with odd headers, comments, extra fields, descriptors
  packed    files changed, added, left out; the ZIP file is a good one, the hashes are not
  forged    JSON, entries, statements changed by somebody clever without the ledger's key: all hashes agree
  owned     the same by the ledger's owner, who also writes odd events: all signatures agree, too
  heavy     small files that take much time or memory, if a verifier lets them; only with --layer heavy

All must come to the same verdict (with --kinds: by the same kinds of findings), within 5 seconds and 300 MB; daybook
must write nothing; and unless the owner did it, a bundle that is found good must hold the files that it held before.
Exits 1 if any of that fails. A case follows from its seed and number alone, except for keys and signatures, which are
new in each run: --keep has the files of those that failed.

    damage.py --daybook BINARY [--short] [--seed N] [--cases N] [--from NUMBER] [--layer NAME] [--page-every N]
              [--keep FOLDER] [--kinds] [--bundle FILE]... [--key VKEY]
"""
import argparse
import base64
import collections
import contextlib
import functools
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import damage_cases
from damage_cases import ROOT
import verify  # found by damage_cases, as what follows is
from bundle_maker import STATEMENTS, Bundle, Member, key, population_bundle, pretty, release_bundle, sha256, zip_file
from bundle_page import HARNESS, scripts
from chromium import Chromium, ChromiumError

SECONDS, MEMORY = 5, 300 << 10  # MEMORY in kB, as the system counts
CODES = {0: "good", 11: "bad", 13: "consistent"}
# What is told is what is said of the bundle, or of a fault; in a fault, kinds is None.
Answer = collections.namedtuple("Answer", "verdict kinds told seconds")
TOLD = ("scope", "origin", "size", "root", "entries", "trusted")


def answer(report, verdict, seconds):
    return Answer(verdict, frozenset(finding["kind"] for finding in report["findings"]),
                  json.dumps([report[name] for name in TOLD], sort_keys=True), seconds)


# The three verifiers, and the second once more as a process of its own

def no_files():
    """What runs in a child before it becomes a verifier: from there on no file may grow."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def ask_process(command, vkey, may_write):
    """The answer of a process that prints its report as JSON. Its time, its memory and its crashes count."""
    start = time.monotonic()
    process = subprocess.Popen([*command, "-o", "json", *(["--key", vkey] if vkey else [])], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, preexec_fn=None if may_write else no_files)
    timer = threading.Timer(4 * SECONDS, process.kill)
    timer.start()
    with process.stdout, process.stderr:
        out, err = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)  # so that nobody waits for it again
    timer.cancel()
    seconds, code = time.monotonic() - start, process.returncode
    if code not in CODES:
        return Answer(f"exit {code}", None, err.decode("utf-8", "replace")[-300:], seconds)
    if used.ru_maxrss > max(MEMORY, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss):  # a child starts as a copy
        return Answer(f"{used.ru_maxrss >> 10} MB", None, "", seconds)
    report = json.loads(out)
    return answer(report, CODES[code], seconds)


class Signatures(verify.Signatures):
    """verify.py's, without asking openssl the same thing again: most damages leave the signatures alone."""
    ask = functools.lru_cache(maxsize=10_000)(verify.Signatures.ask)


def ask_python(path, vkey, signatures):
    given = argparse.Namespace(file=path, key=vkey and verify.parse_key(vkey), checkpoint=[], timestamp_ca=None)
    start = time.monotonic()
    try:
        report = verify.BundleVerifier(given, signatures).run()
    except Exception as error:  # whatever it is: main() would have called it a fault of the program
        return Answer("fault", None, f"{type(error).__name__}: {error}"[:300], time.monotonic() - start)
    verdict = "bad" if report["findings"] else "good" if report["trusted"] else "consistent"
    return answer(report, verdict, time.monotonic() - start)


class Page:
    """The page's scripts in a browser, which is asked about several files at a time."""

    EACH = """(async files => {
        const answers = [];
        for (const [content, key] of files) {
            const start = performance.now();
            const report = await archive(content, {key, checkpoints: []}).catch(error => String(error));
            answers.push([report, (performance.now() - start) / 1000]);
        }
        return answers;
    })"""

    def __init__(self, browser, folder):
        self.browser = browser
        page = Path(folder, "page.html")
        page.write_text("<!doctype html><meta charset='utf-8'><script>(() => {\n\"use strict\";\n"
                        f"{scripts()}\n{HARNESS}}})();</script>")
        browser.open(page)

    def ask(self, questions):
        """The answers about pairs of a file's bytes and a key, or None."""
        files = json.dumps([(base64.b64encode(content).decode(), vkey) for content, vkey in questions])
        try:
            answers = self.browser.evaluate(f"{self.EACH}({files})", timeout=60 * SECONDS)
        except ChromiumError as error:
            return [Answer("fault", None, str(error)[:300], 0)] * len(questions)
        faults, self.browser.errors[:] = list(self.browser.errors), []
        return [Answer("fault", None, f"{report} {faults}"[:300], seconds) if isinstance(report, str) or faults
                else answer(report, report["verdict"], seconds) for report, seconds in answers]


# What is damaged

def heavy(rng, source):
    """Something legal a great many times over, in a file that deflates well."""
    bundle, many = Bundle(source.log, ["other"], source.files), round(10 ** rng.uniform(2, 3.3))
    kind = rng.choice(("depth", "escapes", "statements", "consistency", "members", "zeros"))
    if kind == "depth":  # of folders, for one member; a name has at most 65,535 bytes
        return zip_file([Member("a/" * min(32_767, many * 20) + "a")] + [Member(*each) for each in bundle.items()])
    if kind == "escapes":
        more = b'{"more":"' + b"\\n" * many * 3000 + b'",'
        bundle["manifest.json"] = bundle["manifest.json"].replace(b"{", more, 1)
    elif kind == "statements":
        envelope = json.loads(bundle[STATEMENTS].splitlines()[0])
        signatures = [{**envelope["signatures"][0], "sig": base64.b64encode(rng.randbytes(64)).decode()}
                      for _ in range(many)]
        bundle.put_envelopes([{**envelope, "signatures": [each]} for each in signatures])
    elif kind == "consistency":
        proofs = json.loads(bundle["proofs.json"])
        proofs["consistency"] = [{"size": size, "root": sha256(b""), "path": []} for size in range(many * 50)]
        bundle["proofs.json"] = pretty(proofs)
    else:
        size = many * 50_000 if kind == "zeros" else 0
        bundle.update({f"more/{number}": bytes(size) for number in range(1 if size else many * 30)})
    return zip_file([Member(*each) for each in sorted(bundle.items())])


LAYERS = {**damage_cases.LAYERS, "heavy": (heavy, 0)}


class Source:
    """A good bundle to damage: its ZIP file, its files, the key that it is verified by, files to take others from."""

    def __init__(self, name, content, files, vkey, log=None):
        self.name, self.content, self.files, self.key, self.log = name, content, files, vkey, log
        self.others = [files]


def files_of(content):
    """The files of an archive by verify.py's reading; names in sigstore/ do not matter."""
    try:
        archive = verify.Archive(io.BytesIO(content))
    except verify.Malformed:
        return None
    return {name: archive.read(name) for name in archive.digests}


def meaning(files):
    """What must stay if a bundle stays good: everything but the names of the files in sigstore/."""
    return sorted(("sigstore/" if name.startswith("sigstore/") else name, content) for name, content in files.items())


def exported(daybook, folder):
    """A bundle as the binary makes it: deployments with attachments, of one period."""
    def run(*arguments):
        subprocess.run([daybook, *arguments], cwd=folder, check=True, capture_output=True)
    run("init", "--ledger", "evidence.db", "--origin", "example.com/shop")
    for number in range(5):
        Path(folder, "log").write_text(f"deployed {number}\n" * 20)
        run("append", "--ledger", "evidence.db", "--type", "com.example.deploy.done", "--subject", f"deploy/{number}",
            "--data", json.dumps({"number": number, "by": "così", "share": 0.1}), "--attach", "log=log")
    run("bundle", "export", "--ledger", "evidence.db", "--type", "com.example.deploy.done", "--to", "bundle.zip")
    checkpoint = subprocess.run([daybook, "show", "--ledger", "evidence.db", "0", "-o", "json"], cwd=folder, check=True,
                                capture_output=True, text=True).stdout
    return Path(folder, "bundle.zip"), json.loads(checkpoint)["event"]["data"]["key"]


def sources(options, folder):
    found = [Source(name, bundle.zip(), dict(bundle), key("ledger").verifier(), bundle.log)
             for name, bundle in (("release", release_bundle()), ("population", population_bundle(since=2)))]
    real = [(Path(path), options.key) for path in options.bundle] or [exported(options.daybook, folder)]
    for path, vkey in real:
        content = path.read_bytes()
        found.append(Source(path.name, content, files_of(content), vkey))
    for source in found:
        source.others = [each.files for each in found]
    return found


class Case:
    """One damaged bundle. Some are asked without a key."""

    def __init__(self, seed, number, options, all_sources):
        rng = random.Random(f"{seed}/{number}")
        names = list(LAYERS)
        self.number = number
        self.layer = options.layer or rng.choices(names, [LAYERS[name][1] for name in names])[0]
        damage, _ = LAYERS[self.layer]
        self.source = rng.choice([each for each in all_sources if each.log or self.layer != "owned"])
        self.key = self.source.key if rng.random() < 0.9 else None
        self.content = damage(rng, self.source)

    def faults(self, answers, options):
        """What is wrong with the answers, by the names of who gave them."""
        with_kinds = options.kinds or len({each.verdict for each in answers.values()}) > 1
        shown = {name: f"{each.verdict}: {each.told}" if each.kinds is None else each.verdict + (
            f" {sorted(each.kinds)}" if with_kinds else "") for name, each in answers.items()}
        found = [f"{name}: {each.seconds:.1f} s" for name, each in answers.items() if each.seconds > SECONDS]
        broken = any(each.kinds is None for each in answers.values())
        is_bad = "bad" in {each.verdict for each in answers.values()}
        if broken or len(set(shown.values())) > 1:
            found.append("; ".join(f"{name}: {text}" for name, text in shown.items()))
        elif not is_bad and len({each.told for each in answers.values()}) > 1:
            found.append("; ".join(f"{name} tells {each.told}" for name, each in answers.items()))
        if not broken and not is_bad and self.layer != "owned" and self.has_other_files:
            found.append("changed, and good")
        return found

    @property
    def has_other_files(self):
        return meaning(files_of(self.content)) != meaning(self.source.files)


class Campaign:
    """One run: what was asked, what was found."""

    def __init__(self, options, seed, folder, page, signatures):
        self.options, self.seed, self.page, self.signatures = options, seed, page, signatures
        self.path = str(Path(folder, "case.zip"))
        self.sources = sources(options, folder)
        self.counts, self.waiting, self.failed = collections.Counter(), [], 0

    def judge(self, number):
        case = Case(self.seed, number, self.options, self.sources)
        Path(self.path).write_bytes(case.content)
        answers = {"daybook": ask_process([self.options.daybook, "bundle", "verify", self.path], case.key, False),
                   "verify.py": ask_python(self.path, case.key, self.signatures)}
        if number % 200 == 0:
            command = [sys.executable, str(ROOT / "tools" / "verify.py"), "--bundle", self.path]
            answers["verify.py, alone"] = ask_process(command, case.key, True)
        self.counts[case.layer] += 1
        self.counts[answers["daybook"].verdict] += 1
        if self.page and number % self.options.page_every == 0:
            self.waiting.append((case, answers))
            if len(self.waiting) >= 25:
                self.ask_page()
        else:
            self.tell(case, answers)

    def ask_page(self):
        given = self.page.ask([(case.content, case.key) for case, _ in self.waiting]) if self.waiting else []
        for (case, answers), page in zip(self.waiting, given):
            self.counts["page"] += 1
            self.tell(case, {**answers, "page": page})
        self.waiting = []

    def tell(self, case, answers):
        faults = case.faults(answers, self.options)
        self.failed += bool(faults)
        for fault in faults:
            print(f"seed {self.seed} case {case.number} ({case.layer}, {case.source.name}): {fault}", flush=True)
        if faults and self.options.keep:
            folder = Path(self.options.keep)
            folder.mkdir(parents=True, exist_ok=True)
            folder.joinpath(f"{self.seed}-{case.number}.zip").write_bytes(case.content)
            folder.joinpath(f"{self.seed}-{case.number}.key").write_text(case.source.key)

    def run(self):
        for number in range(self.options.start, self.options.start + self.options.cases):
            self.judge(number)
        self.ask_page()
        print(", ".join(f"{count} {name}" for name, count in sorted(self.counts.items())))
        print(f"{self.options.cases} cases, {self.failed} of them failed")


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--daybook", required=True)
    parser.add_argument("--short", action="store_true", help="300 cases instead of 5,000")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    parser.add_argument("--cases", type=int)
    parser.add_argument("--from", type=int, default=0, dest="start", metavar="NUMBER", help="the first case")
    parser.add_argument("--layer", choices=LAYERS, help="only these; the numbers then mean other cases")
    parser.add_argument("--page-every", type=int, default=3, metavar="N", help="every N-th case in the browser, too")
    parser.add_argument("--kinds", action="store_true", help="the kinds of findings have to be the same, too")
    parser.add_argument("--keep", metavar="FOLDER", help="where the files of failed cases are put, with their keys")
    parser.add_argument("--bundle", action="append", default=[], metavar="FILE", help="a good bundle to damage as well")
    parser.add_argument("--key", help="the verifier key of these")
    options = parser.parse_args()
    options.cases = options.cases or (300 if options.short else 5000)
    options.daybook = str(Path(options.daybook).resolve())
    return options


def main():
    options = read_options()
    print(f"seed {options.seed}, {options.cases} cases from {options.start}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="daybook-damage-"))
        signatures = stack.enter_context(contextlib.closing(Signatures()))
        page = Page(stack.enter_context(Chromium()), folder) if options.page_every else None
        campaign = Campaign(options, options.seed, folder, page, signatures)
        campaign.run()
    sys.exit(campaign.failed > 0)


if __name__ == "__main__":
    main()
