"""The page of a bundle that was exported: it verifies itself and its file, and shows what a ledger holds without running it."""
import json
import unittest
import zipfile
from pathlib import Path

from bundle_damages import ELSEWHERE, both, drop, put
from bundle_maker import key
from bundle_page import InBrowser
from scenario import FAILED_VERIFICATION
from shop import OPEN_TRAIN, Shop
from test_bundle import BundleCase, kinds, rezipped


class Exported(InBrowser, Shop, BundleCase):
    """The page that a bundle has: it verifies itself, and the file that it stands in."""

    def setUp(self):
        super().setUp()
        self.configure([*OPEN_TRAIN, "bundle"])
        self.train()
        self.vkey = self.run_daybook("show", "0", "-o", "json").json["event"]["data"]["key"]
        self.bundle = self.export("0.1.0")
        with zipfile.ZipFile(self.bundle) as archive:
            self.index = archive.read("index.html").decode()

    def export(self, *arguments, to="bundle.zip"):
        result = self.run_raw("bundle", "export", *arguments, "--to", to)
        self.assertEqual(result.code, 0, repr(result))
        return str(self.path(to))

    def opened(self, content=None):
        self.browser.open(self.write("index.html", content or self.index))
        for selector in ("#bundle-file", "#key", "#verify", "#report"):
            self.assertTrue(self.browser.evaluate(f"document.querySelector({selector!r}) !== null"),
                            f"the page has no {selector}")
        return self.report()

    def report(self):
        """The verdict and the report, once there is one."""
        verdict = self.browser.wait_until(
            "['good', 'bad', 'consistent', 'error'].find(each => each === document.documentElement.dataset.verdict)")
        text = self.browser.evaluate("document.querySelector('#report').textContent")
        return verdict, json.loads(text) if verdict != "error" else None

    def press(self, vkey="", path=None):
        """Gives the page a key, a file, or both, and asks it to verify."""
        self.browser.evaluate(f"document.querySelector('#key').value = {json.dumps(vkey)}")
        if path:
            self.browser.set_file("#bundle-file", path)
            self.browser.evaluate("new Promise(done => setTimeout(done, 100))")
            self.report()  # the page may verify a file as soon as it is chosen
        self.browser.evaluate("delete document.documentElement.dataset.verdict")
        self.browser.evaluate("document.querySelector('#verify').click()")
        return self.report()

    def changed_evidence(self, change):
        """The page with other evidence in it."""
        start = self.index.index(">", self.index.index('id="evidence"')) + 1
        end = self.index.index("</script>", start)
        value = json.loads(self.index[start:end])
        change(value)
        return self.index[:start] + json.dumps(value).replace("<", "\\u003c") + self.index[end:]

    def test_it_verifies_itself_when_it_is_opened(self):
        verdict, report = self.opened()
        self.assertEqual((verdict, report["verdict"], report["findings"]), ("consistent", "consistent", []))
        self.assertGreater(report["entries"], 5)

    def test_it_verifies_itself_and_its_file_against_a_key(self):
        self.opened()
        verdict, report = self.press(self.vkey)
        self.assertEqual((verdict, report["findings"]), ("good", []))
        verdict, report = self.press(self.vkey, self.bundle)
        self.assertEqual((verdict, report["findings"]), ("good", []))
        self.assertLessEqual({"archive", "manifest", "statement", "attachment"}, set(report["checked"]))
        binary = self.verify(self.bundle, "--key", self.vkey)
        self.assertEqual(report["root"], binary["root"])
        self.assertEqual(self.press("", self.bundle)[0], "consistent")

    def test_the_wrong_key_and_a_malformed_one(self):
        self.opened()
        verdict, report = self.press(key("other").verifier())
        self.assertEqual((verdict, kinds(report) >= {"trusted-key", "checkpoint"}), ("bad", True))
        self.assertEqual(self.press("hello")[0], "error")
        self.assertEqual(self.press(self.vkey)[0], "good")

    def test_a_damaged_file_and_one_that_is_none(self):
        self.opened()
        with open(self.bundle, "rb") as file:
            content = file.read()
        middle = len(content) // 2
        damaged = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]
        for name, data in (("damaged.zip", damaged), ("none.zip", b"hello\n"), ("empty.zip", b"")):
            with self.subTest(name):
                self.assertEqual(self.press(self.vkey, self.write(name, data))[0], "bad")

    def test_the_file_of_another_bundle_is_judged_and_named_and_marks_nothing_here(self):
        self.commit("feat: more")
        self.train()
        other = self.export("0.2.0", to="other.zip")
        self.opened()
        self.assertEqual(self.press(self.vkey, self.bundle)[0], "good")
        self.assertEqual(self.marks(), ["good"])
        self.assertNotIn("nother bundle", self.verdict_words())
        verdict, report = self.press(self.vkey, other)
        self.assertEqual((verdict, report["scope"]), ("good", {"release": "release/shop/0.2.0"}))
        for words in ("Another bundle than the one this page tells of", "release/shop/0.2.0", report["origin"], "Proven"):
            self.assertIn(words, self.verdict_words())
        self.assertEqual(self.marks(), ["unknown"])
        with zipfile.ZipFile(other) as archive:
            manifest = archive.read("manifest.json")
        with open(self.bundle, "rb") as file:
            own = file.read()
        for name, change, says in (
                ("the manifest of the other", manifest, "Another bundle"), ("no manifest", b"{}", "cannot be said")):
            with self.subTest(name):
                path = self.write("damaged.zip", rezipped(own, **{"manifest.json": change}))
                self.assertEqual(self.press(self.vkey, path)[0], "bad")
                self.assertIn(says, self.verdict_words())
                self.assertEqual(self.marks(), ["unknown"])

    def verdict_words(self):
        return self.browser.evaluate("document.querySelector('#verdict-title').textContent + ' ' + "
                                     "document.querySelector('#verdict-text').textContent")

    def marks(self):
        return self.browser.evaluate(
            "[...new Set([...document.querySelectorAll('[data-position]')].map(each => each.dataset.found))]")

    def test_nothing_that_an_address_says_keeps_it_from_checking_itself(self):
        path = Path(self.write("index.html", self.index)).as_uri()
        for fragment in ("#%", "#%ff", "#%E0%A4%A", "#nothing", "#", "#verdict-title"):
            with self.subTest(fragment):
                self.browser.open("about:blank")
                self.browser.open(path + fragment)
                self.assertEqual(self.report()[0], "consistent")
                self.assertEqual(self.press(self.vkey)[0], "good")

    def test_it_says_what_was_proven(self):
        self.opened()
        _, report = self.press(self.vkey)
        self.assertEqual(report["complete"], ["subject:release/shop/0.1.0"])
        rows = self.browser.evaluate("[...document.querySelectorAll('#proven li')].map(each => each.textContent)")
        self.assertEqual(rows, [f"complete: {key}" for key in report["complete"]] +
                         [f"absent from the whole log: {key}" for key in report["absent"]])
        self.opened(self.changed_evidence(put("manifest", "seal", "root", to=ELSEWHERE)))
        self.assertEqual(self.browser.evaluate("document.querySelector('#proven')"), None)

    def test_what_is_changed_in_the_page_is_found_at_once(self):
        for name, change, expected in (
                ("an entry's byte", lambda value: value["entries"].__setitem__(
                    1, value["entries"][1].replace('"id":"', '"id":"x', 1)), {"entry"}),
                ("an entry left out", both(drop("entries", 1), drop("proofs", "entries", 1)), {"key"}),
                ("the root of the seal", put("manifest", "seal", "root", to=ELSEWHERE), {"seal", "key"})):
            with self.subTest(name):
                verdict, report = self.opened(self.changed_evidence(change))
                self.assertEqual(verdict, "bad")
                self.assertLessEqual(expected, kinds(report))

    def test_nothing_of_a_bundle_is_run(self):
        attack = "</script><img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
        verdict, _ = self.opened(self.changed_evidence(lambda value: (
            put("manifest", "scope", "release", to=attack)(value), value["entries"].__setitem__(1, attack))))
        self.assertEqual(verdict, "bad")
        self.assertNotEqual(self.browser.evaluate("document.title"), "run")

    def test_each_file_turned_dropped_or_swapped_is_bad_to_all_three(self):
        self.commit("feat: more")
        self.train()
        with zipfile.ZipFile(self.export("0.2.0", to="other.zip")) as archive:
            others = {name: archive.read(name) for name in archive.namelist()}
        with open(self.bundle, "rb") as file:
            content = file.read()
        with zipfile.ZipFile(self.bundle) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        self.opened()
        for name, data in files.items():
            middle = len(data) // 2
            turned = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1:]
            swapped = others.get(name)
            for what, change in (("turned", turned), ("dropped", None), ("swapped", swapped)):
                if what == "swapped" and swapped in (None, data):
                    continue  # the other bundle has no such file, or the same: verify.py, attachments
                with self.subTest(name, what=what):
                    path = self.write("damaged.zip", rezipped(content, **{name: change}))
                    verdict, report = self.press(self.vkey, path)
                    binary = self.verify(path, "--key", self.vkey, code=FAILED_VERIFICATION)
                    code, python = self.verify_in_python(path, "--key", self.vkey)
                    self.assertEqual((verdict, code), ("bad", FAILED_VERIFICATION))
                    self.assertEqual(kinds(report), kinds(binary))
                    self.assertEqual(kinds(report), kinds(python))

    def test_entries_are_marked_and_tables_sorted(self):
        self.opened()
        self.press(self.vkey)
        found = self.browser.evaluate(
            "[...new Set([...document.querySelectorAll('[data-position]')].map(each => each.dataset.found))]")
        self.assertEqual(found, ["good"])
        column = """(() => {
            const table = document.querySelector("#timeline table");
            table.querySelectorAll("th button")[%d].click();
            return [...table.tBodies[0].rows].map(row => row.cells[%d].textContent);
        })()"""
        times, back = (self.browser.evaluate(column % (4, 4)) for _ in range(2))
        numbers = [int(text.split()[0]) for text in times]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(back, times[::-1])
        self.assertEqual(self.browser.evaluate(
            "document.querySelectorAll('#timeline th')[4].getAttribute('aria-sort')"), "descending")

    def test_words_of_a_ledger_are_shown_and_never_run(self):
        attack = "</script><img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
        # Code points that join what follows, or what comes before, to one character of Swift's.
        attack += "".join(f"\u0600{mark}\u0301" for mark in "<>\"'&") + "\u0600<style>*{display:none}\u0600<!--"
        self.commit(f"feat: {attack}")
        self.train()
        with zipfile.ZipFile(self.export("0.2.0", to="attack.zip")) as archive:
            self.opened(archive.read("index.html").decode())
        title, text, scripts, images = self.browser.evaluate(
            "[document.title, document.body.innerText, document.scripts.length, document.images.length]")
        self.assertNotEqual(title, "run")
        self.assertIn(attack, text)
        self.assertEqual((scripts, images), (3, 0))

    def test_a_population_has_a_page_with_every_release(self):
        self.commit("feat: more")
        self.train()
        path = self.export("--type", "release.promoted", to="population.zip")
        with zipfile.ZipFile(path) as archive:
            self.opened(archive.read("index.html").decode())
        self.assertEqual(self.press(self.vkey)[0], "good")
        self.assertEqual(self.press(self.vkey, path)[0], "good")
        twice, releases = self.browser.evaluate("""(() => {
            const ids = [...document.querySelectorAll("[id]")].map(each => each.id);
            return [ids.filter((id, at) => ids.indexOf(id) !== at), document.querySelectorAll("details.release").length];
        })()""")
        self.assertEqual((twice, releases), ([], 2))
        opened = self.browser.evaluate("""(async () => {
            document.querySelector("table.rows a[href^='#stream-']").click();
            await new Promise(done => setTimeout(done, 50));
            return [...document.querySelectorAll("details.release")].map(each => each.open);
        })()""")
        self.assertEqual(sorted(opened), [False, True])


if __name__ == "__main__":
    unittest.main()
