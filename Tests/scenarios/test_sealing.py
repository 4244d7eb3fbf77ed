"""Seals and exports that many make at once, upon read models that somebody has changed, and whose ids somebody takes."""
import concurrent.futures
import hashlib
import json
import sqlite3
import zipfile

from bundle_maker import key
from scenario import BAD_INPUT, FAILED_VERIFICATION, USAGE
from shop import OPEN_TRAIN, Shop
from test_bundle import BundleCase

OVERRIDE = "type:dev.daybook.override.granted.v1"


class Sealing(Shop, BundleCase):
    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)
        self.train()
        created = self.ok("show", "0", "-o", "json").json["event"]
        self.vkey, self.origin = created["data"]["key"], created["source"]

    def export(self, *arguments, to="out.zip"):
        """The manifest of a bundle that both verifiers have found good."""
        self.path(to).unlink(missing_ok=True)
        self.run_coded("bundle", "export", *(arguments or ["0.1.0"]), "--to", to)
        self.agree(to, self.vkey)
        with zipfile.ZipFile(self.path(to)) as archive:
            return json.loads(archive.read("manifest.json"))

    def check_ledger(self):
        self.ok("verify", "--key", self.vkey)

    def models(self, statement, *values):
        """How many documents of the read models a statement has changed."""
        connection = sqlite3.connect(self.path(self.ledger + "-models"))
        with connection:
            count = connection.execute(statement, values).rowcount
        connection.close()
        return count


class AtOnce(Sealing):
    def test_every_seal_and_bundle_is_right(self):
        self.fill(3000)

        def work(number):
            for turn in range(3):
                self.append("--type", f"com.example.w{number}", "--subject", f"w/{number}/{turn}", "--data", "{}")
                self.run_coded("seal")
                self.export(to=f"{number}-{turn}.zip")
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        self.check_ledger()
        seals = [line for line in self.log() if line["event"]["type"] == "dev.daybook.ledger.sealed.v1"]
        self.assertGreater(len(seals), 2)

    def test_projections_count_every_event_once(self):
        def work(number):
            for turn in range(4):
                self.append("--type", "note.made", "--subject", "notes", "--data", "{}")
                self.ok("projection", "index")
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        counts = {line["key"]: line["document"]["count"] for line in self.ok("projection", "index", "-o", "json").lines}
        self.assertEqual(counts["subject:notes"], 24)


class Changed(Sealing):
    """The read models are nobody's evidence: anyone may change or delete them."""

    def setUp(self):
        super().setUp()
        self.append("--type", "override.granted", "--subject", "release/shop/0.0.9", "--data", "{}")
        self.assertNotIn(OVERRIDE, self.export()["query"]["absent"])
        self.append("--type", "note.made", "--data", "{}")

    def test_a_key_that_was_taken_out_is_not_shown_to_be_absent(self):
        self.ok("projection", "index")
        self.assertEqual(self.models("DELETE FROM documents WHERE projection = 'index' AND key = ?", OVERRIDE), 1)
        self.assertNotIn(OVERRIDE, self.export()["query"]["absent"])
        self.check_ledger()

    def test_pages_of_the_index_that_were_changed_are_made_anew(self):
        for change in ("replace(document, 'override', 'overridf')", "replace(document, ',1,', ',2,')", "'[]'", "'{}'"):
            with self.subTest(change):
                self.assertGreater(self.models(f"UPDATE documents SET document = {change} "
                                               "WHERE projection = 'sealed-index' AND key LIKE 'leaves:%'"), 0)
                self.assertNotIn(OVERRIDE, self.export()["query"]["absent"])
                self.check_ledger()
                self.append("--type", "note.made", "--data", "{}")

    def test_a_bundle_that_would_not_verify_is_not_given_out(self):
        self.run_coded("seal")
        self.assertGreater(self.models("UPDATE documents SET document = replace(document, 'a', 'b') "
                                       "WHERE projection = 'sealed-index' AND key LIKE 'hashes:%'"), 0)
        result = self.run_coded("bundle", "export", "0.1.0", "--to", "changed.zip", code=FAILED_VERIFICATION)
        self.assertRegex(result.err, "would not verify.*so none was made.*delete the -models file")
        self.assertFalse(self.path("changed.zip").exists())


class Taken(Sealing):
    def test_nobody_can_take_the_id_of_a_seal_or_a_key(self):
        size = self.size()
        ids = [f"sealed-{size + number}" for number in range(40)] + [f"trusted-{hashlib.sha256(key('evidence').der).hexdigest()}"]
        self.assertEqual(self.batch([{"specversion": "1.0", "id": each, "source": self.origin, "type": "com.example.x"}
                                     for each in ids]).code, 0)
        self.run_coded("seal")
        self.export("0.1.0", "--evidence-key", key("evidence").path)

    def test_a_seal_from_before_the_evidence_key_was_known_does_not_do(self):
        seal = self.run_coded("seal", "-o", "json").json["position"]
        asked = ("bundle", "export", "0.1.0", "--evidence-key", key("evidence").path, "--to", "e.zip")
        self.check_refusal(self.run_raw(*asked, "--seal", str(seal)), BAD_INPUT, "does not name this evidence key")
        self.export("0.1.0", "--evidence-key", key("evidence").path)
        self.export("0.1.0", "--evidence-key", key("evidence").path, "--seal",
                    str(self.run_coded("seal", "-o", "json").json["position"]))


class Asked(Sealing):
    def test_scopes_that_are_none(self):
        for arguments, says in (
                (("--type", ""), "--type is empty"), (("0.1.0", "--type", "a.b"), "not both"), ((), "name a release"),
                (("--type", "a.b", "--since", "9999-12-31T23:59:59-23:59"), "--since is not a day"),
                (("--type", "a.b", "--until", "0000-01-01T00:00:00+23:59"), "--until is not a day")):
            with self.subTest(arguments):
                self.check_refusal(self.run_raw("bundle", "export", *arguments, "--to", "x.zip"), USAGE, says)

    def test_a_type_that_the_ledger_does_not_have_is_told(self):
        result = self.run_coded("bundle", "export", "--type", "release.promotd", "--to", "none.zip")
        self.assertIn("no entry of type dev.daybook.release.promotd", result.err)
        self.agree("none.zip", self.vkey)
        self.assertNotIn("no entry", self.run_coded("bundle", "export", "--type", "release.promoted", "--to", "p.zip").err)

    def test_what_was_proven_is_said(self):
        self.run_coded("bundle", "export", "--type", "release.promoted", "--since", "2026-01-01", "--to", "p.zip")
        said = self.run_raw("bundle", "verify", "p.zip", "--key", self.vkey).out
        self.assertRegex(said, r"complete +type:dev\.daybook\.release\.promoted\.v1, since 2026-01-01T00:00:00\.000000Z\n")
        self.assertIn("complete     subject:release/shop/0.1.0\n", said)
        self.assertIn(f"absent       {OVERRIDE}\n", said)
        self.assertIn("not checked  whether the page, the tables and other derived files", said)
