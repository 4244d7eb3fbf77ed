"""The steps of a train: how programs are run, what a soak and a verification take for proof."""
import json
import os
import signal
import time
import unittest

from scenario import wait_until
from shop import ROLLED_BACK, Shop, deed, is_gone, verify


class Commands(Shop):
    """How programs are run."""

    def setUp(self):
        super().setUp()
        self.configure(["cut", {"deploy": "stage"}])

    def set_up_stage(self, **members):
        self.config["environments"]["stage"].update(members)
        self.configure()

    def test_a_service_that_keeps_the_output_open_holds_nobody_up(self):
        self.hook("deploy", "stage", "setsid sleep 30 & echo $! > service")
        start = time.monotonic()
        self.train(timeout=15)
        self.assertLess(time.monotonic() - start, 10)
        service = int(self.path("service").read_text())
        self.assertFalse(is_gone(service), "the service was ended with its script")
        os.kill(service, signal.SIGKILL)

    def test_a_script_over_its_time_is_ended_with_its_children(self):
        self.set_up_stage(timeout="1s")
        self.hook("deploy", "stage", "trap 'echo TERM > told' TERM; sleep 60 & echo $! > child; wait; wait")
        result = self.train(code=ROLLED_BACK, timeout=30)
        self.assertIn("timed out", result.out)
        self.assertTrue(self.path("told").exists())
        child = int(self.path("child").read_text())
        self.assertTrue(wait_until(lambda: is_gone(child)))

    def test_a_script_that_does_not_listen_is_killed(self):
        self.set_up_stage(timeout="1s")
        self.hook("deploy", "stage", "echo $$ > self; trap '' TERM; sleep 60 & echo $! > child; "
                                     "while :; do sleep 1; done")
        result = self.train(code=ROLLED_BACK, timeout=30)
        self.assertIn("timed out", result.out)
        for name in ("self", "child"):
            process = int(self.path(name).read_text())
            self.assertTrue(wait_until(lambda: is_gone(process)), name)

    def test_output_is_kept(self):
        self.hook("deploy", "stage", "echo to out; echo to err >&2")
        self.train()
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))
        self.assertEqual(kept, {"output.txt": b"to out\n", "errors.txt": b"to err\n"})
        self.assert_sound()

    def test_output_by_the_names_of_the_streams_is_kept(self):
        self.hook("deploy", "stage", "echo one; echo two >/dev/stdout; echo three; "
                                     "echo four >&2; echo five >/dev/stderr; echo six >&2")
        self.train()
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))
        self.assertEqual(kept, {"output.txt": b"one\ntwo\nthree\n", "errors.txt": b"four\nfive\nsix\n"})

    def test_the_last_words_of_a_helper_are_kept(self):
        self.hook("deploy", "stage", "(sleep 0.05; echo late) & echo early")
        self.train()
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))
        self.assertEqual(kept, {"output.txt": b"early\nlate\n"})

    def test_much_output_is_capped_and_says_so(self):
        self.hook("deploy", "stage", "echo first; head -c 2999986 /dev/zero | tr '\\0' x; echo; echo last")
        self.train()
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))["output.txt"]
        self.assertLessEqual(len(kept), 1 << 20)
        self.assertTrue(kept.startswith(b"first\n") and kept.endswith(b"last\n"))
        self.assertIn(b"left out", kept)

    def test_secrets_are_masked_in_what_is_kept_and_what_is_shown(self):
        self.set_up_stage(secrets=["TOKEN"])
        self.hook("deploy", "stage", 'echo "with $TOKEN."; echo "err $TOKEN" >&2; exit 1')
        result = self.train(code=ROLLED_BACK, env={"TOKEN": "s3cr3t-value"})
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))
        self.assertEqual(kept, {"output.txt": b"with ***.\n", "errors.txt": b"err ***\n"})
        self.assertNotIn("s3cr3t", result.out + result.err)
        for file in self.folder.glob("evidence.db*"):
            self.assertNotIn(b"s3cr3t-value", file.read_bytes(), file)

    def test_each_line_of_a_secret_of_several_is_masked(self):
        self.set_up_stage(secrets=["KEY"])
        self.hook("deploy", "stage", 'echo "$KEY"; sleep 0.1; echo "$KEY" | tail -n 2')
        result = self.train(env={"KEY": "-----BEGIN-----\nAAAAB3NzaC1yc2E\nEAAAADAQABAAAB\n-----END-----"})
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))["output.txt"]
        self.assertEqual(kept, b"***\n***\n***\n")
        self.assertNotIn("AAAA", result.out + result.err)

    def test_a_secret_that_the_cap_cuts_in_two_is_masked_all_the_same(self):
        self.set_up_stage(secrets=["TOKEN"])
        self.hook("deploy", "stage", 'yes "$TOKEN" | tr -d "\\n" | head -c 9999986')
        self.train(env={"TOKEN": "abcdefghijklmnopqrs"})
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))["output.txt"]
        words = kept.replace(b"*", b"").split(b"\n[daybook")
        self.assertNotRegex(words[0], rb"[a-s]{4,}")
        self.assertNotRegex(words[1].split(b"left out]\n")[1], rb"[a-s]{4,}")

    def test_no_shell_reads_the_arguments(self):
        arguments = ["$(touch pwned)", "a b", '"quoted"', "it's", "`touch pwned`", "; touch pwned", "*", "$HOME", "", "-x"]
        self.script("ops/show", '#!/bin/sh\nfor a in "$@"; do printf "%s\\n" "$a"; done\n')
        self.set_up_stage(deploy=["./ops/show", *[a for a in arguments if a]])
        self.train()
        kept = self.attachments(self.last("0.1.0", "deployment.completed"))["output.txt"].decode()
        self.assertEqual(kept.splitlines(), [a for a in arguments if a])
        self.assertFalse(self.path("pwned").exists())

    def test_commands_are_told_all_about_it(self):
        commit = self.git("rev-parse", "HEAD")
        self.hook("deploy", "stage", "env | grep ^DAYBOOK_ | sort; pwd")
        self.train()
        lines = self.attachments(self.last("0.1.0", "deployment.completed"))["output.txt"].decode().splitlines()
        told = dict(line.split("=", 1) for line in lines[:-1])
        self.assertRegex(told.pop("DAYBOOK_IDEMPOTENCY_KEY"), "^[0-9a-f]{32}$")
        self.assertEqual(told, {
            "DAYBOOK_RELEASE": "release/shop/0.1.0", "DAYBOOK_VERSION": "0.1.0", "DAYBOOK_COMMIT": commit,
            "DAYBOOK_ENVIRONMENT": "stage", "DAYBOOK_STEP": "deploy stage", "DAYBOOK_ATTEMPT": "1"})
        self.assertEqual(lines[-1], str(self.folder))

    def test_a_program_that_is_not_there_is_said(self):
        self.set_up_stage(deploy=["./ops/none"])
        result = self.train(code=ROLLED_BACK)
        self.assertRegex(result.out, "could not be started|exit code 127")


class Soaking(Shop):
    def soak(self, **members):
        plan = {"environment": "stage", "for": "2s", "every": "1s", **members}
        self.configure(["cut", {"deploy": "stage"}, {"soak": plan}])

    def test_is_proved_by_samples(self):
        self.soak(watch=deed("watch", "stage"))
        start = time.monotonic()
        self.train()
        self.assertGreaterEqual(time.monotonic() - start, 2)
        samples = self.events("0.1.0", "soak.sampled")
        self.assertEqual([d["good"] for _, d in samples], [True] * len(samples))
        self.assertIn(len(samples), (3, 4))
        self.assertEqual(self.deeds().count("watch stage"), len(samples))
        done = self.last("0.1.0", "soak.completed")
        self.assertGreaterEqual(done["details"]["watchedseconds"], 2)
        self.assertEqual(done["outcome"], "passed")

    def test_what_fails_meanwhile_rolls_back(self):
        self.soak(watch=deed("watch", "stage"))
        self.hook("watch", "stage", '[ $(grep -c ^watch calls) -lt 2 ] || exit 5')
        result = self.train(code=ROLLED_BACK)
        self.assertIn("exit code 5", result.out)
        self.assertEqual(self.deeds(), ["deploy stage", "watch stage", "watch stage", "rollback stage"])
        self.assertEqual(self.last("0.1.0", "soak.completed")["outcome"], "failed")

    def test_a_gap_of_the_watch_extends_it(self):
        self.soak()
        runner = self.start("train", "run")
        self.assertTrue(wait_until(lambda: self.size() > 1 and "soak.sampled" in self.kinds("0.1.0")))
        runner.kill()
        runner.wait()
        before = len(self.events("0.1.0", "soak.sampled"))
        time.sleep(2.2)
        start = time.monotonic()
        self.train()
        self.assertGreaterEqual(time.monotonic() - start, 2 - 1 * (before - 1))
        self.assertGreaterEqual(self.last("0.1.0", "soak.completed")["details"]["watchedseconds"], 2)
        self.assertEqual(self.deeds(), ["deploy stage"], self.kinds("0.1.0"))

    def test_an_approval_while_it_soaks_is_taken(self):
        gated = [{"gate": ["approvals"]}, {"promote": "prod"}]
        self.soak()
        self.configure(self.config["train"] + gated)
        runner = self.start("train", "run")
        self.assertTrue(wait_until(lambda: self.size() > 1 and "soak.sampled" in self.kinds("0.1.0")))
        self.approve("0.1.0")
        result = self.finish(runner)
        self.assertEqual(result.code, 0, repr(result))
        self.assertEqual(self.runs("prod"), "0.1.0")

    def test_a_slow_watch_does_not_soak_for_ever(self):
        self.soak(**{"for": "1s"}, watch=deed("watch", "stage"))
        self.hook("watch", "stage", "sleep 1.2")
        runner = self.start("train", "run")
        self.assertTrue(wait_until(lambda: runner.poll() is not None, 12), "it still soaks")


class Verifying(Shop):
    """JUnit XML that shows nothing, or the wrong thing."""

    GOOD = '<testsuite><testcase name="up"/></testsuite>'

    def fails(self, hook, *says):
        self.configure(["cut", {"deploy": "stage"}, verify("stage")])
        self.hook("smoke", "stage", hook)
        self.train(code=ROLLED_BACK)
        data = self.last("0.1.0", "verification.completed")
        self.assertEqual(data["outcome"], "failed")
        for words in says:
            self.assertIn(words, data["reason"])
        return data

    def test_no_test(self):
        self.fails("report '<testsuite tests=\"5\"/>'; exit 0", "no test has run")

    def test_only_skipped(self):
        self.fails("report '<testsuite><testcase name=\"a\"><skipped/></testcase></testsuite>'; exit 0", "no test has run")

    def test_malformed(self):
        self.fails("report '<testsuite><testcase name=\"a\"/>'; exit 0", "smoke.xml", "not JUnit XML")

    def test_something_else(self):
        self.fails("report '<html><testcase name=\"a\"/></html>'; exit 0", "not JUnit XML")

    def test_an_empty_report(self):
        self.fails("report ''; exit 0", "not JUnit XML")

    def test_no_report(self):
        self.fails("exit 0", "no report at smoke.xml")

    def test_the_report_of_an_earlier_run(self):
        self.write("smoke.xml", self.GOOD)
        self.fails("exit 0", "no report")

    def test_failures_with_exit_code_0(self):
        data = self.fails("report '<testsuites><testsuite><testcase name=\"a\"/><testcase classname=\"c\" name=\"b\">"
                          "<failure/></testcase></testsuite></testsuites>'; exit 0", "1 of 2", "c.b")
        self.assertEqual((data["details"]["passed"], data["details"]["failed"]), (1, 1))
        self.assertIn(b"<failure/>", self.attachments(data)["junit.xml"])

    def test_errors_count_as_failures(self):
        self.fails("report '<testsuite><testcase name=\"b\"><error/></testcase></testsuite>'; exit 0", "1 of 1", "b")

    def test_exit_code_1_with_passing_tests(self):
        self.fails(f"report '{self.GOOD}'; exit 1", "tests pass", "exit code 1")

    def test_over_its_time(self):
        self.configure(["cut", {"deploy": "stage"}, verify("stage", timeout="1s")])
        self.hook("smoke", "stage", f"report '{self.GOOD}'; sleep 60")
        self.assertIn("timed out", self.train(code=ROLLED_BACK, timeout=30).out)

    def test_an_external_entity_is_not_read(self):
        self.write("passwords", "hunter2")
        xml = ('<!DOCTYPE testsuite [<!ENTITY x SYSTEM "passwords"><!ENTITY y SYSTEM "file://%s">]>'
               '<testsuite><testcase name="a">&x;&y;<failure>&x;&y;</failure></testcase></testsuite>'
               % self.path("passwords"))
        data = self.fails(f"cat > smoke.xml <<'END'\n{xml}\nEND\nexit 0")
        self.assertNotIn("hunter2", json.dumps(data))
        self.assertNotIn("hunter2", self.ok("log", "-o", "json").out)

    def test_a_bomb_of_entities_does_no_harm(self):
        entities = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
        xml = f'<!DOCTYPE t [<!ENTITY a0 "xxxxxxxxxx">{entities}]><testsuite><testcase name="a"/>&a9;</testsuite>'
        self.configure(["cut", {"deploy": "stage"}, verify("stage")])
        self.hook("smoke", "stage", f"cat > smoke.xml <<'END'\n{xml}\nEND\nexit 0")
        result = self.run_raw("train", "run", timeout=10)
        self.assertIn(result.code, (0, ROLLED_BACK), repr(result))


if __name__ == "__main__":
    unittest.main()
