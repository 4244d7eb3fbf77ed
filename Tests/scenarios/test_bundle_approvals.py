"""What a bundle says of approvals is what the gate would say of them, by the people and the rules that the ledger kept."""
import hashlib
import json
import re
import unittest

from scenario import NOT_ALLOWED
from shop import REFUSED, TRAIN, keys
from test_bundle_report import RELEASE, Report


class Judged(Report):
    """A train that asks for approvals by release-manager before prod."""

    def setUp(self):
        super().setUp()
        self.configure(TRAIN)
        self.train(code=REFUSED)

    def verdicts(self, files):
        return [(row["person"], row["signature"], row["counts"], row["why not"]) for row in self.rows(files, "approvals.csv")]

    def assert_not_approved(self, *says):
        files = self.export()
        self.assertNotIn("DAYBOOK_APPROVED", self.properties(files))
        self.assertNotIn("✓ counts", self.page(files))
        person, signature, counts, why = self.verdicts(files)[-1]
        self.assertEqual((signature, counts), ("verified", "no"))
        for words in says:
            self.assertIn(words, why)
            self.assertIn(words, self.page(files))
        controls = [row for row in self.rows(files, "controls.csv") if "approved:" in row["reason"]]
        self.assertEqual({row["status"] for row in controls}, {"not shown here"})
        return files

    def sign_by_hand(self, name):
        """An approval that the command would refuse."""
        cut = self.log("--subject", RELEASE, "--type", "release.cut")[-1]["hash"]
        statement = {"as": name, "cut": cut, "deed": "approve", "details": {}, "release": RELEASE}
        self.forge("approval.granted", person=name, cut=cut, signature=self.sign(statement, name), signed=True)

    def test_one_by_somebody_without_the_role_does_not_count(self):
        said = self.approve("0.1.0", "dave")
        self.assertIn("approved", said.out)
        self.assertIn("dave's approval cannot count for the gate approvals: they have none of the roles", said.err)
        self.train("0.1.0", code=REFUSED)
        files = self.assert_not_approved("they have none of the roles release-manager")
        self.assertIn("Approved by nobody", self.page(files))
        self.assertNotIn("change.reviewed", files["cdevents.jsonl"].decode())
        self.assertEqual(self.approve("0.1.0", "bob").err, "")

    def test_one_by_an_author_does_not_count(self):
        self.config["people"]["alice"]["roles"] = ["release-manager"]
        self.configure()
        self.sign_by_hand("alice")
        self.train("0.1.0", code=REFUSED)
        files = self.assert_not_approved("alice is an author of this release")
        self.assertIn("THE SAME PERSON", self.page(files))

    def test_one_by_somebody_who_cannot_be_told_from_an_author_does_not_count(self):
        del self.config["people"]["alice"]
        self.configure()
        self.check_refusal(self.approve("0.1.0", "bob", code=NOT_ALLOWED), NOT_ALLOWED, ["alice", "under people in daybook"])
        self.sign_by_hand("bob")
        self.train("0.1.0", code=REFUSED)
        self.assert_not_approved("cannot be told")

    def test_fewer_than_are_required_do_not_make_it_approved(self):
        self.configure(gates={"approvals": {"required": 2, "roles": ["release-manager"]}})
        for _ in range(3):
            self.approve("0.1.0", "bob")
        self.train("0.1.0", code=REFUSED)
        files = self.assert_not_approved("repeats an approval")
        self.assertEqual(self.verdicts(files)[0][3], "only 1 of 2 that are required")
        self.assertIn("Approved by too few: bob (1 of 2)", self.page(files))
        self.approve("0.1.0", "carol")
        self.train("0.1.0")
        files = self.export()
        self.assertEqual([row[2] for row in self.verdicts(files)], ["yes", "no", "no", "yes"])
        self.assertIn("DAYBOOK_APPROVED", self.properties(files))
        self.assertIn("Approved by bob, carol", self.page(files))

    def test_enough_for_stage_and_too_few_for_prod_is_not_enough(self):
        self.configure(["cut", {"gate": ["approvals"]}, {"deploy": "stage"}, {"gate": ["approvals"]}, {"promote": "prod"}],
                       gates={"approvals": {"required": 1, "environments": {"prod": {"required": 2}}}})
        self.commit("fix: more")
        version, _ = self.cut()
        self.approve(version, "bob")
        self.train(version, code=REFUSED)
        files = self.export(version)
        self.assertEqual(self.verdicts(files)[0][2:], ("no", "only 1 of 2 that are required"))
        self.assertNotIn("DAYBOOK_APPROVED", self.properties(files))

    def test_one_that_was_taken_back_tells_why(self):
        self.approve("0.1.0", "bob")
        self.run_coded("release", "revoke", "0.1.0", "--as", "bob", "--reason", "found a race")
        self.train("0.1.0", code=REFUSED)
        self.assert_not_approved("taken back in entry", "found a race")

    def test_a_held_release_says_which_gate_holds_it_and_why(self):
        self.assertIn("This release is held at a gate (entry", self.page(self.export()))
        self.assertIn("approvals: 0 of 1 approvals by release-manager", self.page(self.export()))


class Kept(Report):
    """The configuration that a gate judged by is kept with what it said."""

    def setUp(self):
        super().setUp()
        self.configure(TRAIN)
        self.train(code=REFUSED)

    def digest(self):
        return hashlib.sha256(self.path("daybook.yaml").read_bytes()).hexdigest()

    def policies(self, files):
        return [each["digest"]["sha256"] for each in self.statements(files)[0]["predicate"]["verifier"]["policies"]]

    def test_with_every_evaluation_and_why_it_passes(self):
        self.approve("0.1.0", "bob")
        self.train("0.1.0")
        for _, gate in self.events("0.1.0", "gate.evaluated"):
            self.assertEqual([(each["name"], each["digest"]) for each in gate["attachments"]],
                             [("daybook.yaml", f"sha256:{self.digest()}")])
        files = self.export()
        row = self.rows(files, "gates.csv")[-1]
        self.assertEqual(row["passes"], "approvals: 1 of 1 by release-manager: bob; verification: 1 test passed in stage")
        self.assertEqual(row["daybook.yaml sha256"], self.digest())
        self.assertIn("approvals: 1 of 1 by release-manager: bob", self.page(files))
        self.assertNotIn("CONFIGURATION CHANGED", self.page(files))
        self.assertEqual(self.policies(files), [self.digest()])

    def test_one_that_is_edited_during_the_ride_is_told_and_judges(self):
        before = self.digest()
        self.approve("0.1.0", "dave")
        self.configure(gates={"approvals": {"required": 1, "roles": ["developer"]}})
        self.train("0.1.0")
        files = self.export()
        self.assertEqual(self.policies(files), [self.digest()])
        self.assertEqual(self.rows(files, "approvals.csv")[0]["counts"], "yes")
        for digest in (before, self.digest()):
            self.assertIn(f"attachments/sha256-{digest}", files)
            self.assertRegex(self.page(files), f"CONFIGURATION CHANGED DURING THE RIDE.*sha256 {digest[:16]}… in entry")

    def test_a_gate_of_a_step_that_asks_for_none_judges_nothing(self):
        self.approve("0.1.0", "dave")
        self.train("0.1.0", code=REFUSED)
        refused = self.last("0.1.0", "gate.evaluated")
        self.forge("gate.evaluated", **{**refused, "step": 4, "outcome": "passed", "details": {
            **refused["details"], "rules": {"approvals": {"required": 1, "roles": [], "allowunsigned": False}}}})
        self.assertEqual(self.rows(self.export(), "approvals.csv")[0]["counts"], "no")

    def test_a_gate_that_is_told_of_later_changes_nothing(self):
        self.approve("0.1.0", "bob")
        self.train("0.1.0")
        before = self.rows(self.export(), "approvals.csv")
        passed = self.last("0.1.0", "gate.evaluated")
        data = {**{name: value for name, value in passed.items() if name != "attachments"},
                "details": {**passed["details"], "rules": {"approvals": {"required": 0, "roles": [], "allowunsigned": True}}}}
        self.append("--type", "dev.daybook.gate.evaluated.v1", "--subject", RELEASE, "--data", json.dumps(data),
                    "--attach", f"daybook.yaml={self.write('fake.yaml', json.dumps({**self.config, 'people': {}}))}")
        self.assertEqual(self.rows(self.export(), "approvals.csv"), before)


class CutAgain(Report):
    def test_what_production_runs_is_told_and_its_approvals_judged(self):
        self.configure(TRAIN)
        self.write("shop.tar", "bytes")
        digest = hashlib.sha256(b"bytes").hexdigest()
        self.cut("--artifact", "shop.tar=shop.tar")
        self.approve("0.1.0", "bob")
        self.train("0.1.0")
        self.write("other.tar", "other bytes")
        self.cut("--again", "--artifact", "other.tar=other.tar")
        files = self.export()
        page = self.page(files)
        self.assertRegex(page, "Promoted to prod, [^:]*:[^:]*:[^:]*: an earlier cut, see below")
        self.assertRegex(page, "What was promoted is not the newest cut, but that of entry [0-9]+: commit [0-9a-f]{12}, "
                               f"shop.tar \\(sha256 {digest}\\), approved by bob")
        self.assertNotIn("nowhere", page)
        row = self.rows(files, "approvals.csv")[0]
        self.assertEqual((row["signature"], row["counts"], row["of the newest cut"]), ("verified", "no", "no"))
        self.assertRegex(row["why not"], "of an earlier cut .entry [0-9]+., for which it counted")
        self.assertNotIn("DAYBOOK_APPROVED", self.properties(files))


class SetAside(Report):
    """A gate that was set aside is named wherever its verdict stands."""
    FROZEN = {"freezes": [{"from": "2020-01-01", "to": "2099-12-31"}], "approvals": {"roles": ["release-manager"]}}

    def setUp(self):
        super().setUp()
        self.configure(["cut", {"gate": ["approvals", "freezes"]}, {"promote": "prod"}], gates=self.FROZEN)
        self.train(code=REFUSED)
        self.approve("0.1.0", "bob")
        self.run_coded("override", "grant", "0.1.0", "--gate", "freezes", "--reason", "security fix", "--for", "1h",
                       "--as", "carol", "--key", str(keys() / "carol"))
        self.train("0.1.0")

    WORDS = r"passed with freezes set aside by carol's override \(entry [0-9]+\): security fix"

    def test_the_verdict_names_the_override(self):
        self.assertRegex(self.last("0.1.0", "gate.evaluated")["reason"], self.WORDS)
        files = self.export()
        self.assertRegex(self.rows(files, "gates.csv")[-1]["reason"], self.WORDS)
        page = self.page(files).replace("&#39;", "'")
        self.assertEqual(len(re.findall(self.WORDS, page)), 2, "in the gates' table and in the timeline")
        self.assertIn("passed, freezes set aside", page)
        self.assertNotIn("all gates pass", page)

    def test_an_evaluation_that_does_not_name_it_is_told_with_it(self):
        data = self.last("0.1.0", "gate.evaluated")
        data = {**data, "reason": "all gates pass", "details": {"gates": ["freezes"], "reasons": [], "overridden": ["freezes"]}}
        self.forge("gate.evaluated", **data)
        self.assertRegex(self.rows(self.export(), "gates.csv")[-1]["reason"], self.WORDS)

    def test_the_approvals_are_shown_and_the_other_gates_are_not(self):
        files = self.export()
        self.assertIn("DAYBOOK_APPROVED", self.properties(files))
        self.assertFalse({"DAYBOOK_NO_OVERRIDE", "DAYBOOK_GATES_PASSED"} & self.properties(files))
        reasons = "; ".join(row["reason"] for row in self.rows(files, "controls.csv"))
        self.assertIn("approved: shown of 1 release", reasons)
        self.assertRegex(reasons, r"gates-passed: not shown of shop/0.1.0 \(set aside: freezes by entry [0-9]+\)")
        for row in self.rows(files, "controls.csv"):
            self.assertEqual(row["status"], "not shown here" if "not shown" in row["reason"] or "no evidence" in row["reason"]
                             else "evidence shown")


if __name__ == "__main__":
    unittest.main()
