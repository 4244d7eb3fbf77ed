"""Riding the train: from a revision to a promoted release, or back, with real commands."""
import os
import pty
import re
import subprocess
import termios
import unittest

from scenario import CONFLICT, NO_INPUT, binary, wait_until
from shop import FAILED, INCONCLUSIVE, OPEN_TRAIN, REFUSED, ROLLED_BACK, TRAIN, Shop, verify


class PushButton(Shop):
    def test_a_revision_rides_to_promoted_and_every_step_is_in_the_log_in_order(self):
        self.configure(OPEN_TRAIN)
        result = self.train()
        self.assertIn("completed", result.out)
        self.assertEqual(self.kinds("0.1.0"), [
            "release.cut", "train.started", "train.boarded",
            "step.intended", "deployment.completed", "step.intended", "verification.completed",
            "step.intended", "deployment.completed", "release.promoted", "step.intended", "verification.completed",
            "train.finished"])
        self.assertEqual(self.deeds(), ["deploy stage", "smoke stage", "deploy prod", "smoke prod"])
        intended = [data["idempotencykey"] for _, data in self.events("0.1.0", "step.intended")]
        self.assertEqual([key for _, _, key, _ in self.calls()], intended)
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("0.1.0", "0.1.0"))
        self.assertEqual(self.state("0.1.0")["state"], "promoted")
        self.assert_free()
        self.assert_sound()

    def test_a_ride_that_is_over_is_not_ridden_again(self):
        self.configure(OPEN_TRAIN)
        self.train()
        calls, size = self.calls(), self.size()
        for arguments in ([], ["0.1.0"]):
            self.assertIn("completed", self.train(*arguments).out)
            self.assertEqual((self.calls(), self.size()), (calls, size))

    def test_retry_sets_out_anew_with_other_keys(self):
        self.configure(OPEN_TRAIN)
        self.hook("smoke", "prod", "exit 1")
        self.train(code=ROLLED_BACK)
        self.train("0.1.0", code=ROLLED_BACK)
        self.assertEqual(self.deeds().count("deploy stage"), 1)
        self.unhook("smoke", "prod")
        self.train("0.1.0", "--retry")
        keys = [key for what, _, key, _ in self.calls() if what == "deploy"]
        self.assertEqual(len(keys), 4)
        self.assertEqual(len(set(keys)), 4)
        self.assertEqual((self.state("0.1.0")["state"], self.runs("prod")), ("promoted", "0.1.0"))

    def test_a_gate_that_refuses_holds_the_train_and_names_the_remedy(self):
        result = self.train(code=REFUSED)
        self.assertIn("daybook release approve", result.out)
        self.assertIn("approvals", result.out)
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("0.1.0", None))
        self.assertEqual(self.state("0.1.0")["state"], "held")
        self.assert_free()
        held = self.train("0.1.0", "-o", "json", code=REFUSED).json
        self.assertEqual(held["end"], "held")
        self.assertEqual(set(held["reasons"][0]), {"gate", "reason", "remedy"})
        self.approve("0.1.0")
        self.train("0.1.0")
        self.assertEqual(self.deeds(), ["deploy stage", "smoke stage", "deploy prod", "smoke prod"])
        self.assertEqual([d["outcome"] for _, d in self.events("0.1.0", "gate.evaluated")],
                         ["refused", "refused", "passed"])
        self.assert_sound()

    def test_a_gate_that_misses_something_ends_with_13(self):
        self.configure(["cut", {"gate": ["events"]}, *OPEN_TRAIN[1:]],
                       gates={"events": [{"type": "com.example.scan.completed", "data": {"result": "passed"}}]})
        result = self.train(code=INCONCLUSIVE)
        self.assertIn("daybook append --type com.example.scan.completed", result.out)
        self.assertEqual(self.calls(), [])
        self.append("--type", "com.example.scan.completed", "--subject", "release/shop/0.1.0",
                    "--data", '{"result":"passed"}')
        self.train("0.1.0")

    def test_a_smoke_test_that_fails_in_prod_rolls_prod_back_and_not_stage(self):
        self.configure(OPEN_TRAIN)
        self.hook("smoke", "prod", "exit 1")
        result = self.train(code=ROLLED_BACK)
        self.assertIn("rolledback", result.out)
        self.assertEqual(self.deeds()[-2:], ["smoke prod", "rollback prod"])
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("0.1.0", "before"))
        self.assertEqual(self.last("0.1.0", "train.finished")["end"], "rolledback")
        self.assertEqual(self.state("0.1.0")["state"], "rolledback")
        self.assert_free()
        self.assert_sound()

    def test_a_step_that_fails_before_anything_is_deployed_ends_with_1(self):
        self.configure(["cut", verify("stage"), {"deploy": "stage"}])
        self.hook("smoke", "stage", "exit 1")
        self.train(code=FAILED)
        self.assertEqual(self.deeds(), ["smoke stage"])
        self.assertEqual(self.last("0.1.0", "train.finished")["end"], "failed")

    def test_a_deploy_that_fails_half_way_is_rolled_back_and_goes_no_further(self):
        self.configure(OPEN_TRAIN)
        self.hook("deploy", "stage", "exit 3")
        result = self.train(code=ROLLED_BACK)
        self.assertIn("exit code 3", result.out)
        self.assertEqual(self.deeds(), ["deploy stage", "rollback stage"])

    def test_a_rollback_that_fails_is_tried_again_and_then_shouted_about(self):
        self.configure(OPEN_TRAIN)
        self.hook("smoke", "prod", "exit 1")
        self.hook("rollback", "prod", "exit 7")
        result = self.train(code=FAILED)
        self.assertIn("STUCK", result.out)
        self.assertIn("exit code 7", result.out)
        self.assertEqual([c[3] for c in self.calls() if c[0] == "rollback"], ["1", "2", "3"])
        self.assertEqual(self.state("0.1.0")["state"], "stuck")
        self.assert_one_deed_for_each_key()

    def test_a_rollback_that_works_at_last_is_a_rollback(self):
        self.configure(OPEN_TRAIN)
        self.hook("smoke", "prod", "exit 1")
        self.hook("rollback", "prod", '[ "$DAYBOOK_ATTEMPT" = 3 ] || exit 7')
        self.train(code=ROLLED_BACK)
        self.assertEqual(self.runs("prod"), "before")

    def test_services_go_in_order_and_back_in_reverse(self):
        self.configure(["cut", {"deploy": {"environment": "stage", "services": ["one", "two"]}}, verify("stage")],
                       services={"one": {}, "two": {}})
        self.hook("deploy", "stage", 'echo "+$DAYBOOK_SERVICE" >> order')
        self.hook("rollback", "stage", 'echo "-$DAYBOOK_SERVICE" >> order')
        self.hook("smoke", "stage", "exit 1")
        self.train(code=ROLLED_BACK)
        self.assertEqual(self.path("order").read_text().split(), ["+one", "+two", "-two", "-one"])

    def test_github_gets_a_summary(self):
        self.configure(OPEN_TRAIN)
        self.write("summary.md", "before\n")
        self.train(env={"GITHUB_STEP_SUMMARY": str(self.path("summary.md"))})
        text = self.path("summary.md").read_text()
        self.assertTrue(text.startswith("before\n"), text)
        self.assertIn("## release/shop/0.1.0: completed", text)
        self.assertRegex(text, r"\| deploy stage \| ✓ passed \| 0:0\d \| exit code 0 \|")
        self.configure(TRAIN)
        self.commit("fix: two")
        self.train(code=REFUSED, env={"GITHUB_STEP_SUMMARY": str(self.path("summary.md"))})
        text = self.path("summary.md").read_text()
        self.assertIn("| promote prod | · waiting |", text)
        self.assertIn("- `daybook release approve release/shop/0.1.1 --as NAME --key PATH`", text)

    def test_a_release_that_is_not_there_is_said(self):
        self.check_refusal(self.run_raw("train", "run", "9.9.9"), NO_INPUT, "9.9.9")
        self.assertEqual(self.size(), 1)

    def test_a_second_release_goes_after_the_first(self):
        self.configure(OPEN_TRAIN)
        self.train()
        self.commit("fix: more")
        self.train()
        self.assertEqual(self.runs("prod"), "0.1.1")
        self.assertEqual(self.environments()["prod"]["release"], "release/shop/0.1.1")


class Back(Shop):
    """Rolling back, aborting, cutting again in the middle."""

    def test_a_promoted_release_is_rolled_back_where_it_is_asked_for(self):
        self.configure(OPEN_TRAIN)
        self.train()
        result = self.run_coded("release", "rollback", "0.1.0", "--environment", "prod", "--reason", "slow",
                                code=ROLLED_BACK)
        self.assertIn("slow", result.out)
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("0.1.0", "before"))
        self.assertEqual(self.deeds()[-1], "rollback prod")
        self.assertEqual(self.state("0.1.0")["state"], "rolledback")
        self.assert_free()
        self.assert_sound()

    def test_a_rollback_names_what_is_wrong(self):
        self.train(code=REFUSED)
        rollback = ["release", "rollback", "0.1.0", "--reason", "x", "--environment"]
        self.check_refusal(self.run_raw(*rollback, "prod"), NO_INPUT, "never deployed to prod")
        self.check_refusal(self.run_raw(*rollback, "moon"), 64, ["moon", "stage", "prod"])

    def test_a_rollback_of_a_held_release_goes_back_and_not_on(self):
        self.train(code=REFUSED)
        self.approve("0.1.0")
        self.run_coded("release", "rollback", "0.1.0", "--environment", "stage", "--reason", "no", code=ROLLED_BACK)
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("before", None))

    def test_a_release_that_runs_there_no_more_is_not_rolled_back(self):
        self.configure(OPEN_TRAIN)
        self.train()
        self.commit()
        self.train()
        result = self.run_raw("release", "rollback", "0.1.0", "--environment", "prod", "--reason", "late")
        self.assertNotIn(result.code, (0, ROLLED_BACK), repr(result))
        self.assertIn("0.1.1", result.out + result.err)
        self.assertEqual(self.runs("prod"), "0.1.1")

    def test_an_abort_while_held_goes_back_at_the_next_ride(self):
        self.train(code=REFUSED)
        self.run_coded("train", "abort", "0.1.0", "--reason", "wrong artifact")
        self.approve("0.1.0")
        self.assertIn("wrong artifact", self.train("0.1.0", code=ROLLED_BACK).out)
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("before", None))

    def test_an_abort_while_it_rides_goes_back(self):
        self.configure(OPEN_TRAIN)
        self.hook("smoke", "stage", "touch smoking; while ! [ -f go ]; do sleep 0.02; done")
        runner = self.start("train", "run")
        self.assertTrue(wait_until(self.path("smoking").exists))
        self.run_coded("train", "abort", "0.1.0", "--reason", "enough")
        self.write("go", "")
        result = self.finish(runner)
        self.assertEqual(result.code, ROLLED_BACK, repr(result))
        self.assertEqual((self.runs("stage"), self.runs("prod")), ("before", None))
        self.assert_sound()

    def test_an_abort_of_what_does_not_ride_is_refused(self):
        self.configure(OPEN_TRAIN)
        self.cut()
        self.check_refusal(self.run_raw("train", "abort", "0.1.0", "--reason", "x"), NO_INPUT, "rides no train")
        self.train("0.1.0")
        self.check_refusal(self.run_raw("train", "abort", "0.1.0", "--reason", "x"), NO_INPUT, "rides no train")

    def test_a_new_cut_in_mid_ride_does_not_ride_on_the_approval_of_the_old(self):
        gates = {**self.config["gates"], "events": [{"type": "com.example.go"}]}
        self.configure(["cut", {"gate": ["approvals"]}, {"deploy": "stage"}, {"gate": ["events"]}, {"promote": "prod"}],
                       gates=gates)
        version, _ = self.cut()
        self.approve(version)
        self.train(version, code=INCONCLUSIVE)
        self.write("shop.tar", "another thing")
        self.cut("--again", "--artifact", "shop.tar=shop.tar")
        self.append("--type", "com.example.go", "--subject", f"release/shop/{version}")
        result = self.run_raw("train", "run", version)
        self.assertNotEqual(result.code, 0, repr(result))
        self.assertIsNone(self.runs("prod"), "what nobody has approved is in prod")


class Overtaken(Shop):
    """A release that a gate held, while another went by."""

    def hold_and_pass(self, train=None):
        """0.1.0 is held; 0.1.1 rides by it. Where the calls of the second end."""
        self.configure(train or TRAIN)
        self.train(code=REFUSED)
        self.commit("fix: two")
        self.configure(train and [step for step in train if "gate" not in step] or OPEN_TRAIN)
        self.train()
        self.configure(train or TRAIN)
        return len(self.calls())

    def test_an_older_release_does_not_take_the_place_of_a_newer(self):
        before = self.hold_and_pass()
        self.approve("0.1.0")
        result = self.train("0.1.0", code=CONFLICT)
        for word in ("prod runs release/shop/0.1.1", "newer", "daybook train run shop/0.1.0 --downgrade"):
            self.assertIn(word, result.out)
        self.assertEqual(len(self.calls()), before)
        self.assertEqual(self.runs("prod"), "0.1.1")
        self.assert_free()
        self.train("shop/0.1.0", "--downgrade")
        self.assertEqual(self.runs("prod"), "0.1.0")
        self.assert_sound()

    def test_a_newer_release_goes_past_an_older(self):
        self.configure(OPEN_TRAIN)
        self.train()
        self.commit("fix: two")
        self.train()
        self.assertEqual(self.runs("prod"), "0.1.1")

    def test_after_a_rollback_of_the_newer_the_older_may_go(self):
        self.hold_and_pass()
        self.run_coded("release", "rollback", "0.1.1", "--environment", "prod", "--reason", "slow",
                       code=ROLLED_BACK)
        self.approve("0.1.0")
        self.train("0.1.0")
        self.assertEqual(self.runs("prod"), "0.1.0")

    def test_what_is_seen_of_another_is_no_evidence(self):
        train = ["cut", {"deploy": "stage"}, {"gate": ["approvals"]}, verify("stage"), {"promote": "prod"}]
        self.hold_and_pass([step for step in train if step != {"promote": "prod"}])
        self.approve("0.1.0")
        result = self.train("0.1.0", code=CONFLICT)
        self.assertIn("stage runs release/shop/0.1.1 meanwhile, and verify stage would look at that", result.out)
        self.train("shop/0.1.0", "--retry", "--downgrade")
        self.assertEqual(self.runs("stage"), "0.1.0")

    def test_an_abort_leaves_another_where_it_is(self):
        before = self.hold_and_pass()
        self.run_coded("train", "abort", "0.1.0", "--reason", "not this one")
        result = self.train("0.1.0", code=FAILED)
        self.assertIn("stage runs release/shop/0.1.1 and is left as it is", result.out)
        self.assertEqual((len(self.calls()), self.runs("stage")), (before, "0.1.1"))
        self.assert_free()


class Screen:
    """As much of a terminal as it takes: lines, up, carriage return, clear below, colours."""

    def __init__(self, columns):
        self.lines, self.row, self.columns = [""], 0, columns

    def write(self, text):
        for up, clear, colour, text in re.findall(r"\x1b\[(\d+)A|(\x1b\[J)|(\x1b\[[\d;]*m)|([^\x1b]+)", text):
            if up:
                self.row = max(0, self.row - int(up))
            elif clear:
                del self.lines[self.row:]
                self.lines.append("")
            for character in text:
                if character == "\n":
                    self.row += 1
                    if self.row == len(self.lines):
                        self.lines.append("")
                elif character != "\r":
                    self.lines[self.row] += character


class Views(Shop):
    def test_lists_and_states(self):
        self.configure(OPEN_TRAIN)
        self.train()
        self.commit()
        self.hook("smoke", "prod", "exit 1")
        self.train(code=ROLLED_BACK)
        releases = {r["release"]: r for r in self.run_coded("release", "list", "-o", "json").lines}
        self.assertEqual({name: r["state"] for name, r in releases.items()},
                         {"release/shop/0.1.0": "promoted", "release/shop/0.1.1": "rolledback"})
        environments = self.environments()
        self.assertEqual({name: e["release"] for name, e in environments.items()},
                         {"prod": "release/shop/0.1.0", "stage": "release/shop/0.1.1"})
        for words in (["release/shop/0.1.0", "promoted"], ["release/shop/0.1.1", "rolledback"]):
            self.assertTrue(any(all(w in line for w in words)
                                for line in self.run_coded("release", "list").out.splitlines()), words)
        table = self.run_coded("environment", "list").out.splitlines()
        self.assertTrue(any("prod" in line and "release/shop/0.1.0" in line for line in table), table)

    def test_status_shows_the_steps(self):
        self.train(code=REFUSED)
        for command in (["train", "status"], ["release", "status"]):
            status = self.run_coded(*command, "0.1.0", "-o", "json").json
            self.assertEqual((status["release"], status["version"], status["state"]),
                             ("release/shop/0.1.0", "0.1.0", "held"))
            self.assertEqual([(s["name"], s["state"]) for s in status["steps"]], [
                ("cut", "passed"), ("deploy stage", "passed"), ("verify stage", "passed"),
                ("gate approvals, verification", "refused"), ("promote prod", "waiting"), ("verify prod", "waiting")])
            text = self.run_coded(*command, "0.1.0").out
            self.assertIn("gate approvals, verification: refused", text)
            self.assertIn("held", text)

    def on_a_terminal(self, *arguments, **variables):
        """All that a ride writes to a terminal of 60 columns."""
        here, there = pty.openpty()
        termios.tcsetwinsize(there, (24, 60))
        process = subprocess.Popen([binary(), "train", "run", *arguments], cwd=self.folder, stdin=subprocess.DEVNULL,
                                   stdout=there, stderr=there, env={**self.environment, "TERM": "xterm", **variables})
        os.close(there)
        written = b""
        while True:
            try:
                part = os.read(here, 65536)
            except OSError:  # how Linux tells the end
                break
            if not part:
                break
            written += part
        os.close(here)
        self.assertEqual(process.wait(), 0, written)
        return written.decode().replace("\r\n", "\n")

    def test_the_steps_are_drawn_in_place_on_a_terminal(self):
        self.configure(OPEN_TRAIN)
        self.hook("deploy", "stage", "echo line one; sleep 1.2; echo line two")
        written = self.on_a_terminal()
        screen = Screen(60)
        screen.write(written)
        for step in ("cut", "deploy stage", "verify stage", "promote prod", "verify prod"):
            drawn = [line for line in screen.lines if line.startswith(f"✓ {step}")]
            self.assertEqual(len(drawn), 1, screen.lines)
        self.assertIn("▸ deploy stage  0:01", written)
        self.assertLess(screen.lines.index("    line one"), screen.lines.index("    line two"))
        self.assertFalse([line for line in screen.lines if len(line) > 60])

    def test_a_terminal_that_cannot_draw_gets_plain_lines(self):
        self.configure(OPEN_TRAIN)
        written = self.on_a_terminal(TERM="dumb")
        self.assertNotIn("\x1b", written)
        self.assertIn("deploy stage: begins", written)

    def test_a_holder_is_shown_while_it_rides(self):
        self.configure(OPEN_TRAIN)
        self.hook("deploy", "stage", "touch deploying; while ! [ -f go ]; do sleep 0.02; done")
        runner = self.start("train", "run")
        self.assertTrue(wait_until(self.path("deploying").exists))
        self.assertEqual(self.environments()["stage"]["holder"], "release/shop/0.1.0")
        self.assertEqual(self.state("0.1.0")["state"], "riding")
        self.write("go", "")
        self.assertEqual(self.finish(runner).code, 0)
        self.assert_free()


if __name__ == "__main__":
    unittest.main()
