"""The browser that the tests of pages drive."""
import struct
import unittest

from bundle_page import InBrowser
from chromium import ChromiumError, ScriptError
from scenario import Scenario


class Driver(InBrowser, Scenario):
    """What the other tests rely on: that a page's faults and requests are seen, and that nothing hangs."""

    def opened(self, body):
        self.browser.open(self.write("page.html", f"<!doctype html><meta charset='utf-8'>{body}"))

    def test_faults_and_requests_are_seen(self):
        self.opened("<script>console.error('one'); setTimeout(() => { throw new Error('two'); })</script>")
        self.browser.evaluate("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(["one" in self.browser.errors[0], "two" in self.browser.errors[1]], [True, True])
        self.opened("<img src='https://example.com/x.png'>")
        self.assertEqual(self.browser.requests, ["https://example.com/x.png"])
        self.browser.errors.clear()
        self.browser.requests.clear()

    def test_what_does_not_end_or_fails_is_an_error(self):
        self.opened("")
        for expression, error in (("Promise.reject(new Error('no'))", ScriptError), ("nothing.here", ScriptError),
                                  ("new Promise(() => {})", ChromiumError)):
            with self.subTest(expression), self.assertRaises(error):
                self.browser.evaluate(expression, timeout=0.3)
        self.assertEqual(self.browser.evaluate("[1, {a: null}, '\u00e9']"), [1, {"a": None}, "\u00e9"])

    def test_pictures_print_and_files(self):
        self.opened("<style>@media (prefers-color-scheme: dark) { html { background: #000 } }</style>"
                    "<input type='file'>")
        for name, dark in (("light.png", False), ("dark.png", True)):
            self.browser.screenshot(self.path(name), 320, 200, dark)
            self.assertEqual(self.browser.evaluate("matchMedia('(prefers-color-scheme: dark)').matches"), dark)
        light, dark = (self.path(name).read_bytes() for name in ("light.png", "dark.png"))
        self.assertEqual([struct.unpack(">2L", each[16:24]) for each in (light, dark)], [(320, 200)] * 2)
        self.assertNotEqual(light, dark)
        self.browser.print_pdf(self.path("page.pdf"))
        self.assertEqual(self.path("page.pdf").read_bytes()[:5], b"%PDF-")
        self.browser.set_file("input", self.write("chosen", "content"))
        self.assertEqual(self.browser.evaluate("document.querySelector('input').files[0].text()"), "content")


if __name__ == "__main__":
    unittest.main()
