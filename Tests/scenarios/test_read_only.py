"""Media and folders that cannot be written."""
import json
import os
import shutil
import subprocess
import unittest

from scenario import CANNOT_CREATE, DONE, IO_ERROR, NOT_ALLOWED, ORIGIN, Scenario, binary, event, wait_until


def read_only(test, folder):
    """Mounts a folder over itself, read-only, for the rest of the test."""
    if os.geteuid() != 0:
        raise unittest.SkipTest("a read-only mount needs root")
    for options in (["--bind", str(folder), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
        done = subprocess.run(["mount", *options], capture_output=True, text=True)
        if done.returncode != 0:
            raise unittest.SkipTest(f"mount {' '.join(options)}: {done.stderr.strip()}")
    test.addCleanup(subprocess.run, ["umount", "-l", str(folder)], capture_output=True)


class ReadOnly(Scenario):
    def setUp(self):
        super().setUp()
        self.path("ro").mkdir()
        self.ledger = "ro/evidence.db"
        self.init()
        self.fill(20)

    def test_a_copy_on_read_only_media_is_read_and_verified(self):
        self.ok("backup", "copy.db")
        for path in self.path("ro").iterdir():
            path.unlink()
        shutil.copy(self.path("copy.db"), self.path("ro/evidence.db"))
        read_only(self, self.path("ro"))
        self.assert_sound("--key", self.vkey)
        self.assertEqual(self.size(), 21)
        self.ok("prove", "7")
        self.ok("log")
        self.ok("backup", "again.db")

    def test_a_live_ledger_on_read_only_media_shows_all_or_says_why_not(self):
        read_only(self, self.path("ro"))
        self.all_or_reason("ro/evidence.db")

    def test_the_same_through_a_link(self):
        self.path("link.db").symlink_to("ro/evidence.db")
        read_only(self, self.path("ro"))
        self.all_or_reason("link.db")

    def test_entries_still_in_the_log_of_a_killed_writer_are_not_lost_silently(self):
        """A writer that is killed leaves entries in the -wal file alone."""
        process = subprocess.Popen([binary(), "append", "--ledger", "ro/evidence.db", "--batch", "-", "--chunk", "1"],
                                   stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=self.folder, env=self.environment)
        process.stdin.write("".join(json.dumps(event(n)) + "\n" for n in range(100, 105)).encode())
        process.stdin.flush()
        wait_until(lambda: self.size() >= 25)
        process.kill()
        process.wait()
        process.stdin.close()
        for name in ("evidence.db-shm",):
            self.path(f"ro/{name}").unlink(missing_ok=True)
        self.path("link.db").symlink_to("ro/evidence.db")
        read_only(self, self.path("ro"))
        for ledger in ("ro/evidence.db", "link.db"):
            with self.subTest(ledger):
                self.all_or_reason(ledger, at_least=25)

    def all_or_reason(self, ledger, at_least=21):
        for command in (["head", "-o", "json"], ["verify", "-o", "json"]):
            result = self.run_daybook(*command, ledger=ledger)
            if result.code == 0:
                self.assertGreaterEqual(result.json["size"], at_least, repr(result))
            else:
                self.check_refusal(result, IO_ERROR, "read-only")

    def test_nothing_is_appended_there(self):
        read_only(self, self.path("ro"))
        self.refused(NOT_ALLOWED, "append", "--type", "a.b")
        self.write("f", "x")
        self.refused(NOT_ALLOWED, "attach", "f")
        result = self.run_daybook("init", "--origin", ORIGIN, ledger="ro/new.db")
        self.assertIn(result.code, (CANNOT_CREATE, NOT_ALLOWED), repr(result))
        result = self.run_daybook("backup", "ro/copy.db")
        self.assertIn(result.code, (CANNOT_CREATE, NOT_ALLOWED), repr(result))

    def test_without_the_right_to_write_one_may_still_read(self):
        if os.geteuid() != 0 or not shutil.which("setpriv"):
            self.skipTest("needs root and setpriv to become somebody else")
        as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", binary()]
        if subprocess.run([*as_nobody, "--version"], capture_output=True).returncode != 0:
            self.skipTest("somebody else may not run the binary here")
        os.chmod(self.folder, 0o755)
        run = lambda *a: subprocess.run([*as_nobody, *a], cwd=self.folder, env=self.environment, capture_output=True, text=True)
        for command in ("head", "verify", "release list", "environment list", "projection streams"):
            done = run(*command.split(), "--ledger", self.ledger, "-o", "json")
            self.assertEqual(done.returncode, DONE, done)
        self.assertIn('"key":"release/shop/0"', done.stdout)
        os.chmod(self.path("ro/evidence.key"), 0o644)
        self.assertEqual(run("append", "--ledger", self.ledger, "--type", "a.b").returncode, NOT_ALLOWED)
        os.chmod(self.path("ro/evidence.key"), 0o600)
        self.assertEqual(run("append", "--ledger", self.ledger, "--type", "a.b").returncode, NOT_ALLOWED)
        self.assertEqual(self.size(), 21)

    def test_odd_names_work_on_read_only_media_too(self):
        for name in ("with space.db", "a?b.db", "a#b.db", "100%.db", "ünï.db"):
            folder = self.path("ro")
            shutil.rmtree(folder)
            folder.mkdir()
            self.init(ledger=f"ro/{name}")
            self.ok("backup", "flat.db", ledger=f"ro/{name}")
            for path in folder.iterdir():
                path.unlink()
            os.rename(self.path("flat.db"), folder / name)
            with self.subTest(name):
                read_only(self, folder)
                self.assertEqual(self.size(ledger=f"ro/{name}"), 1)
                self.assert_sound(ledger=f"ro/{name}")
                subprocess.run(["umount", str(folder)], check=True)
