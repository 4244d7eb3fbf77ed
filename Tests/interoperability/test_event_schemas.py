"""The events of real rides by the JSON Schemas of schema/events, as another implementation reads them."""
import subprocess

from jsonschema import Draft202012Validator

from common import *

from stamping import AuthorityServer  # noqa: E402
from webhooks import webhook  # noqa: E402
import stage  # noqa: E402  (common has put the scenarios in reach)

SCHEMAS = REPOSITORY / "schema/events"
NEVER_HERE = {"dev.daybook.migration.rehearsed.v1"}
OF_CANARIES = {f"dev.daybook.{kind}.v1" for kind in (
    "canary.routed", "canary.measured", "canary.verdict", "slo.defined", "alert.fired", "alert.resolved")}

CONFIGURATION = """\
ledger: evidence.db
project: shop
people:
  ann: {emails: [ann@example.com], roles: [developer]}
  bob: {keys: ["%s"], emails: [bob@example.com], roles: [release-manager]}
environments:
  stage: {deploy: [./ops, stage], rollback: [./ops, stage]}
gates:
  approvals: {roles: [release-manager]}
train:
  - cut
  - deploy: stage
  - soak: {environment: stage, for: 1s, every: 1s}
  - verify: {environment: stage, smoke: [./smoke], junit: smoke.xml}
  - gate: [approvals]
  - promote: stage
  - bundle
"""


def validated(scenario):
    """The types of all events of a ledger, each of which keeps its schema."""
    seen = set()
    for line in scenario.log():
        event = line["event"]
        seen.add(event["type"])
        schema = json.loads((SCHEMAS / f"{event['type']}.json").read_text())
        with scenario.subTest(event["type"]):
            Draft202012Validator(schema).validate(event["data"])
    return seen


class CanarySchemas(stage.Canary):
    def test_every_event_of_a_canary_keeps_its_schema(self):
        self.setup(steps=["50% for 6s"])
        self.train()
        for status in ("firing", "resolved"):
            self.write("body.json", json.dumps(webhook(status)))
            self.run_coded("slo", "alert", "--from", "body.json")
        self.assertLessEqual(OF_CANARIES, validated(self))


class EventSchemas(Scenario):
    def setUp(self):
        super().setUp()
        self.sh("ssh-keygen -q -t ed25519 -N '' -f bob")
        self.write("daybook.yaml", CONFIGURATION % " ".join(self.path("bob.pub").read_text().split()[:2]))
        self.write("ops", "#!/bin/sh\necho \"$1 runs $DAYBOOK_VERSION\"\n")
        self.write("smoke", "#!/bin/sh\necho '<testsuite><testcase name=\"up\"/></testsuite>' > smoke.xml\n")
        self.sh("chmod +x ops smoke && git init -q && git config user.name Ann && git config user.email ann@example.com"
                " && git add ops smoke && git commit -qm 'feat: first'")
        self.init()

    def sh(self, text):
        subprocess.run(text, shell=True, check=True, cwd=self.folder, env=self.environment, capture_output=True)

    def does(self, code, *arguments):
        result = self.run_raw(*arguments)
        self.assertEqual(result.code, code, repr(result))

    def test_every_event_of_two_rides_keeps_its_schema(self):
        signed = ("--as", "bob", "--key", "bob")
        self.does(10, "train", "run")
        self.does(0, "release", "approve", "0.1.0", *signed)
        self.does(0, "release", "revoke", "0.1.0", "--as", "bob", "--reason", "a race")
        self.does(0, "override", "grant", "0.1.0", "--gate", "approvals", "--reason", "a fix", "--for", "1h", *signed)
        self.sh("openssl ecparam -name prime256v1 -genkey -noout -out ec.pem")
        self.does(0, "train", "run", "0.1.0", "--evidence-key", "ec.pem")
        self.sh("git commit -q --allow-empty -m 'fix: second'")
        self.does(10, "train", "run")
        self.does(0, "train", "abort", "0.1.1", "--reason", "wrong artifact")
        self.does(14, "train", "run", "0.1.1")
        self.does(0, "checkpoint", "--timestamp", AuthorityServer(self).url)
        self.sh("git tag v9.0.0 && printf '1\\n' > runs && : > registry")
        self.does(11, "reconcile", "--runs", "runs", "--artifacts", "registry")
        self.does(0, "reconcile", "explain", "tag:v9.0.0", "--reason", "made by hand", *signed)
        files = {path.stem for path in SCHEMAS.glob("*.json")}
        self.assertEqual(files - validated(self) - NEVER_HERE - OF_CANARIES, set())

    def test_a_gate_of_an_older_daybook_keeps_its_schema_and_a_wrong_rule_does_not(self):
        validator = Draft202012Validator(json.loads((SCHEMAS / "dev.daybook.gate.evaluated.v1.json").read_text()))
        gate = {"run": 1, "step": 1, "name": "gate approvals", "service": None, "attempt": 1, "environment": "prod",
                "outcome": "passed", "reason": "all gates pass", "attachments": [],
                "details": {"gates": ["approvals"], "reasons": [], "overridden": []}}
        validator.validate(gate)
        rule = {"required": 1, "roles": [], "allowunsigned": False}
        validator.validate({**gate, "details": {**gate["details"], "rules": {"approvals": rule}, "passes": []}})
        for more in ({"rules": {"moon": rule}}, {"rules": {"approvals": {**rule, "required": "1"}}}, {"rules": []},
                     {"passes": [{"gate": "approvals"}]}, {"passes": {}}):
            with self.subTest(more):
                self.assertFalse(validator.is_valid({**gate, "details": {**gate["details"], **more}}))

    def test_the_schemas_are_schemas_and_refuse_what_is_unknown(self):
        for path in sorted(SCHEMAS.glob("*.json")):
            with self.subTest(path.name):
                schema = json.loads(path.read_text())
                Draft202012Validator.check_schema(schema)
                self.assertEqual(schema["$id"], path.stem)
                self.assertIs(schema["additionalProperties"], False)
