"""A bundle's page as HTML: every link leads somewhere, nothing in it turns the order of reading, and it says things once."""
import collections
import html.parser
import json
import unittest

from shop import ROLLED_BACK
from stamping import AuthorityServer
from test_bundle_report import RELEASE, Report

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
CONTROLS = "\x01\x1b\x7f\x9b"


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.times = collections.Counter(), set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        if attributes.get("href", "").startswith("#"):
            self.links.add(attributes["href"][1:])
        if tag == "time":
            self.times.append(attributes["datetime"])


class Links(Report):
    def assert_sound_links(self, files, *ids):
        page = Page(files["index.html"].decode())
        self.assertEqual(page.links - set(page.ids), set(), "links that lead nowhere")
        self.assertEqual({name for name, count in page.ids.items() if count > 1}, set(), "names that are not unique")
        for name in ids:
            self.assertTrue(any(each.startswith(name) for each in page.ids), f"no {name} in {sorted(page.ids)}")
        for time in page.times:
            self.assertRegex(time, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        return page

    def test_on_every_kind_of_page(self):
        self.train()
        self.append("--type", "com.example.scan.done", "--subject", "scan/1", "--data", "{}")
        self.append("--type", "com.example.scan.done", "--data", "{}")
        self.append("--type", "com.example.scan.done", "--subject", RELEASE, "--data", "{}")
        page = self.assert_sound_links(self.export("0.1.0"), "entry-", "timeline", "stream-")
        self.assertGreater(len(page.times), 5)
        self.assert_sound_links(self.export("--type", "release.promoted"), "stream-", "entry-")
        self.commit("feat: more")
        self.train()
        self.write("runs", "1\n")
        self.git("tag", "v9.0.0")
        self.run_coded("reconcile", "--runs", "runs", code=11)
        page = self.assert_sound_links(self.export("--type", "release.promoted"), "stream-", "entry-")
        self.assertEqual(len([name for name in page.links if name.startswith("stream-")]), 2)
        self.assert_sound_links(self.export("--type", "release.promoted", "--since", "2020-01-01", "--until", "2020-01-02"))
        page = self.assert_sound_links(self.export("--type", "com.example.scan.done"), "entry-", "stream-")
        self.assert_sound_links(self.export("--type", "dev.daybook.ledger.sealed.v1"), "entry-")
        self.assert_sound_links(self.export("--type", "dev.daybook.ledger.created.v1"), "entry-0")
        self.assert_sound_links(self.export("--type", "dev.daybook.environment.claimed.v1"), "entry-")


class Words(Report):
    def test_what_turns_the_order_of_reading_is_shown_as_its_escape(self):
        self.git("config", "user.name", f"ev{BIDI}il")
        self.commit(f"feat: pay{BIDI} less{CONTROLS}")
        self.train()
        files = self.export()
        text = files["index.html"].decode()
        for each in BIDI + CONTROLS:
            self.assertNotIn(each, text, f"U+{ord(each):04X}")
        self.assertIn("pay\\u{202a}", text)
        notes = self.run_coded("release", "notes", "0.1.0").raw.decode()
        for each in BIDI + CONTROLS:
            self.assertNotIn(each, notes, f"U+{ord(each):04X}")
        self.assertIn("\\u\\{202e\\}", notes)

    def test_many_authors_are_named_by_a_few_and_all_are_rows(self):
        for number in range(30):
            self.git("config", "user.email", f"a{number}@example.com")
            self.git("config", "user.name", f"Author {number}")
            self.commit(f"fix: thing {number}")
        self.train()
        files = self.export()
        self.assertRegex(self.page(files), r"Written by [^,]*, [^,]*, \S+( \d+)? and 28 others")
        self.assertIn('<a href="#separation-of-duties">', files["index.html"].decode())
        self.assertIn("Author 17 &lt;a17@example.com&gt;", files["index.html"].decode())

    def test_it_says_things_once_and_in_plain_words(self):
        self.train()
        page = self.page(self.export())
        self.assertNotRegex(page.lower(), r"the first release[.;] the first release")
        self.assertIn("In the whole log, no gate was ever set aside", page)
        self.assertIn("deployment.<wbr>completed", self.export()["index.html"].decode())
        population = self.page(self.export("--type", "release.promoted"))
        self.assertRegex(population, "release/shop/0.1.0 nobody was promoted")

    def test_a_time_stamp_is_told_with_its_time_and_authority(self):
        self.train()
        server = AuthorityServer(self)
        self.run_coded("checkpoint", "--timestamp", server.url)
        stamp = self.log("--type", "checkpoint.timestamped")[-1]["event"]["data"]
        self.assertIn(f"Time stamp {stamp['time'][:19].replace('T', ' ')} UTC by {server.url}", self.page(self.export()))

    def test_a_rollback_tells_why(self):
        self.hook("smoke", "stage", "exit 1")
        self.train(code=ROLLED_BACK)
        text = self.export()["index.html"].decode()
        table = text[text.index('<section id="deployments-and-rollbacks">'):text.index('<section id="timeline">')]
        self.assertRegex(table, "roll back.*verify stage: .*no report")

    def test_skipped_tests_are_counted(self):
        self.hook("smoke", "stage", """report '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase>""" +
                  """</testsuite>'; exit 0""")
        self.train()
        self.assertIn("1 test passed, 1 skipped", self.page(self.export()))


class Statements(Report):
    def test_a_release_without_artifacts_has_no_release_statement(self):
        self.train()
        kinds = {each["predicateType"] for each in self.statements(self.export())}
        self.assertFalse(any("/release/" in kind for kind in kinds), kinds)

    def test_test_results_name_the_commit_and_the_configuration(self):
        self.train()
        head = self.git("rev-parse", "HEAD")
        files = self.export()
        results = [each for each in self.statements(files) if "test-result" in each["predicateType"]]
        self.assertEqual(len(results), 2)
        for each in results:
            self.assertIn({"name": "commit", "digest": {"gitCommit": head}}, each["subject"])
            (used,) = each["predicate"]["configuration"]
            self.assertIn(f"attachments/sha256-{used['digest']['sha256']}", files)

    def test_the_assessment_imports_its_plan_and_names_its_controls(self):
        self.train()
        results = json.loads(self.export()["oscal/assessment-results.json"])["assessment-results"]
        resources = {each["uuid"]: each["rlinks"][0]["href"] for each in results["back-matter"]["resources"]}
        self.assertEqual(resources[results["import-ap"]["href"][1:]], "../crosswalk.json")
        looked = {each["control-id"] for each in
                  results["results"][0]["reviewed-controls"]["control-selections"][0]["include-controls"]}
        self.assertEqual(looked, {each["target"]["target-id"] for each in results["results"][0]["findings"]})
        self.assertIn("CC8.1", looked)


if __name__ == "__main__":
    unittest.main()
