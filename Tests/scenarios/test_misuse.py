"""Outputs that fail, odd names, files that are in the way, keys that do not fit, and help."""
import fcntl
import os
import shutil
import signal
import subprocess

from scenario import BAD_INPUT, BUSY, IO_ERROR, NOT_ALLOWED, NO_INPUT, ORIGIN, USAGE, Scenario, binary

COMMANDS = ("init", "append", "log", "show", "head", "checkpoint", "prove", "verify", "attach", "cat", "seal", "backup",
            "restore", "projection")


class Output(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(50)
        self.write("f", "x" * 100_000)
        self.digest = self.ok("attach", "f").out.strip()

    def test_a_full_standard_output_is_an_io_error_for_every_command(self):
        commands = [["append", "--type", "a.b"], ["log"], ["log", "-o", "json"], ["show", "1"], ["head"], ["checkpoint"],
                    ["prove", "1"], ["verify"], ["verify", "-o", "json"], ["attach", "f"], ["cat", self.digest],
                    ["backup", "b.db"], ["projection", "streams"], ["append", "--batch", "b.jsonl", "-o", "json"],
                    ["init", "--origin", ORIGIN]]
        self.write("b.jsonl", '{"specversion":"1.0","id":"b","source":"//b","type":"x"}')
        for command in commands:
            ledger = "new.db" if command[0] == "init" else None
            with self.subTest(command), open("/dev/full", "wb") as full:
                result = self.run_daybook(*command, ledger=ledger, stdout=full)
                self.assertEqual(result.code, IO_ERROR, repr(result))
                self.assertIn("standard output", result.err)
        self.assert_sound()

    def test_a_full_standard_output_hides_no_findings_and_no_refusal(self):
        with open("/dev/full", "wb") as full:
            result = self.run_daybook("append", "--type", "a.b", "--data", "{", stdout=full)
            self.assertEqual(result.code, BAD_INPUT, repr(result))

    def test_a_closed_standard_output_is_no_success(self):
        for command in (["append", "--type", "a.b"], ["log"], ["verify"]):
            with self.subTest(command):
                result = self.run_daybook(*command, stdout=None, preexec_fn=lambda: os.close(1))
                self.assertEqual(result.code, IO_ERROR, repr(result))
        self.assert_sound()

    def test_a_reader_that_goes_away_ends_it_quietly(self):
        self.fill(3000, start=1000)
        for sigpipe in (signal.SIG_DFL, signal.SIG_IGN):
            with self.subTest(sigpipe):
                process = subprocess.Popen(
                    [binary(), "log", "--ledger", "evidence.db", "-o", "json"], stdout=subprocess.PIPE, restore_signals=False,
                    stderr=subprocess.PIPE, cwd=self.folder, env=self.environment,
                    preexec_fn=lambda: signal.signal(signal.SIGPIPE, sigpipe))
                process.stdout.read(100)
                process.stdout.close()
                errors = process.stderr.read()
                process.stderr.close()
                self.assertIn(process.wait(10), (-signal.SIGPIPE, IO_ERROR), errors)
                self.assertLess(len(errors), 200)

    def test_no_colour_where_there_is_no_terminal(self):
        for command in (["log"], ["verify"], ["head"]):
            self.assertNotIn("\x1b", self.ok(*command).out)

    def test_colour_on_a_terminal_unless_told_otherwise(self):
        def on_terminal(command, **env):
            import pty
            master, slave = pty.openpty()
            with subprocess.Popen([binary(), *command, "--ledger", "evidence.db"], stdin=slave, stdout=slave, stderr=slave,
                                  cwd=self.folder, env={**self.environment, "TERM": "xterm", **env}) as process:
                os.close(slave)
                out = b""
                try:
                    while block := os.read(master, 65536):
                        out += block
                except OSError:
                    pass
                os.close(master)
            self.assertEqual(process.returncode, 0, out)
            return out.decode()
        self.assertIn("\x1b[", on_terminal(["verify"]))
        self.assertIn("\x1b[", on_terminal(["log"]))
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b[3", on_terminal(["verify"], **env))
            self.assertNotIn("\x1b[1m", on_terminal(["log"], **env))
        self.assertIn("position", on_terminal(["log"], NO_COLOR="1").splitlines()[0])

    def test_a_bad_output_format_is_a_usage_error(self):
        for value in ("xml", "", "JSON"):
            self.refused(USAGE, "head", "-o", value)


class Help(Scenario):
    def test_every_command_helps_with_an_example(self):
        for command in COMMANDS:
            result = self.run_raw(command, "--help")
            self.assertEqual(result.code, 0, repr(result))
            text = " ".join(result.out.split("USAGE:")[0].split())
            self.assertIn(f"daybook {command}", text, f"{command} --help shows no example")
        self.assertEqual(self.run_raw("--help").code, 0)
        self.assertRegex(self.run_raw("--version").out, r"^\d+\.\d+\.\d+")

    def test_the_list_of_commands_here_is_complete(self):
        out = self.run_raw("--help").out.split("SUBCOMMANDS:")[1]
        found = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and line[2] != " "]
        # Those of two words have scenarios of their own.
        groups = {"bundle", "canary", "config", "environment", "gate", "migration", "override", "reconcile", "release",
                  "slo", "train"}
        self.assertEqual(set(found) - {"See", "help"} - groups, set(COMMANDS))

    def test_completions_for_three_shells(self):
        for shell in ("bash", "zsh", "fish"):
            result = self.run_raw("--generate-completion-script", shell)
            self.assertEqual(result.code, 0, repr(result))
            self.assertIn("checkpoint", result.out)
            if shutil.which(shell):
                self.write("script", result.raw)
                subprocess.run([shell, "-n", str(self.path("script"))], check=True, capture_output=True)
        self.assertEqual(self.run_raw("--generate-completion-script", "tcsh").code, USAGE)

    def test_what_it_does_not_know_is_a_usage_error(self):
        for arguments in (["frobnicate"], ["--frobnicate"], ["head", "--frobnicate"], ["head", "extra"], ["log", "--last"],
                          ["show"], ["cat"], ["attach"], ["backup"], ["verify", "x"], ["projection"]):
            with self.subTest(arguments):
                self.check_refusal(self.run_raw(*arguments, env={"DAYBOOK_LEDGER": "x.db"}), USAGE)


class Names(Scenario):
    def test_ledgers_with_odd_names_work(self):
        for name in ("with space.db", "a?b=1.db", "a#b.db", "100%.db", "%41.db", "ünï – ✓.db", "file:x.db", ":memory:",
                     "a'b\"c.db", "a\\b.db", "noextension", "two.dots.db", "-dash.db", "x.key", "a;b&c.db", "a\nb.db",
                     "./rel.db", "sub/../up.db", "*.db"):
            os.makedirs(self.path("sub"), exist_ok=True)
            with self.subTest(name):
                option = f"--ledger={name}"
                for command in (["init", "--origin", ORIGIN], ["append", "--type", "a.b"], ["head"], ["verify"],
                                ["prove", "1"]):
                    result = self.run_raw(command[0], option, *command[1:])
                    self.assertEqual(result.code, 0, repr(result))
                self.assertTrue(self.path(name).is_file(), os.listdir(self.folder))
                self.assertEqual(self.run_raw("verify", option, "-o", "json").json["size"], 2)

    def test_a_ledger_reached_by_a_link_is_the_same_ledger(self):
        os.makedirs(self.path("data"))
        self.init(ledger="data/real.db")
        self.path("link.db").symlink_to("data/real.db")
        for number in range(3):
            self.append("--key", "data/real.key", ledger="link.db")
            self.append(ledger="data/real.db")
        self.assertEqual(self.size(ledger="link.db"), 7)
        self.assert_sound(ledger="link.db")
        self.assertTrue(self.path("link.db").is_symlink())

    def test_writers_by_a_link_and_by_the_file_queue_together(self):
        os.makedirs(self.path("data"))
        self.init(ledger="data/real.db")
        self.path("link.db").symlink_to("data/real.db")
        self.append(ledger="data/real.db")
        with open(self.path("data/real.db-lock"), "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused(BUSY, "append", "--type", "a.b", "--wait", "0", "--key", "data/real.key", ledger="link.db")

    def test_relative_paths_start_from_the_working_directory(self):
        self.init()
        os.makedirs(self.path("a/b"))
        self.assertEqual(self.run_raw("head", "--ledger", "../../evidence.db", "-o", "json", cwd=self.path("a/b")).json["size"], 1)

    def test_what_is_no_ordinary_file_is_refused_and_never_waited_for(self):
        os.mkfifo(self.path("pipe"))
        self.init()
        for name in (".", "pipe", "/dev/null", "/dev/zero", "no/such", "evidence.db/x", "x" * 5000):
            for command in (["head"], ["verify"], ["append", "--type", "a.b", "--key", "evidence.key"]):
                with self.subTest(name=name[:20], command=command[0]):
                    try:
                        result = self.run_daybook(*command, ledger=name, timeout=3)
                    except subprocess.TimeoutExpired:
                        self.fail("it hangs")
                    self.assertIn(result.code, (11, BAD_INPUT, NO_INPUT, IO_ERROR), repr(result))
        self.refused(USAGE, "head", "--ledger=")


class Keys(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_another_ledgers_key_does_not_sign_here(self):
        self.init(ledger="other.db")
        for command in (["append", "--type", "a.b"], ["attach", "other.key"]):
            self.refused(NOT_ALLOWED, *command, "--key", "other.key", says=["key", "evidence.db"])
        self.assertEqual(self.size(), 1)

    def test_a_missing_key_is_named_with_the_way_out(self):
        os.rename(self.path("evidence.key"), self.path("away.key"))
        self.refused(NO_INPUT, "append", "--type", "a.b", says=["evidence.key", "--key"])
        self.append("--key", "away.key")

    def test_a_key_that_others_can_read_is_warned_of(self):
        for mode in (0o640, 0o604, 0o666):
            os.chmod(self.path("evidence.key"), mode)
            result = self.ok("append", "--type", "a.b", "-o", "json")
            self.assertIn("chmod 600", result.err)
            self.assertFalse(result.json["duplicate"])
        os.chmod(self.path("evidence.key"), 0o600)
        self.assertEqual(self.ok("append", "--type", "a.b").err, "")

    def test_an_encrypted_or_broken_key_is_bad_input(self):
        subprocess.run(["openssl", "pkey", "-aes256", "-passout", "pass:x", "-in", self.path("evidence.key"), "-out",
                        self.path("locked.key")], check=True)
        self.write("broken.key", self.path("evidence.key").read_bytes()[:-30])
        for name in ("locked.key", "broken.key", "evidence.db"):
            self.refused(BAD_INPUT, "append", "--type", "a.b", "--key", name, says=name, timeout=10, start_new_session=True)

    def test_a_key_that_is_a_folder_or_device_is_an_error(self):
        for name in (".", "/dev/null", "/dev/zero"):
            result = self.run_daybook("append", "--type", "a.b", "--key", name, timeout=10)
            self.assertIn(result.code, (BAD_INPUT, IO_ERROR), repr(result))
