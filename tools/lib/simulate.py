#!/usr/bin/env python3
"""False alarms and detection of three judges of canaries, on simulated traffic that is looked at 500 times:

  sequential  daybook's judge of counts, at its α
  kayenta     Kayenta's rules for the shares of errors of the last 20 looks (a lookback of five minutes), asked at every
              tenth look
  threshold   an alarm when the canary has more than twice the stable version's share of errors in a look

Canary and stable version share the traffic 1:9. A/A: both have the same share of errors, which is constant (iid) or
wanders (autocorrelated: an AR(1) process of its logarithm, the same for both). Exits 1 if the sequential judge raises more
false alarms than its α allows.

    simulate.py --daybook BINARY [--short] [--seed N]
"""
import argparse
import json
import math
import random
import subprocess
import sys

import numpy

LOOKS, SHARE, ERRORS, ALPHA = 500, 0.1, 0.02, 0.05
EVERY = 15 / 60
LOOKBACK = 20


def traffic(numbers, rate, ratio, wanders):
    """Counts of each look: requests and errors of the canary, and of the stable version; `rate` requests a minute."""
    errors = numpy.full(LOOKS, ERRORS)
    if wanders:
        level = 0.0
        for look in range(LOOKS):
            level = 0.95 * level + numbers.normal(0, 0.3)
            errors[look] = min(0.3, ERRORS * math.exp(level))
    canary = numbers.poisson(rate * EVERY * SHARE, LOOKS)
    stable = numbers.poisson(rate * EVERY * (1 - SHARE), LOOKS)
    return canary, numbers.binomial(canary, numpy.minimum(0.9, errors * ratio)), stable, numbers.binomial(stable, errors)


def ask(binary, document, *arguments):
    done = subprocess.run([binary, "canary", "judge", "--samples", "-", "-o", "json", *arguments],
                          input=json.dumps(document), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)["checks"]


def sequential(binary, run):
    looks = [{"canary": {"total": int(nc), "bad": int(xc)}, "stable": {"total": int(ns), "bad": int(xs)}}
             for nc, xc, ns, xs in zip(*run)]
    check, = ask(binary, {"alpha": ALPHA, "checks": [{"name": "errors", "kind": "counts", "looks": looks}]})
    return check["shownAt"]


def kayenta(binary, run):
    nc, xc, ns, xs = run
    def shares(n, x, start, end):
        return [float(bad / total) for total, bad in zip(n[start:end], x[start:end]) if total]

    checks = [{"name": str(end), "kind": "gauge", "canary": shares(nc, xc, end - LOOKBACK, end),
               "stable": shares(ns, xs, end - LOOKBACK, end)} for end in range(LOOKBACK, LOOKS + 1, 10)]
    for check in ask(binary, {"checks": checks}, "--judge", "kayenta"):
        if check["classification"] == "High":
            return int(check["name"])
    return None


def threshold(_, run):
    for look, (nc, xc, ns, xs) in enumerate(zip(*run), start=1):
        if nc and xc and xc / nc > 2 * xs / max(1, ns):
            return look
    return None


def rates(judge, runs, binary):
    shown = [judge(binary, run) for run in runs]
    found = [look for look in shown if look]
    return len(found) / len(shown), numpy.median(found) if found else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--daybook", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--seed", type=int, default=random.randrange(2**32))
    options = parser.parse_args()
    print(f"seed {options.seed}; α {ALPHA}, {LOOKS} looks, a look every {EVERY * 60:.0f} s, {ERRORS:.0%} errors")
    numbers = numpy.random.default_rng(options.seed)
    many = 60 if options.short else 300
    volumes = [1000] if options.short else [10, 100, 1000, 10_000]
    failed = False
    print(f"\n{'false alarms, A/A':34}{'sequential':>12}{'kayenta':>12}{'threshold':>12}")
    for rate in volumes:
        for wanders in (False, True):
            runs = [traffic(numbers, rate, 1, wanders) for _ in range(many)]
            mine, _ = rates(sequential, runs, options.daybook)
            theirs, _ = rates(kayenta, runs, options.daybook)
            fixed, _ = rates(threshold, runs, options.daybook)
            name = f"{rate} a minute, {'autocorrelated' if wanders else 'iid'}"
            print(f"{name:34}{mine:12.1%}{theirs:12.1%}{fixed:12.1%}", flush=True)
            # Three standard errors above α come by chance once in a thousand times.
            failed |= mine > ALPHA + 3 * math.sqrt(ALPHA * (1 - ALPHA) / many)
    print(f"\n{'detected, and the look of it':34}{'sequential':>18}{'kayenta':>18}")
    for rate in volumes:
        for ratio in (2, 5, 20):
            runs = [traffic(numbers, rate, ratio, False) for _ in range(many // 4)]
            cells = []
            for judge in (sequential, kayenta):
                share, look = rates(judge, runs, options.daybook)
                cells.append(f"{share:.0%}" + (f" at {look:.0f}" if look else ""))
            print(f"{f'{rate} a minute, {ratio} times the errors':34}" + "".join(f"{c:>18}" for c in cells), flush=True)
    if failed:
        sys.exit("the sequential judge raises more false alarms than its α allows")


main()
