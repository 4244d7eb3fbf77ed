"""The check of a pull request that may change a schema."""
import json
import os
import sqlite3
import subprocess

from scenario import BAD_INPUT, DONE, NO_INPUT, Scenario

REFUSED = 10


class Check(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        os.mkdir(self.path("migrations"))
        self.write("plan.md", "Run the other file.\n")
        self.write("migrations/7.sql", "CREATE TABLE t (x);")
        self.write("down.sql", "DROP TABLE t;")
        sqlite3.connect(self.path("shop.db")).close()

    def github(self, *labels, base="a" * 40, head="b" * 40):
        return self.write("event.json", json.dumps({"action": "labeled", "pull_request": {
            "number": 12, "labels": [{"name": n} for n in labels], "base": {"sha": base}, "head": {"sha": head}}}))

    def gitlab(self, *labels):
        return self.write("event.json", json.dumps({
            "object_kind": "merge_request", "labels": [{"title": n} for n in labels],
            "object_attributes": {"iid": 12, "target_branch": "main", "last_commit": {"id": "b" * 40}}}))

    def check(self, code, event, *paths, env=None, more=("-o", "json")):
        changed = [] if not paths else ["--changed", self.write("changed.txt", "".join(p + "\n" for p in paths))]
        result = self.run_raw("migration", "check", "--ledger", self.ledger, "--event", event, *changed, *more, env=env)
        self.assertEqual(result.code, code, repr(result))
        return result

    def rehearse(self, code=0, down="down.sql"):
        result = self.run_raw(
            "migration", "dry-run", "--ledger", self.ledger, "--release", "shop/1.5.0", "--engine", "sqlite",
            "--database", "shop.db", "--up", "migrations/7.sql", "--down", down, "--plan", "plan.md",
            env={"TMPDIR": str(self.folder)})
        self.assertEqual(result.code, code, repr(result))

    def test_a_change_without_migrations_needs_nothing(self):
        self.assertEqual(self.check(DONE, self.github(), "README.md").json["schemaaffecting"], False)

    def test_label_and_dry_run_are_asked_for_and_both_together_suffice(self):
        reasons = self.check(REFUSED, self.github(), "migrations/7.sql").json["reasons"]
        self.assertEqual([r["path"] for r in reasons], ["migrations/7.sql"] * 2)
        self.assertIn("gh pr edit 12 --add-label schema-change", reasons[0]["remedy"])
        self.assertIn("daybook migration dry-run", reasons[1]["remedy"])
        self.rehearse()
        self.assertEqual(len(self.check(REFUSED, self.github(), "migrations/7.sql").json["reasons"]), 1)
        for event in (self.github("schema-change"), self.gitlab("Migration")):
            self.assertEqual(self.check(DONE, event, "migrations/7.sql", "a.txt").json["verdict"], "pass")

    def test_evidence_for_other_content_or_other_files_does_not_count(self):
        self.rehearse()
        self.write("migrations/7.sql", "CREATE TABLE u (x);")
        reasons = self.check(REFUSED, self.github("migration"), "migrations/7.sql").json["reasons"]
        self.assertIn("other content", reasons[0]["reason"])
        self.write("migrations/7.sql", "CREATE TABLE t (x);")
        self.write("migrations/8.sql", "")
        reasons = self.check(REFUSED, self.github("migration"), "migrations/7.sql", "migrations/8.sql").json["reasons"]
        self.assertEqual([r["path"] for r in reasons], ["migrations/8.sql"])

    def test_a_failed_dry_run_is_no_evidence_and_says_why(self):
        self.write("bad.sql", "SELECT 1;")
        self.rehearse(1, down="bad.sql")
        reasons = self.check(REFUSED, self.github("migration"), "migrations/7.sql").json["reasons"]
        self.assertIn("another schema", reasons[0]["reason"])

    def test_in_github_actions_the_diff_is_annotated(self):
        self.write("migrations/7%,:.sql", "")
        result = self.check(REFUSED, self.github("migration"), "migrations/7%,:.sql", more=(),
                            env={"GITHUB_ACTIONS": "true"})
        self.assertTrue(result.out.startswith("::error file=migrations/7%25%2C%3A.sql,line=1::no dry run of "), result.out)
        plain = self.check(REFUSED, self.github("migration"), "migrations/7.sql", more=())
        self.assertTrue(plain.out.startswith("migrations/7.sql: no dry run of migrations/7.sql is recorded\n"), plain.out)

    def test_without_a_list_git_is_asked(self):
        def git(*arguments):
            return subprocess.run(["git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com", *arguments],
                                  cwd=self.folder, check=True, capture_output=True, text=True).stdout.strip()
        git("init", "-q")
        git("commit", "-q", "--allow-empty", "-m", "one")
        base = git("rev-parse", "HEAD")
        git("add", "migrations")
        git("commit", "-q", "-m", "two")
        event = self.github("migration", base=base, head=git("rev-parse", "HEAD"))
        self.assertEqual(self.check(REFUSED, event).json["paths"], ["migrations/7.sql"])
        self.assertIn("fetch", self.check(BAD_INPUT, self.github()).err)

    def test_bad_payloads_are_refused_with_their_place(self):
        for payload in ("", "[]", "{}", '{"pull_request":{"number":1}}',
                        '{"pull_request":{"number":1,"base":{"sha":"--output=x"},"head":{"sha":"b"}}}'):
            with self.subTest(payload):
                event = self.write("event.json", payload)
                self.assertIn("event.json", self.check(BAD_INPUT, event, "migrations/7.sql").err)
        self.check(NO_INPUT, "none.json", "migrations/7.sql")
