"""The scripts of the pipelines in docs/examples, run as a runner runs them, in a repository of their own."""
import json
import os
import re
import subprocess

from scenario import REPOSITORY, Scenario, binary

EXAMPLES = REPOSITORY / "docs/examples"
REFUSED = 10

CONFIGURATION = """\
project: shop
people:
  ann: {emails: [ann@example.com], logins: [ann], roles: [developer]}
  bob: {keys: ["%s"], emails: [bob@example.com], roles: [release-manager]}
environments:
  prod: {deploy: [./deploy], rollback: [./deploy]}
gates:
  approvals: {roles: [release-manager]}
train:
  - cut
  - gate: [approvals]
  - promote: prod
"""


def script(file, after):
    """The first block text after a line of a YAML file, as a shell gets it. The examples write each script as one."""
    text = (EXAMPLES / file).read_text()
    block = re.search(rf"\n *{re.escape(after)}\n(?:.*\n)*?( *)(?:- |run: )\|\n((?:\1 +.*\n|\n)+)", text)
    lines = block[2].splitlines()
    width = len(lines[0]) - len(lines[0].lstrip())
    return "".join(line[width:] + "\n" for line in lines)


class Examples(Scenario):
    def setUp(self):
        super().setUp()
        self.ledger = str(self.path("ledger.db"))
        self.work = self.path("work")
        (self.work / "bin").mkdir(parents=True)
        os.symlink(binary(), self.work / "bin/daybook")
        self.environment["PATH"] = f"{self.work / 'bin'}:{self.environment['PATH']}"
        self.environment["DAYBOOK_LEDGER"] = self.ledger
        self.sh("ssh-keygen -q -t ed25519 -N '' -f ../bob")
        key = " ".join(self.path("bob.pub").read_text().split()[:2])
        (self.work / "daybook.yaml").write_text(CONFIGURATION % key)
        (self.work / "deploy").write_text("#!/bin/sh\necho $DAYBOOK_VERSION > ../runs\n")
        self.sh("chmod +x deploy && git init -q -b main && git config user.name Ann"
                " && git config user.email ann@example.com && git add daybook.yaml deploy && git commit -qm 'feat: first'")
        self.run_raw("init", "--origin", "example.com/shop", cwd=self.work)

    def sh(self, text, code=0, **variables):
        """As CI does: a shell that stops at the first failure."""
        done = subprocess.run(["bash", "-eo", "pipefail", "-c", text], cwd=self.work, capture_output=True, text=True,
                              env={**self.environment, **variables}, timeout=120)
        self.assertEqual(done.returncode, code, f"{text}\n{done.stdout}{done.stderr}")
        return done.stdout

    def approve(self):
        self.sh("daybook release approve 0.1.0 --as bob --key ../bob")

    def check_receipts(self, state):
        receipts = self.work / "receipts"
        self.assertEqual(json.loads((receipts / "status.json").read_text())["state"], state)
        self.assertIn("first", (receipts / "notes.md").read_text())
        self.assertTrue((receipts / "checkpoint").read_text().startswith("example.com/shop\n"))

    def test_github_cuts_is_held_and_rides_on(self):
        github = {"GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ann", "GITHUB_REPOSITORY": "a/shop", "GITHUB_RUN_ID": "1",
                  "GITHUB_SERVER_URL": "https://github.com", "GITHUB_ENV": str(self.path("env")),
                  "GITHUB_STEP_SUMMARY": str(self.path("summary"))}
        for given, code, end, state in (("", REFUSED, "held", "held"), ("0.1.0", 0, "completed", "promoted")):
            with self.subTest(given):
                self.sh(script("github/release.yml", "- name: Cut"), RELEASE=given, **github)
                release = given or self.path("env").read_text().strip().removeprefix("RELEASE=")
                self.sh(script("github/release.yml", "- name: Ride"), code, RELEASE=release, **github)
                self.sh(script("github/release.yml", "- name: Receipts"), RELEASE=release, **github)
                ride = json.loads((self.work / "receipts/ride.json").read_text())
                self.assertEqual((release, ride["end"]), ("0.1.0", end))
                self.check_receipts(state)
                self.assertIn(end, self.path("summary").read_text())
                if not given:
                    self.approve()
        self.assertEqual(self.path("runs").read_text(), "0.1.0\n")

    def test_gitlab_cuts_is_held_and_rides_on(self):
        gitlab = {"GITLAB_CI": "true", "GITLAB_USER_LOGIN": "ann", "CI_PROJECT_URL": "https://gitlab.com/a/shop",
                  "CI_PIPELINE_ID": "1"}
        for given, code, state in (("", REFUSED, "held"), ("0.1.0", 0, "promoted")):
            with self.subTest(given):
                self.sh(script("gitlab/.gitlab-ci.yml", "script:"), code, RELEASE=given, **gitlab)
                self.sh(script("gitlab/.gitlab-ci.yml", "after_script:"), **gitlab)
                self.check_receipts(state)
                if not given:
                    self.approve()
        self.assertEqual(self.path("runs").read_text(), "0.1.0\n")

    def change_a_schema(self):
        base = self.sh("git rev-parse HEAD").strip()
        self.sh("git init -q --bare ../origin.git && git remote add origin ../origin.git && git push -q origin main"
                " && mkdir migrations && echo 'CREATE TABLE t (x);' > migrations/7.sql && git add migrations"
                " && git commit -qm 'feat: table'")
        return base, self.sh("git rev-parse HEAD").strip()

    def test_github_asks_for_the_evidence_of_a_schema_change(self):
        base, head = self.change_a_schema()
        event = self.write("event.json", json.dumps({"pull_request": {
            "number": 3, "labels": [], "base": {"sha": base}, "head": {"sha": head}}}))
        said = self.sh(script("github/schema-change.yml", "- name: Check"), REFUSED, GITHUB_EVENT_PATH=event,
                       GITHUB_ACTIONS="true")
        self.assertIn("::error file=migrations/7.sql", said)

    def test_gitlab_asks_for_the_evidence_of_a_schema_change(self):
        _, head = self.change_a_schema()
        said = self.sh(script("gitlab/.gitlab-ci.yml", "schema-change:"), REFUSED, CI_MERGE_REQUEST_IID="3",
                       CI_MERGE_REQUEST_TARGET_BRANCH_NAME="main", CI_MERGE_REQUEST_LABELS="a,b", CI_COMMIT_SHA=head)
        self.assertIn("glab mr update 3 --label", said)
        self.assertIn("daybook migration dry-run", said)
