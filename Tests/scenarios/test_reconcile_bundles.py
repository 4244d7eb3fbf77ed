"""What a bundle tells of the newest reconciliation."""
import csv
import io
import json

from reconciling import COMPLETED, EXPLAINED, Reconciling
from scenario import FAILED_VERIFICATION
from shop import OPEN_TRAIN
from test_bundle import ExportCase


class InBundles(Reconciling, ExportCase):
    """A bundle that is exported afterwards tells what was found, and who answers for it."""

    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)
        self.train()
        self.git("tag", "v0.1.0")
        self.git("tag", "v7.0.0")
        self.git("tag", "v8.0.0")

    def rows(self, files):
        return {row["item"]: row for row in csv.DictReader(io.StringIO(files["reconciliation.csv"].decode()))}

    def test_it_is_listed_with_its_explanations(self):
        self.assertNotIn("reconciliation.csv", self.export())
        self.write("runs", "1\n")
        found = self.reconcile("--runs", "runs", "--workflow", "=release", code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0", "a <b>rehearsal</b>, once")
        self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps({
            "item": "run:=release#1", "detail": "nothing was recorded of this run", "person": "carol", "reason": "trust me", "found": "0" * 64,
            "signature": "none"}))
        for scope in ((), ("--type", "release.promoted")):
            with self.subTest(scope):
                files = self.export(*scope)
                rows = self.rows(files)
                self.assertEqual(set(rows), {"tag:v7.0.0", "tag:v8.0.0", "run:=release#1"})
                for item, explained, person, signature in (
                        ("tag:v7.0.0", "yes", "bob", "verified"), ("tag:v8.0.0", "no", "", "")):
                    row = rows[item]
                    self.assertEqual((row["explained"], row["explained by"], row["signature"]),
                                     (explained, person, signature), row)
                    self.assertEqual(row["found at position"], str(found["position"]))
                self.assertNotIn(rows["run:=release#1"]["signature"], ("verified", ""))
                page = files["index.html"].decode()
                for words in ("Reconciled with the world outside", "Discrepancies", "tag:v8.0.0", "not explained",
                              "a &lt;b&gt;rehearsal&lt;/b&gt;, once"):
                    self.assertTrue(words in page, words)
                types = [json.loads(line)["type"] for line in files["entries.jsonl"].splitlines()]
                self.assertEqual((types.count(COMPLETED), types.count(EXPLAINED)), (1, 2))
                attached = {each["name"]: each["digest"][7:] for each in found["attachments"]}
                self.assertEqual(files[f"attachments/sha256-{attached['runs']}"], b"1\n")
                self.assertIn(f"attachments/sha256-{attached['reconciliation.json']}", files)

    def test_the_newest_counts(self):
        self.reconcile(code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0")
        self.git("tag", "--delete", "v8.0.0")
        self.reconcile()
        files = self.export()
        self.assertEqual(set(self.rows(files)), {"tag:v7.0.0"})
        types = [json.loads(line)["type"] for line in files["entries.jsonl"].splitlines()]
        self.assertEqual((types.count(COMPLETED), types.count(EXPLAINED)), (1, 1))

    def test_what_agrees_is_told_as_well(self):
        for version in ("v7.0.0", "v8.0.0"):
            self.git("tag", "--delete", version)
        self.reconcile()
        files = self.export()
        self.assertEqual(self.rows(files), {})
        self.assertTrue("commits of 0.1.0" in files["index.html"].decode())

    def forge_completed(self, data, *attached):
        self.append("--type", COMPLETED, "--subject", "reconciliation", "--data", json.dumps(data), *attached)

    def test_a_forged_explanation_hides_no_true_one(self):
        found = self.reconcile(code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0")
        details = {one["item"]: one["detail"] for one in found["unexplained"]}
        for item in ("tag:v7.0.0", "tag:v8.0.0"):
            self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps(
                {"item": item, "detail": details[item], "person": "mallory", "reason": "x", "found": "0" * 64,
                 "signature": ""}))
        rows = self.rows(self.export())
        self.assertEqual((rows["tag:v7.0.0"]["explained by"], rows["tag:v7.0.0"]["signature"]), ("bob", "verified"))
        self.assertEqual((rows["tag:v8.0.0"]["explained"], rows["tag:v8.0.0"]["explained by"]), ("no", "mallory"))

    def test_a_malformed_reconciliation_hides_no_true_one(self):
        self.reconcile(code=FAILED_VERIFICATION)
        self.forge_completed({})
        self.assertIn("reconciliation.csv", self.export())
        self.explain("tag:v7.0.0")

    def test_a_reconciliation_with_garbage_attached_stops_no_bundle(self):
        found = self.reconcile(code=FAILED_VERIFICATION)
        data = {name: found[name] for name in found if name not in ("attachments", "position")}
        self.forge_completed(data, "--attach", f"reconciliation.json={self.write('garbage', 'hello')}")
        self.export()
        self.explain("tag:v7.0.0")
