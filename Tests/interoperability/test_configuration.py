"""daybook.yaml by check-jsonschema and by us: one table, and both agree wherever a schema can say it."""
import re
import subprocess
import sys

from common import *

SCHEMA = REPOSITORY / "schema/config/daybook.schema.json"
TABLE = REPOSITORY / "Tests/tables/configuration.txt"
KEYS = re.findall(r'"(ssh-ed25519 \S+)"', (
    REPOSITORY / "Tests/OperationsTests/Configuration/ConfigurationTable.swift").read_text())


def rows():
    """(verdict, title, text) of the table. Its own explanation has the first three marks."""
    for record in TABLE.read_text().split("\n=== ")[4:]:
        head, _, text = record.partition("\n")
        for name, key in zip(("KEY1", "KEY2"), KEYS):
            text = text.replace(name, key)
        verdict, _, title = head.partition(" ")
        yield verdict, title, text + "\n"


def keys(schema):
    """Every key that the schema knows, at any depth."""
    parts = schema if isinstance(schema, list) else list(schema.values()) if isinstance(schema, dict) else []
    own = set(schema.get("properties", {})) if isinstance(schema, dict) else set()
    return own.union(*(keys(part) for part in parts))


class Configuration(Scenario):
    def by_schema(self, files):
        """The files that the schema refuses, or that are no YAML to others."""
        done = subprocess.run(
            [sys.executable, "-m", "check_jsonschema", "--schemafile", SCHEMA, "-o", "json", *files],
            capture_output=True, text=True, cwd=self.folder, timeout=300)
        report = json.loads(done.stdout)
        return {Path(error["filename"]).name for error in report.get("errors", []) + report.get("parse_errors", [])}

    def test_reader_and_schema_agree_on_the_table(self):
        table = {f"{number}.yaml": row for number, row in enumerate(rows())}
        self.assertGreater(len(table), 100)
        files = [self.write(name, text) for name, (_, _, text) in table.items()]
        refused = self.by_schema(files)
        for name, (verdict, title, text) in table.items():
            with self.subTest(f"{verdict} {title}"):
                code = self.run_raw("config", "check", name).code
                self.assertEqual(code, DONE if verdict == "good" else BAD_INPUT, text)
                self.assertEqual(name in refused, verdict == "bad", f"the schema on: {text}")

    def test_the_schema_is_a_schema(self):
        done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--check-metaschema", SCHEMA],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_example_is_valid_and_has_every_key_of_the_schema(self):
        example = self.run_raw("config", "example").out
        self.assertEqual(self.by_schema([self.write("example.yaml", example)]), set())
        missing = {key for key in keys(json.loads(SCHEMA.read_text()))
                   if not re.search(rf"\b{key}: ", example + " ") and f"{key}:\n" not in example}
        self.assertEqual(missing, set())

    def test_the_guide_has_every_key_of_the_schema(self):
        guide = (REPOSITORY / "docs/guides/configuration.md").read_text()
        self.assertEqual({key for key in keys(json.loads(SCHEMA.read_text())) if f"`{key}`" not in guide}, set())
