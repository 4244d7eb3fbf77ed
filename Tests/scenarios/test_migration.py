"""Dry runs of migrations on real SQLite files and a real PostgreSQL, and the check of a pull request."""
import json
import os
import signal
import sqlite3
import subprocess

from postgres import Postgres
from scenario import BAD_INPUT, USAGE, Scenario, binary, wait_until

PASSED, FAILED, REFUSED = 0, 1, 10
SUBJECT = "release/shop/1.5.0"
SETUP = """
    CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT NOT NULL, note TEXT);
    INSERT INTO orders VALUES (1, 'cup', 'blue'), (2, 'pot', NULL), (3, 'cup', 'così');
    CREATE TABLE visits (page TEXT, at INTEGER);
    INSERT INTO visits VALUES ('/', 1), ('/', 1), ('/cart', 2);
"""


class Migration(Scenario):
    """What both engines share. Files are named as in a repository."""

    engine = None

    def setUp(self):
        super().setUp()
        self.init()
        os.mkdir(self.path("migrations"))
        os.mkdir(self.path("tmp"))
        self.environment["TMPDIR"] = str(self.path("tmp"))
        self.write("plan.md", "Run migrations/7.down.sql.\n")

    def migration(self, up, down):
        self.write("migrations/7.up.sql", up)
        self.write("migrations/7.down.sql", down)

    def arguments(self, *more, up=("migrations/7.up.sql",), down=("migrations/7.down.sql",)):
        return ["dry-run", "--ledger", self.ledger, "--release", "shop/1.5.0", "--engine", self.engine,
                "--database", self.database, "--up", *up, "--down", *down, "--plan", "plan.md", "-o", "json", *more]

    def dry_run(self, code, *more, env=None, **steps):
        result = self.run_raw("migration", *self.arguments(*more, **steps), env=env)
        self.assertEqual(result.code, code, repr(result))
        self.assertEqual(self.scratch_copies(), [], "a scratch copy is left")
        if code not in (PASSED, FAILED):
            return result
        data = result.json["data"]
        recorded = self.log("--subject", SUBJECT)[-1]["event"]
        self.assertEqual(recorded["type"], "dev.daybook.migration.rehearsed.v1")
        self.assertEqual(recorded["data"], data)
        self.assertEqual(data["outcome"], "passed" if code == PASSED else "failed", repr(result))
        self.assertEqual(data["reasons"] == [], code == PASSED)
        return data

    def attachment(self, data, name):
        digest = next(a["digest"] for a in data["attachments"] if a["name"] == name)
        return self.ok("cat", digest).raw.decode()

    def assert_reason(self, data, words):
        self.assertIn(words, " / ".join(data["reasons"]))

    def cut(self, migrations):
        self.append("--type", "release.cut", "--subject", SUBJECT, "--data", json.dumps({
            "version": "1.5.0", "previous": None, "commit": "8f3c1d2", "reason": "", "changes": [], "changecount": 0,
            "artifacts": [], "migrations": migrations, "authors": [], "cutter": {"name": "Ann"}, "labels": [],
            "attachments": []}))


class Cases:
    """Behaviours that hold on every engine."""

    def test_a_clean_migration_passes_and_leaves_its_evidence(self):
        self.migration("ALTER TABLE visits ADD COLUMN agent TEXT;", "ALTER TABLE visits DROP COLUMN agent;")
        before = self.content()
        data = self.dry_run(PASSED)
        self.assertEqual(self.content(), before, "the database itself is only read")
        self.assertEqual(data["schema"]["before"], data["schema"]["afterdown"])
        self.assertNotEqual(data["schema"]["before"], data["schema"]["afterup"])
        self.assertTrue(data["schema"]["restored"])
        self.assertEqual([f["path"] for f in data["files"]], ["migrations/7.up.sql"])
        rows = {t["table"].split(".")[-1]: t for t in data["tables"]}
        self.assertEqual({n: (t["rowsbefore"], t["rowsafter"]) for n, t in rows.items()},
                         {"orders": (3, 3), "visits": (3, 3)})
        for table in rows.values():
            self.assertEqual(table["checksumbefore"], table["checksumafter"])
        self.assertIn("agent", self.attachment(data, "schema-after-up"))
        self.assertEqual(self.attachment(data, "rollback-plan"), "Run migrations/7.down.sql.\n")
        self.assert_sound("--key", self.vkey)

    def test_a_rollback_that_forgets_a_column_fails(self):
        self.migration("ALTER TABLE visits ADD COLUMN a TEXT; ALTER TABLE visits ADD COLUMN b TEXT;",
                       "ALTER TABLE visits DROP COLUMN b;")
        data = self.dry_run(FAILED)
        self.assertFalse(data["schema"]["restored"])
        self.assert_reason(data, "another schema")

    def test_a_rollback_that_cannot_bring_values_back_fails_and_names_the_column(self):
        self.migration("ALTER TABLE orders DROP COLUMN note;", "ALTER TABLE orders ADD COLUMN note TEXT;")
        data = self.dry_run(FAILED)
        self.assertTrue(data["schema"]["restored"], self.attachment(data, "schema-after-down"))
        self.assertEqual([(l["table"].split(".")[-1], l["column"], l["kind"], l["rows"]) for l in data["losses"]],
                         [("orders", "note", "changed", 3)])
        self.assert_reason(data, "loses data")

    def test_a_dropped_table_with_rows_is_a_loss(self):
        self.migration("DROP TABLE visits;", "SELECT 1;")
        data = self.dry_run(FAILED)
        self.assertEqual([(l["table"].split(".")[-1], l["column"], l["kind"]) for l in data["losses"]],
                         [("visits", None, "dropped")])

    def test_a_migration_that_fails_half_way_is_recorded_with_its_words(self):
        self.migration("CREATE TABLE a (x INTEGER);\nINSERT INTO nowhere VALUES (1);\nCREATE TABLE b (x INTEGER);",
                       "DROP TABLE a;")
        data = self.dry_run(FAILED)
        self.assert_reason(data, "the migration: exit code")
        self.assertIn("nowhere", self.attachment(data, "up-errors"))
        self.assertIsNone(data["schema"]["afterup"])

    def test_a_migration_that_does_nothing_there_fails(self):
        self.write("migrations/7.py", "")
        data = self.dry_run(FAILED, "--file", "migrations/7.py", up=["true"], down=["true"])
        self.assert_reason(data, "changed nothing")

    def test_swapped_rows_are_noticed_though_every_column_has_its_values(self):
        self.migration("UPDATE orders SET note = 'x' WHERE id = 2;",
                       "UPDATE orders SET note = NULL WHERE id = 1; UPDATE orders SET note = 'blue' WHERE id = 2;")
        data = self.dry_run(FAILED)
        self.assertEqual([(l["column"], l["kind"]) for l in data["losses"]], [(None, "changed")])

    def test_other_files_than_the_releases_are_refused_before_anything_runs(self):
        self.migration("ALTER TABLE visits ADD COLUMN a TEXT;", "ALTER TABLE visits DROP COLUMN a;")
        self.cut([{"path": "migrations/7.up.sql", "sha256": "0" * 64}, {"path": "migrations/8.sql", "sha256": "1" * 64}])
        result = self.dry_run(BAD_INPUT)
        self.assertIn("migrations/7.up.sql has other content", result.err)
        self.assertIn("migrations/8.sql was not rehearsed", result.err)
        self.assertEqual(len(self.log("--type", "migration.rehearsed")), 0)

    def test_a_linter_is_kept_and_blocks_when_told_to(self):
        self.migration("ALTER TABLE visits ADD COLUMN a TEXT;", "ALTER TABLE visits DROP COLUMN a;")
        lint = self.write("lint", "#!/bin/sh\necho \"$@: adding columns is forbidden\"\nexit 3\n")
        os.chmod(lint, 0o755)
        data = self.dry_run(PASSED, "--linter", lint)
        self.assertEqual(data["linter"]["clean"], False)
        self.assertEqual(self.attachment(data, "linter-output"), "migrations/7.up.sql: adding columns is forbidden\n")
        self.assert_reason(self.dry_run(FAILED, "--linter", lint, "--linter-blocks"), "exit code 3")

    def test_a_linter_of_the_configuration_is_run(self):
        self.migration("ALTER TABLE visits ADD COLUMN a TEXT;", "ALTER TABLE visits DROP COLUMN a;")
        lint = self.write("lint", "#!/bin/sh\necho \"$@: adding columns is forbidden\"\nexit 3\n")
        os.chmod(lint, 0o755)
        for blocks, code in (("false", PASSED), ("true", FAILED)):
            self.write("daybook.yaml", f"project: shop\ngates:\n  migrations: {{paths: ['migrations/**'], role: dba, "
                                       f"linter: ['{lint}'], linterBlocks: {blocks}}}\npeople:\n  ann: {{roles: [dba]}}\n")
            data = self.dry_run(code)
            self.assertEqual((data["linter"]["clean"], data["linter"]["blocks"]), (False, blocks == "true"))

    def start_and_wait(self):
        """A dry run whose migration takes long, when its scratch copy is there and in use."""
        mark = self.path("running")
        self.write("slow", f"#!/bin/sh\ntouch {mark}\nexec sleep 60\n")
        os.chmod(self.path("slow"), 0o755)
        self.write("migrations/7.py", "")
        process = subprocess.Popen(
            [binary(), "migration", *self.arguments("--file", "migrations/7.py", up=["./slow"], down=["true"])],
            cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.assertTrue(wait_until(mark.exists, 30))
        self.assertEqual(len(self.scratch_copies()), 1)
        return process

    def test_ctrl_c_drops_the_scratch_copy(self):
        process = self.start_and_wait()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
        self.assertIn(b"interrupted", err)
        self.assertEqual(self.scratch_copies(), [])
        self.assertEqual(len(self.log("--subject", SUBJECT)), 0)

    def test_what_a_killed_run_left_is_dropped_by_the_next(self):
        process = self.start_and_wait()
        process.kill()
        process.communicate()
        left = self.scratch_copies()
        self.assertEqual(len(left), 1)
        self.migration("ALTER TABLE visits ADD COLUMN a TEXT;", "ALTER TABLE visits DROP COLUMN a;")
        result = self.run_raw("migration", *self.arguments())
        self.assertEqual(result.code, PASSED, repr(result))
        self.assertIn("scratch copy of an earlier run", result.err)
        self.assertEqual(self.scratch_copies(), [])
        self.assertEqual(os.listdir(self.path("tmp")), [])


class SQLite(Cases, Migration):
    engine = "sqlite"

    def setUp(self):
        super().setUp()
        self.database = "shop.db"
        connection = sqlite3.connect(self.path(self.database))
        connection.executescript(SETUP)
        connection.close()

    def content(self):
        return self.path(self.database).read_bytes()

    def scratch_copies(self):
        return sorted(p.name for p in self.path("tmp").glob("daybook_scratch_*"))

    def test_a_table_that_was_built_anew_has_the_same_schema(self):
        self.migration(
            "ALTER TABLE visits ADD COLUMN a TEXT;",
            "CREATE TABLE new (page TEXT,\n  at INTEGER); INSERT INTO new SELECT page, at FROM visits;"
            "DROP TABLE visits; ALTER TABLE new RENAME TO visits;")
        self.dry_run(PASSED)

    def test_a_command_finds_the_copy_by_its_variables(self):
        tool = self.write("migrate", '#!/bin/sh\nsqlite3 "${DATABASE_URL#sqlite://}" "$1"\n')
        os.chmod(tool, 0o755)
        self.write("migrations/7.py", "")
        self.dry_run(PASSED, "--file", "migrations/7.py", up=["./migrate", "CREATE TABLE t (x)"],
                     down=["./migrate", "DROP TABLE t"], env={"DATABASE_URL": "sqlite:///nowhere/else"})

    def test_a_command_without_files_is_refused(self):
        self.assertIn("--file", self.dry_run(USAGE, up=["true"], down=["true"]).err)

    def test_another_database_is_not_touched(self):
        for step in ("ATTACH 'shop.db' AS shop; DROP TABLE shop.orders;", ".open shop.db\nDROP TABLE orders;"):
            self.migration(step, "SELECT 1;")
            before = self.content()
            self.assert_reason(self.dry_run(FAILED), "in safe mode")
            self.assertEqual(self.content(), before)

    def test_no_such_database(self):
        self.migration("SELECT 1;", "SELECT 1;")
        self.database = "none.db"
        self.assertIn("none.db", self.dry_run(69).err)


class PostgreSQL(Cases, Migration):
    engine = "postgres"

    @classmethod
    def setUpClass(cls):
        cls.server = Postgres()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        super().setUp()
        self.name = "shop_" + self.folder.name.rsplit("-", 1)[-1].lower()
        self.server.sql("postgres", f'CREATE DATABASE "{self.name}"')
        self.addCleanup(self.server.sql, "postgres", f'DROP DATABASE "{self.name}" WITH (FORCE)')
        self.server.sql(self.name, SETUP)
        self.database = self.server.url(self.name)

    def content(self):
        return self.server.sql(self.name, "TABLE orders; TABLE visits;")

    def scratch_copies(self):
        return self.server.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'daybook%'")

    def test_a_lock_is_seen_with_its_mode_and_duration(self):
        self.migration("BEGIN; ALTER TABLE orders ADD COLUMN a TEXT; SELECT pg_sleep(0.4); COMMIT;",
                       "ALTER TABLE orders DROP COLUMN a;")
        data = self.dry_run(PASSED)
        lock = next(l for l in data["locks"] if l["mode"] == "AccessExclusiveLock" and l["phase"] == "up")
        self.assertEqual(lock["relation"], "public.orders")
        self.assertGreaterEqual(lock["milliseconds"], 300)
        self.assertLess(lock["milliseconds"], 5000)
        self.assertIn("AccessExclusiveLock", self.attachment(data, "locks.json"))

    def test_another_database_is_not_touched(self):
        before = self.content()
        for step in (f"\\c {self.name}\nDROP TABLE orders;", f"SELECT 1; \t\\connect {self.name} \n DROP TABLE orders;"):
            self.migration(f"-- one line\n{step}", "SELECT 1;")
            self.assert_reason(self.dry_run(FAILED), "migrations/7.up.sql:2 connects to another database")
            self.assertEqual(self.content(), before)

    def test_the_body_of_a_function_is_compared_whole(self):
        """Its comments may look like those of pg_dump."""
        function = "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n{}\nSELECT 1\n$$;"
        for comment in ("-- Name: f", "--", "\n", "-- Dumped from x", "/*\n\\restrict a\n\\unrestrict a\n*/"):
            with self.subTest(comment=comment):
                self.server.sql(self.name, function.format("-- as it was"))
                self.migration(function.format(comment), function.format("-- as it was"))
                self.dry_run(PASSED)
                self.migration(function.format(comment), "SELECT 1;")
                self.assert_reason(self.dry_run(FAILED), "another schema than before")

    def test_no_lock_of_one_transaction_is_missed(self):
        self.migration("ALTER TABLE orders ADD COLUMN a TEXT -- quick", "ALTER TABLE orders DROP COLUMN a")
        data = self.dry_run(PASSED, "--single-transaction")
        locks = {(l["phase"], l["mode"], l["relation"]) for l in data["locks"]}
        self.assertLessEqual({("up", "AccessExclusiveLock", "public.orders"),
                              ("down", "AccessExclusiveLock", "public.orders")}, locks)

    def test_an_index_made_concurrently_does_not_wait_for_the_watcher(self):
        self.migration("CREATE INDEX CONCURRENTLY by_page ON visits (page);", "DROP INDEX CONCURRENTLY by_page;")
        data = self.dry_run(PASSED)
        self.assertLess(data["durations"]["upms"], 10000)

    def test_a_statement_that_takes_too_long_fails(self):
        self.migration("SELECT pg_sleep(30);", "SELECT 1;")
        data = self.dry_run(FAILED, "--statement-timeout", "200ms")
        self.assertIn("statement timeout", self.attachment(data, "up-errors"))

    def test_a_dump_is_restored_while_the_database_is_in_use(self):
        dump = self.path("shop.dump")
        subprocess.run(["pg_dump", "-Fc", "-f", dump, self.database], check=True)
        busy = subprocess.Popen(["psql", "-X", self.database], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        try:
            self.assertTrue(wait_until(lambda: self.server.sql(
                "postgres", f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.name}'")))
            self.migration("ALTER TABLE visits ADD COLUMN a TEXT;", "ALTER TABLE visits DROP COLUMN a;")
            self.assertIn("--dump", self.dry_run(69).err)
            data = self.dry_run(PASSED, "--dump", str(dump))
            self.assertEqual(data["tablecount"], 2)
        finally:
            busy.communicate(b"")

    def test_a_command_finds_the_copy_by_its_variables(self):
        tool = self.write("migrate", '#!/bin/sh\npsql -X -c "$1"; psql -X "$DATABASE_URL" -c "$2"\n')
        os.chmod(tool, 0o755)
        self.write("migrations/7.py", "")
        data = self.dry_run(PASSED, "--file", "migrations/7.py", up=["./migrate", "CREATE TABLE t ()", "SELECT 1"],
                            down=["./migrate", "SELECT 1", "DROP TABLE t"])
        self.assertIn("public.t", self.attachment(data, "schema-after-up"))
