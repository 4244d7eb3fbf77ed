"""What a bundle says in words goes no further than what the log shows, whoever may append to it."""
import base64
import csv
import io
import json
import re
import subprocess
import threading
import unittest

from scenario import BAD_INPUT
from shop import OPEN_TRAIN, REFUSED, TRAIN
from test_bundle import ExportCase

RELEASE = "release/shop/0.1.0"


class Report(ExportCase):
    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)

    def statements(self, files):
        lines = files["statement.intoto.jsonl"].splitlines()
        return [json.loads(base64.b64decode(json.loads(line)["payload"])) for line in lines]

    def properties(self, files):
        return set(self.statements(files)[0]["predicate"]["properties"])

    def page(self, files):
        """What the page says in words."""
        return re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", files["index.html"].decode().split('<script type="app')[0]))

    def rows(self, files, name):
        return list(csv.DictReader(io.StringIO(files[name].decode())))

    def forge(self, kind, subject=RELEASE, **data):
        kind = kind if kind.startswith("dev.daybook.") else f"dev.daybook.{kind}.v1"
        return self.append("--type", kind, "--subject", subject, "--data", json.dumps(data))

    def forge_cut(self, **members):
        nobody = {"name": "mallory", "email": "mallory@example.com", "login": None}
        return self.forge("release.cut", **{
            "version": "0.1.0", "previous": None, "commit": "b" * 40, "reason": "", "changes": [], "changecount": 0,
            "artifacts": [], "migrations": [], "authors": [nobody], "cutter": nobody, "labels": [], "attachments": [],
            **members})

    def forge_gate(self, **details):
        return self.forge("gate.evaluated", run=1, step=1, name="gate approvals", service=None, attempt=1,
                          environment="prod", outcome="passed", reason="all gates pass", attachments=[],
                          details={"gates": ["approvals"], "reasons": [], "overridden": [], **details})


class Claims(Report):
    def test_evidence_of_a_cut_is_not_attested_of_a_later_one(self):
        self.train()
        self.assertIn("DAYBOOK_NO_OVERRIDE", self.properties(self.export()))
        self.forge_cut(artifacts=[{"name": "evil.tar", "sha256": "e" * 64, "size": 7}])
        files = self.export()
        self.assertEqual(len(self.statements(files)), 1, "nothing was tested or released of the new cut")
        self.assertFalse(self.properties(files) & {"DAYBOOK_GATES_PASSED", "DAYBOOK_APPROVED"})
        self.assertIn("was cut again after it was promoted", self.page(files))
        verified = [row for row in self.rows(files, "controls.csv") if "verified" in row["reason"]]
        self.assertEqual({row["status"] for row in verified}, {"not shown here"})

    def test_an_override_that_only_the_gate_tells_of_is_told(self):
        self.train()
        self.forge_gate(overridden=["approvals"])
        files = self.export()
        self.assertNotIn("DAYBOOK_NO_OVERRIDE", self.properties(files))
        self.assertNotIn("No gate was set aside", self.page(files))

    def test_events_that_only_look_like_ours_count_for_nothing_and_are_named(self):
        self.train()
        for kind in ("dev.daybook.override.granted", "dev.daybook.release.promoted", "dev.daybook.override.granted.v1"):
            self.forge(kind, gate="approvals", person="bob", environment="moon", run=1, version="0.1.0")
        files = self.export()
        page = self.page(files)
        self.assertIn("cannot be read as such: dev.daybook.override.granted (entry", page)
        self.assertNotIn("moon,", page)
        self.assertNotIn("DAYBOOK_NO_OVERRIDE", self.properties(files))

    def test_a_type_without_version_sets_no_gate_aside(self):
        self.configure(TRAIN)
        self.train(code=REFUSED)
        for kind in ("approval.granted", "override.granted", "release.promoted"):
            self.forge(f"dev.daybook.{kind}", person="bob", cut="0" * 64, gate="approvals", reason="x", signature="",
                       expires="2099-01-01T00:00:00Z", run=1, environment="prod", version="0.1.0")
        self.assertNotIn("promoted", self.run_coded("release", "list").out)

    def test_recovery_is_not_shown_by_a_release_that_never_set_out(self):
        self.forge_cut()
        rows = [row for row in self.rows(self.export(), "controls.csv") if "recovered" in row["reason"]]
        self.assertEqual({row["status"] for row in rows}, {"not shown here"})

    def test_an_approval_that_nobody_can_verify_does_not_count(self):
        cut = self.forge_cut()
        self.forge("approval.granted", person="bob", cut=cut["hash"], signature="garbage", signed=True)
        self.forge_gate()
        files = self.export()
        self.assertNotIn("DAYBOOK_APPROVED", self.properties(files))
        self.assertEqual(self.rows(files, "approvals.csv")[0]["counts"], "no")
        self.assertIn("Approved by nobody", self.page(files))
        self.assertNotIn("change.reviewed", files["cdevents.jsonl"].decode())

    def test_another_crosswalk_is_enclosed_and_told(self):
        self.train()
        controls = [{"framework": "SOC 2", "id": "CC8.1", "title": "All is well", "requires": ["sealed"]}]
        self.write("mine.json", json.dumps({"crosswalk": 1, "controls": controls}))
        files = self.export("0.1.0", "--crosswalk", "mine.json")
        self.assertEqual(json.loads(files["crosswalk.json"])["controls"], controls)
        self.assertIn("A CROSSWALK OF THE EXPORTER", self.page(files))
        self.assertNotIn("A CROSSWALK OF THE EXPORTER", self.page(self.export()))
        self.write("mine.json", json.dumps({"crosswalk": 1, "controls": [{**controls[0], "require": []}]}))
        result = self.run_raw("bundle", "export", "0.1.0", "--crosswalk", "mine.json", "--to", "x.zip")
        self.assertEqual((result.code, 'controls[0] has a member "require"' in result.err), (BAD_INPUT, True), repr(result))
        self.write("mine.json", json.dumps({"crosswalk": 1, "controls": controls * 2}))
        result = self.run_raw("bundle", "export", "0.1.0", "--crosswalk", "mine.json", "--to", "x.zip")
        self.check_refusal(result, BAD_INPUT, ["mine.json", "twice"])


class Approvals(Report):
    def setUp(self):
        super().setUp()
        self.configure(TRAIN)
        self.train(code=REFUSED)
        for name in ("bob", "carol"):
            self.approve("0.1.0", name)
        self.train("0.1.0")

    def test_approvals_by_others_than_the_authors_count(self):
        files = self.export()
        self.assertLessEqual({"DAYBOOK_APPROVED", "DAYBOOK_GATES_PASSED"}, self.properties(files))
        rows = self.rows(files, "approvals.csv")
        self.assertEqual([(row["person"], row["signature"], row["counts"]) for row in rows],
                         [("bob", "verified", "yes"), ("carol", "verified", "yes")])
        self.assertRegex(self.page(files), r"author alice ✓ someone else ✓ someone else")

    def test_another_list_of_people_that_comes_later_changes_nothing(self):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "mallory"], cwd=self.folder, check=True)
        own = self.path("daybook.yaml").read_text()
        public = " ".join(self.path("mallory.pub").read_text().split()[:2])
        fake = re.sub(r"ssh-ed25519 [A-Za-z0-9+/=]+", public, own)
        started = next(line for line in self.log() if line["event"]["type"] == "dev.daybook.train.started.v1")
        before = self.rows(self.export(), "approvals.csv")
        for data in (started["event"]["data"], {**started["event"]["data"], "run": 9}):
            data = {name: value for name, value in data.items() if name != "attachments"}
            self.append("--type", "dev.daybook.train.started.v1", "--subject", RELEASE, "--data", json.dumps(data),
                        "--attach", f"daybook.yaml={self.write('fake.yaml', fake)}")
        after = self.rows(self.export(), "approvals.csv")
        self.assertEqual(after, before)

    def test_an_approval_after_the_promotion_is_marked_and_does_not_count(self):
        self.run_coded("release", "revoke", "0.1.0", "--as", "bob", "--reason", "to begin anew")
        self.approve("0.1.0", "bob")
        files = self.export()
        last = self.rows(files, "approvals.csv")[-1]
        self.assertEqual((last["person"], last["signature"], last["after promotion"], last["counts"]),
                         ("bob", "verified", "yes", "no"))
        self.assertIn("after it was promoted", self.page(files))


class Sealing(Report):
    def test_a_seal_covers_all_before_it_while_others_write(self):
        self.train()
        stop = threading.Event()

        def write():
            while not stop.is_set():
                self.append("--type", "note.made", "--subject", RELEASE, "--data", "{}")
        writer = threading.Thread(target=write)
        writer.start()
        try:
            for _ in range(12):
                files = self.export()
                seal = json.loads(files["manifest.json"])["seal"]
                self.assertEqual(seal["size"], seal["position"])
        finally:
            stop.set()
            writer.join()
        self.ok("verify")


class Figures(Report):
    def test_absurd_numbers_stop_no_export(self):
        self.train()
        for kind, data in (
                ("canary.measured", {"run": 1, "step": 0, "name": "canary prod", "service": None, "attempt": 1,
                                     "environment": "prod", "look": 0, "samples": [], "attachments": []}),
                ("gate.evaluated", {"run": 2**53 - 1, "step": -1}), ("release.cut", {"version": 1}),
                ("train.started", {"run": 1, "plan": [{"step": "canary"}]}), ("approval.granted", {"person": None})):
            self.append("--type", f"dev.daybook.{kind}.v1", "--subject", RELEASE, "--data", json.dumps(data))
        self.export()


if __name__ == "__main__":
    unittest.main()
