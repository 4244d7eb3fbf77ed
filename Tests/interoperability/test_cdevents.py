"""`cdevents.jsonl` of a bundle by the rules of CloudEvents 1.0 and CDEvents 0.5.1."""
import copy
import subprocess
import sys
import unittest
import zipfile

from jsonschema import Draft202012Validator

from common import *

from shop import ROLLED_BACK, Shop, verify  # noqa: E402  (common has put the scenarios in reach)
from webhooks import webhook  # noqa: E402

SCHEMA = json.loads((REPOSITORY / "Tests/interoperability/cdevents.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

# CloudEvents 1.0, "Context Attributes" and the JSON event format, as far as these events go.
ENVELOPE = Draft202012Validator({
    "type": "object", "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
    "propertyNames": {"pattern": "^[a-z0-9]{1,20}$"},
    "properties": {
        "specversion": {"const": "1.0"}, "id": {"type": "string", "minLength": 1}, "data": {"type": "object"},
        "source": {"type": "string", "minLength": 1, "format": "uri-reference"},
        "type": {"type": "string", "minLength": 1}, "subject": {"type": "string", "minLength": 1},
        "time": {"type": "string", "format": "date-time"}, "datacontenttype": {"const": "application/json"}},
    "additionalProperties": {"type": ["string", "integer", "boolean"]}},
    format_checker=Draft202012Validator.FORMAT_CHECKER)

STANDARD = {f"dev.cdevents.{name}.0.3.0" for name in (
    "change.merged", "change.reviewed", "artifact.published", "service.deployed", "service.upgraded",
    "service.rolledback", "testsuiterun.finished", "incident.detected", "incident.resolved")}


def cdevent(kind, content, subject="s", **context):
    return {"context": {"specversion": "0.5.1", "id": "1", "source": "example.com/shop", "type": f"dev.{kind}",
                        "timestamp": "2026-01-31T12:00:00.123456Z", **context},
            "subject": {"id": subject, "content": content}}


def without(event, *path):
    """The event less a member."""
    event = copy.deepcopy(event)
    place = event
    for name in path[:-1]:
        place = place[name]
    del place[path[-1]]
    return event


def having(event, *path):
    """The event with the last of the path at the place that the others name."""
    event = copy.deepcopy(event)
    place = event
    for name in path[:-2]:
        place = place[name]
    place[path[-2]] = path[-1]
    return event


DEPLOYED = cdevent("cdevents.service.deployed.0.3.0",
                   {"environment": {"id": "prod", "source": "/env"}, "artifactId": "pkg:generic/shop@1"})
TESTED = cdevent("cdevents.testsuiterun.finished.0.3.0", {
    "environment": {"id": "prod"}, "outcome": "success", "severity": "low", "reason": "",
    "testSuite": {"id": "smoke", "version": "1", "name": "Smoke", "uri": "https://example.com/smoke"}})
PUBLISHED = cdevent("cdevents.artifact.published.0.3.0", {"sbom": {"uri": "sbom.json"}, "user": "ann"},
                    "pkg:generic/shop/tar@1?checksum=sha256:00")
MERGED = cdevent("cdevents.change.merged.0.3.0", {"repository": {"id": "shop", "source": "https://example.com"}})
DETECTED = cdevent("cdevents.incident.detected.0.3.0", {
    "environment": {"id": "prod"}, "description": "It burns.", "service": {"id": "shop"},
    "artifactId": "pkg:generic/shop@1"})
CUSTOM = cdevent("cdeventsx.daybook-release.cut.0.1.0", {"anything": [1]})
GOOD = [
    DEPLOYED, TESTED, PUBLISHED, MERGED, DETECTED, CUSTOM,
    having(MERGED, "subject", "content", {}), having(PUBLISHED, "subject", "content", {}),
    having(DEPLOYED, "customData", "aGVsbG8="), having(DEPLOYED, "customData", {"any": "thing"}),
    having(DEPLOYED, "context", "links", [{"linkType": "END", "from": {"contextId": "2"}}]),
    having(DEPLOYED, "subject", "source", "//example.com/here"), having(DEPLOYED, "context", "chainId", "a"),
    having(DEPLOYED, "context", "timestamp", "2026-01-31T13:00:00+01:00"),
]
BAD = {
    **{f"without context.{name}": without(DEPLOYED, "context", name) for name in DEPLOYED["context"]},
    "without context": without(DEPLOYED, "context"),
    "without subject": without(DEPLOYED, "subject"),
    "without subject.id": without(DEPLOYED, "subject", "id"),
    "without subject.content": without(DEPLOYED, "subject", "content"),
    "a member more": having(DEPLOYED, "data", {}),
    "a member of the context more": having(DEPLOYED, "context", "actor", "ann"),
    "the context's old member": having(DEPLOYED, "context", "version", "0.5.1"),
    "a member of the subject more": having(DEPLOYED, "subject", "type", "service"),
    "another version": having(DEPLOYED, "context", "specversion", "0.4.1"),
    "an empty id": having(DEPLOYED, "context", "id", ""),
    "an id that is a number": having(DEPLOYED, "context", "id", 1),
    "an empty source": having(DEPLOYED, "context", "source", ""),
    "a source that is no URI": having(DEPLOYED, "context", "source", "a shop <here>"),
    "no time": having(DEPLOYED, "context", "timestamp", "yesterday"),
    "a day": having(DEPLOYED, "context", "timestamp", "2026-01-31"),
    "a time without its zone": having(DEPLOYED, "context", "timestamp", "2026-01-31T12:00:00"),
    "no URI of a schema": having(DEPLOYED, "context", "schemaUri", "schema.json"),
    "a link of no type": having(DEPLOYED, "context", "links", [{"from": {"contextId": "2"}}]),
    "data that are a list": having(DEPLOYED, "customData", []),
    "data that are a text": having(DEPLOYED, "customData", "not base64!"),
    "a content type that is none": having(DEPLOYED, "customDataContentType", 1),
    "another type's version": having(DEPLOYED, "context", "type", "dev.cdevents.service.deployed.0.2.0"),
    "a type that nobody knows": having(DEPLOYED, "context", "type", "dev.cdevents.service.blessed.0.3.0"),
    "a deployment without an artifact": without(DEPLOYED, "subject", "content", "artifactId"),
    "a deployment to nowhere": without(DEPLOYED, "subject", "content", "environment"),
    "an environment without an id": having(DEPLOYED, "subject", "content", "environment", {}),
    "an environment with more": having(DEPLOYED, "subject", "content", "environment", {"id": "prod", "name": "p"}),
    "an artifact that is no package URL": having(DEPLOYED, "subject", "content", "artifactId", "shop@1"),
    "a deployment with more": having(DEPLOYED, "subject", "content", "service", {"id": "shop"}),
    "tests without an outcome": without(TESTED, "subject", "content", "outcome"),
    "tests nowhere": without(TESTED, "subject", "content", "environment"),
    "tests that passed": having(TESTED, "subject", "content", "outcome", "passed"),
    "tests of no weight": having(TESTED, "subject", "content", "severity", "none"),
    "tests of no suite": having(TESTED, "subject", "content", "testSuite", {"name": "smoke"}),
    "tests of a suite at no URI": having(TESTED, "subject", "content", "testSuite", "uri", "a b"),
    "tests as a deployment": having(TESTED, "context", "type", "dev.cdevents.service.deployed.0.3.0"),
    "an artifact by its name": having(PUBLISHED, "subject", "id", "shop.tar"),
    "an artifact with more": having(PUBLISHED, "subject", "content", "digest", "sha256:00"),
    "an SBOM that is nowhere": having(PUBLISHED, "subject", "content", "sbom", {}),
    "a change with more": having(MERGED, "subject", "content", "commit", "4f1c"),
    "a repository by its name": having(MERGED, "subject", "content", "repository", "shop"),
    "an incident nowhere": without(DETECTED, "subject", "content", "environment"),
    "an incident with more": having(DETECTED, "subject", "content", "severity", "page"),
    "content that is a text": having(CUSTOM, "subject", "content", "hello"),
    **{f"the custom type {name}": having(CUSTOM, "context", "type", f"dev.cdeventsx.{name}") for name in (
        "release.cut.0.1.0", "daybook-release.0.1.0", "daybook-release.cut", "daybook-release.cut.1",
        "daybook-release.cut.0.1.0-draft", "daybook-re_lease.cut.0.1.0", "daybook-event..0.1.0")},
}


class Rules(unittest.TestCase):
    def test_the_schema_takes_what_is_right_and_refuses_what_is_not(self):
        Draft202012Validator.check_schema(SCHEMA)
        for event in GOOD:
            with self.subTest(event):
                VALIDATOR.validate(event)
        for name, event in BAD.items():
            with self.subTest(name):
                self.assertFalse(VALIDATOR.is_valid(event), event)


class Bundles(Shop):
    def setUp(self):
        super().setUp()
        self.configure([
            "cut", {"deploy": "stage"}, {"soak": {"environment": "stage", "for": "1s", "every": "1s"}},
            verify("stage"), {"promote": "prod"}, verify("prod")])
        self.write("shop.tar", "artifact")
        self.write("a sig@1", "signature")

    def alert(self, *statuses, **members):
        self.write("body.json", json.dumps(webhook(*statuses, **members)))
        self.run_coded("slo", "alert", "--from", "body.json")

    def events(self, *scope):
        """The CDEvents of a bundle, each of which is as the rules have it."""
        path = f"{len(list(self.folder.glob('*.zip')))}.zip"
        self.run_coded("bundle", "export", *scope, "--to", path)
        with zipfile.ZipFile(self.path(path)) as archive:
            lines, entries = (archive.read(name) for name in ("cdevents.jsonl", "entries.jsonl"))
        bundled = {event["id"]: event for event in map(json.loads, entries.splitlines())}
        self.assertTrue(lines.endswith(b"\n"))
        found = [json.loads(line) for line in lines.splitlines()]
        for event in found:
            with self.subTest(event["type"]):
                ENVELOPE.validate(event)
                VALIDATOR.validate(event["data"])
                context = event["data"]["context"]
                self.assertEqual([event[name] for name in ("id", "source", "type", "time", "subject")],
                                 [*(context[name] for name in ("id", "source", "type", "timestamp")),
                                  event["data"]["subject"]["id"]])
                custom = event["data"]["customData"]
                entry = self.ok("show", str(custom["position"]), "-o", "json").json
                self.assertEqual((custom["ledger"], custom["hash"], custom["type"], event["time"]),
                                 (ORIGIN, entry["hash"], entry["event"]["type"],
                                  entry["event"]["recordedtime"]))
                self.assertIn(entry["event"]["id"], bundled)
        return [event["data"] for event in found], [(event["source"], event["id"]) for event in found]

    def test_a_story_with_everything_in_it(self):
        self.cut("--artifact", "tar=shop.tar", "--artifact", "a sig@1=a sig@1")
        self.approve("0.1.0")
        self.train("0.1.0")
        self.alert("firing", "firing")
        self.alert("resolved", "firing")
        self.append("--type", "com.example.scan.done", "--subject", "release/shop/0.1.0", "--data", "{}")
        self.append("--type", "note", "--subject", "release/shop/0.1.0", "--data", "{}")
        self.run_coded("release", "rollback", "0.1.0", "--environment", "prod", "--reason", "slow", code=ROLLED_BACK)
        told, names = self.events("0.1.0")
        self.assertEqual(len(set(names)), len(names))
        kinds = [event["context"]["type"] for event in told]
        self.assertEqual({kind for kind in kinds if not kind.startswith("dev.cdeventsx.")}, STANDARD)
        self.assertLessEqual({f"dev.cdeventsx.daybook-{name}.0.1.0" for name in (
            "comexamplescan.done", "event.note", "train.started")}, set(kinds))

        def of(kind):
            return [event["subject"] for event in told if event["context"]["type"] == f"dev.cdevents.{kind}.0.3.0"]
        digest = subprocess.check_output(["sha256sum", str(self.path("shop.tar"))], text=True).split()[0]
        self.assertIn(f"pkg:generic/shop/tar@0.1.0?checksum=sha256:{digest}",
                      [subject["id"] for subject in of("artifact.published")])
        head = self.git("rev-parse", "HEAD")
        self.assertEqual([subject["id"] for subject in of("change.merged") + of("change.reviewed")], [head, head])
        self.assertEqual([subject["content"]["environment"]["id"] for subject in of("service.deployed")],
                         ["stage", "prod"])
        for kind in ("service.upgraded", "service.rolledback"):
            self.assertEqual([subject["content"]["environment"]["id"] for subject in of(kind)], ["prod"], kind)
        self.assertEqual([subject["content"]["artifactId"] for subject in of("service.upgraded")],
                         ["pkg:generic/shop@0.1.0"])
        self.assertEqual({subject["content"]["outcome"] for subject in of("testsuiterun.finished")}, {"success"})
        self.assertEqual((len(of("incident.detected")), len(of("incident.resolved"))), (2, 1))

    def test_tests_that_fail_and_what_is_rolled_back_to(self):
        self.train()
        self.commit("fix: second")
        self.hook("smoke", "prod", "exit 1")
        self.train(code=ROLLED_BACK)
        told, names = self.events("0.1.1")
        self.assertEqual(len(set(names)), len(names))
        self.assertIn("failure", [event["subject"]["content"].get("outcome") for event in told])
        back = [event["subject"]["content"] for event in told if ".rolledback." in event["context"]["type"]
                and event["context"]["type"].startswith("dev.cdevents.")]
        self.assertEqual({content["artifactId"] for content in back}, {"pkg:generic/shop@0.1.0"})

    def test_a_population_tells_each_of_its_releases(self):
        self.train()
        self.commit("fix: second")
        self.train()
        told, names = self.events("--type", "release.promoted")
        self.assertEqual(len(set(names)), len(names))
        self.assertEqual([event["subject"]["content"]["artifactId"] for event in told
                          if ".upgraded." in event["context"]["type"]],
                         ["pkg:generic/shop@0.1.0", "pkg:generic/shop@0.1.1"])

    def test_an_alert_that_bears_on_two_releases_is_told_once(self):
        self.train()
        self.commit("fix: second")
        self.train()
        self.alert("firing")
        for version in ("0.1.0", "0.1.1"):
            self.append("--type", "note", "--subject", f"release/shop/{version}", "--data", "{}")
        _, names = self.events("--type", "release.promoted")
        self.assertEqual(len(names), len(set(names)))

    def test_an_incident_is_resolved_under_the_id_that_it_was_detected_under(self):
        self.train()
        self.alert("firing")
        self.alert("resolved")
        self.append("--type", "note", "--subject", "release/shop/0.1.0", "--data", "{}")
        told, _ = self.events("0.1.0")
        ids = [event["subject"]["id"] for event in told if ".incident." in event["context"]["type"]]
        self.assertEqual((len(ids), len(set(ids))), (2, 1))

    def test_types_with_digits_or_without_letters(self):
        self.train()
        for kind in ("com.example.e2e.run2", "日本.済み"):
            self.append("--type", kind, "--subject", "release/shop/0.1.0", "--data", "{}")
        self.events("0.1.0")


class Checkout(Shop):
    """tools/lib/check_cdevents.py, on a folder laid out as CDEvents' specification is, of our own schema."""
    RENAMED = "dev.cdevents.testsuiterun.finished.0.3.0"

    def setUp(self):
        super().setUp()
        self.configure(["cut", {"deploy": "stage"}, verify("stage"), {"promote": "prod"}, verify("prod")])
        self.train()
        self.run_coded("bundle", "export", "0.1.0", "--to", "shop.zip")
        for name in STANDARD:
            self.publish(name, {"enum": [name]})
        self.publish("custom", {"type": "string", "pattern": r"^dev\.cdeventsx\..+$"})

    def publish(self, name, kind, *also_required):
        context = SCHEMA["properties"]["context"]
        context = {**context, "required": context["required"] + list(also_required),
                   "properties": {**context["properties"], "type": kind}}
        folder = self.path("spec/custom" if name == "custom" else "spec/schemas")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps({
            **SCHEMA, "$id": f"https://example.com/schema/{name}",
            "properties": {**SCHEMA["properties"], "context": context}}))

    def check(self, bundle="shop.zip"):
        tool = REPOSITORY / "tools/lib/check_cdevents.py"
        return subprocess.run([sys.executable, tool, "spec", bundle], cwd=self.folder, capture_output=True, text=True)

    def test_events_that_are_as_the_schemas_have_them(self):
        found = self.check()
        self.assertEqual((found.returncode, found.stderr.strip()), (0, ""), found.stdout)
        self.assertRegex(found.stdout, r"\n[1-9][0-9]* events, 0 faults\n$")
        self.assertRegex(found.stdout, r"2  dev\.cdevents\.testsuiterun\.finished\.0\.3\.0  spec/schemas/")

    def test_a_schema_that_nothing_can_satisfy_is_told_and_read_without_what_it_forbids(self):
        self.publish(self.RENAMED, {"enum": [self.RENAMED]}, "version")
        found = self.check()
        self.assertEqual(found.returncode, 0, found.stderr)
        self.assertIn(f"{self.RENAMED}.json: requires context.version, which it forbids", found.stderr)

    def test_a_type_without_a_schema(self):
        self.path(f"spec/schemas/{self.RENAMED}.json").unlink()
        found = self.check()
        self.assertEqual(found.returncode, 1)
        self.assertRegex(found.stderr, r"shop\.zip: cdevents\.jsonl:[0-9]+: dev\.cdevents\.testsuiterun\.finished\.0\.3\.0 "
                                       r"has no schema in spec")

    def test_an_event_that_is_not_as_its_schema_has_it(self):
        self.publish(self.RENAMED, {"enum": [self.RENAMED]}, "chainId")
        found = self.check()
        self.assertEqual(found.returncode, 1)
        self.assertRegex(found.stderr, r"cdevents\.jsonl:[0-9]+: \$\.context: 'chainId' is a required property")

    def test_a_bundle_that_tells_nothing(self):
        with zipfile.ZipFile(self.path("empty.zip"), "w") as archive:
            archive.writestr("cdevents.jsonl", "")
        self.assertEqual(self.check("empty.zip").returncode, 1)
