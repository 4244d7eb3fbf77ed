#!/usr/bin/env python3
"""Runs a folder of unittest files, prints one line a test, and can keep the results as JUnit XML.

    tools/lib/python_tests.py Tests/scenarios [--pattern 'test_*.py'] [--junit FILE]

Ends with a line `N passed, N failed, N skipped`; exits with 1 if any failed or none ran.
"""

import argparse
import sys
import time
import traceback
import unittest
import xml.etree.ElementTree as ET


class Result(unittest.TestResult):
    """Keeps (test, outcome, seconds, text) of every test."""

    def __init__(self):
        super().__init__()
        self.outcomes = []
        self.started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.subtest_failed = False

    def keep(self, test, outcome, text=""):
        seconds = time.monotonic() - self.started
        self.outcomes.append((test, outcome, seconds, text))
        print(f"{outcome:8} {test.id()} ({seconds:.2f} s)", flush=True)
        if text:
            print("    " + text.strip().replace("\n", "\n    "), flush=True)

    def addSuccess(self, test):
        if not self.subtest_failed:
            self.keep(test, "passed")

    def addFailure(self, test, error):
        self.keep(test, "failed", "".join(traceback.format_exception(*error)))

    addError = addFailure

    def addSkip(self, test, reason):
        self.keep(test, "skipped", reason)

    def addSubTest(self, test, subtest, error):
        if error:
            self.subtest_failed = True
            self.keep(subtest, "failed", "".join(traceback.format_exception(*error)))

    def addUnexpectedSuccess(self, test):
        self.keep(test, "failed", "was expected to fail, and did not")

    def count(self, outcome):
        return sum(1 for _, found, _, _ in self.outcomes if found == outcome)


def write_junit(path, name, result):
    suite = ET.Element("testsuite", name=name, tests=str(len(result.outcomes)))
    suite.set("failures", str(result.count("failed")))
    suite.set("skipped", str(result.count("skipped")))
    for test, outcome, seconds, text in result.outcomes:
        group, _, label = test.id().rpartition(".")
        case = ET.SubElement(suite, "testcase", classname=group, name=label)
        case.set("time", f"{seconds:.3f}")
        if outcome != "passed":
            element = ET.SubElement(case, "failure" if outcome == "failed" else "skipped")
            element.text = text
    ET.ElementTree(suite).write(path, encoding="utf-8", xml_declaration=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--pattern", default="test_*.py")
    parser.add_argument("--junit")
    options = parser.parse_args()
    suite = unittest.defaultTestLoader.discover(options.folder, pattern=options.pattern)
    result = Result()
    suite.run(result)
    if options.junit:
        write_junit(options.junit, options.folder, result)
    passed, failed, skipped = map(result.count, ("passed", "failed", "skipped"))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(0 if failed == 0 and passed > 0 else 1)


if __name__ == "__main__":
    main()
