"""The pipelines of docs/examples by the schemas that check-jsonschema brings along."""
import subprocess
import sys

from common import *

EXAMPLES = REPOSITORY / "docs/examples"


class Examples(Scenario):
    def check(self, schema, files):
        self.assertTrue(files)
        for file in files:
            with self.subTest(file.name):
                done = subprocess.run(
                    [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, file],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_workflows_are_what_github_takes(self):
        self.check("vendor.github-workflows", sorted(EXAMPLES.glob("github/*.yml")))

    def test_the_pipeline_is_what_gitlab_takes(self):
        self.check("vendor.gitlab-ci", [EXAMPLES / "gitlab/.gitlab-ci.yml"])
