"""The page's scripts in a browser, in a page of their own: what the tests of them share."""
import base64
import contextlib
import json

from bundle_maker import key
from chromium import Chromium
from scenario import REPOSITORY, Scenario
from test_bundle import kinds

SOURCES = REPOSITORY / "Sources" / "BoringDeploy" / "Evidence" / "Page"
# The order in which the page holds them, in one script.
PAGE_SCRIPTS = [
    "json.js", "forms.js", "tree.js", "notes.js", "event.js", "archive.js", "documents.js", "run.js", "checkpoints.js",
    "entries.js", "bundle-index.js", "files.js", "statements.js", "timestamps.js", "bundle.js"]
# What the page itself adds to the verifier: these touch the document, and stand after PAGE_SCRIPTS.
UI_SCRIPTS = ["page.js"]
MEMBERS = {"verdict", "scope", "complete", "absent", "origin", "size", "root", "entries", "trusted", "checked",
           "unchecked", "findings", "perEntry"}
EMBEDDED_KINDS = {"checkpoint", "trusted-key", "entry", "seal", "key", "scope", "absence", "proof"}
KINDS = EMBEDDED_KINDS | {"archive", "manifest", "trusted-checkpoint", "attachment", "statement", "timestamp"}
# What the tests call: archives come as base64, and parsed JSON as it is.
HARNESS = """
globalThis.archive = async (content, given) =>
    verifyArchive(Uint8Array.from(atob(content), char => char.charCodeAt(0)), given);
globalThis.embedded = verifyEmbedded;
globalThis.unit = {readJSON, readCanonical, fromBase64, rawFromDER, toHex, isBefore, DIGITS};
const inBytes = each => typeof each === "string" ? fromHex(each) : each;
globalThis.trees = {
    included: cases => Promise.all(cases.map(each => isIncluded(...each.map(inBytes)))),
    consistent: cases => Promise.all(cases.map(each => isConsistent(...each.map(inBytes))))};
"""


def scripts():
    return "\n".join((SOURCES / name).read_text() for name in PAGE_SCRIPTS)


def evidence(bundle):
    """What the page of a bundle embeds."""
    manifest = bundle.manifest
    del manifest["files"]
    return {"manifest": manifest, "entries": bundle["entries.jsonl"].decode().splitlines(), "proofs": bundle.proofs,
            "checkpoint": bundle["checkpoint.txt"].decode()}


class InBrowser:
    """One browser for all tests of a class. No page may fail unheard, or ask for anything."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = contextlib.ExitStack()
        cls.addClassCleanup(stack.close)
        cls.browser = stack.enter_context(Chromium())

    def setUp(self):
        super().setUp()
        self.browser.errors.clear()
        self.browser.requests.clear()

    def tearDown(self):
        self.assertEqual(self.browser.errors, [])
        self.assertEqual(self.browser.requests, [])
        super().tearDown()


class PageCase(InBrowser, Scenario):
    """On a page that holds nothing but the scripts."""

    def setUp(self):
        super().setUp()
        self.key = key("ledger").verifier()
        self.open_scripts()

    def open_scripts(self):
        page = self.write("page.html", "<!doctype html><meta charset='utf-8'><title>scripts</title><script>(() => {\n"
                          f"\"use strict\";\n{scripts()}\n{HARNESS}}})();</script>")
        self.browser.open(page)

    def call(self, function, value, vkey=None, checkpoints=()):
        given = {"key": vkey, "checkpoints": [{"name": name, "text": text} for name, text in checkpoints]}
        text = json.dumps(json.dumps(value))  # parsed there: as source text, "__proto__" would set a prototype
        report = self.browser.evaluate(f"{function}(JSON.parse({text}), {json.dumps(given)})")
        self.assertEqual(set(report), MEMBERS)
        self.assertEqual(len(report["perEntry"]), report["entries"])
        for finding in report["findings"]:
            self.assertEqual(set(finding), {"kind", "file", "line", "position", "detail"})
            self.assertIn(finding["kind"], KINDS)
            self.assertIn(finding["kind"], report["checked"])
        self.assertEqual(report["verdict"] == "bad", bool(report["findings"]))
        return report

    def verify(self, content, vkey=None, checkpoints=()):
        return self.call("archive", base64.b64encode(content).decode(), vkey, checkpoints)

    def embedded(self, value, vkey=None, checkpoints=()):
        return self.call("embedded", value, vkey, checkpoints)

    def assert_found(self, report, expected):
        self.assertEqual(kinds(report), set(expected), report["findings"])
        self.assertEqual(report["verdict"], "bad" if expected else "good")
