#!/usr/bin/env python3
"""Opens a bundle's page in a real browser without a head, gives it the bundle's file and a verifier key, and says what it
shows: the page's verdict. Exits with 0 if that is good, with 13 if consistent, else with 11.

    tools/lib/check_page.py BUNDLE.zip --key VKEY [--page BUNDLE.zip] [--screenshot FILE.png] [--pdf FILE.pdf]
"""
import argparse
import pathlib
import sys
import tempfile
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "Tests" / "scenarios"))
from chromium import Chromium  # noqa: E402

CODES = {"good": 0, "consistent": 13}
DONE = '!["checking", undefined].includes(document.documentElement.dataset.verdict)'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--key", required=True)
    parser.add_argument("--page", help="the bundle whose page is opened, if not the same")
    parser.add_argument("--screenshot")
    parser.add_argument("--pdf")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Chromium() as browser:
        with zipfile.ZipFile(given.page or given.bundle) as archive:
            page = archive.extract("index.html", folder)
        browser.open(page)
        browser.wait_until(DONE)
        browser.evaluate(f"document.getElementById('key').value = {given.key!r}")
        browser.set_file("#bundle-file", str(pathlib.Path(given.bundle).resolve()))
        browser.evaluate("document.getElementById('verify').click()")
        browser.wait_until(DONE)
        if given.screenshot:
            browser.screenshot(given.screenshot, 1100, 1600)
        if given.pdf:
            browser.print_pdf(given.pdf)
        verdict = browser.evaluate("document.documentElement.dataset.verdict")
        print("the page:", *browser.evaluate(
            "['verdict-title', 'verdict-text'].map((id) => document.getElementById(id).textContent)"))
        for finding in browser.evaluate("(JSON.parse(document.getElementById('report').textContent) ?? {}).findings ?? []"):
            print("  " + ": ".join((finding["file"] or "bundle", finding["kind"], finding["detail"])))
    return CODES.get(verdict, 11)


if __name__ == "__main__":
    sys.exit(main())
