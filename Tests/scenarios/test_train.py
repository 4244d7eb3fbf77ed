"""Riding the train: from a revision to a promoted release, or back, with real commands."""
import json
import os
import random
import signal
import time
import unittest

from scenario import BUSY, NO_INPUT, wait_until
from shop import FAILED, INCONCLUSIVE, KILL_ONCE, OPEN_TRAIN, REFUSED, ROLLED_BACK, Shop, deed, is_gone, verify

SEED = int(os.environ.get("DAYBOOK_TEST_SEED") or random.randrange(1 << 32))


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
        self.assertIn("release/shop/0.1.0", text)
        self.assertIn("completed", text)

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


class Killed(Shop):
    """Runners that die at any moment, by SIGKILL, and others that go on from the log."""

    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)

    def assert_all_good(self, prod="0.1.0"):
        self.assertEqual(self.runs("prod"), prod)
        calls = self.assert_one_deed_for_each_key()
        intended = [d["idempotencykey"] for _, d in self.events("0.1.0", "step.intended")]
        self.assertEqual(len(intended), len(set(intended)), "an intent was written twice")
        self.assertEqual({c[2] for c in calls}, set(intended))
        kinds = [k for k in self.kinds("0.1.0") if k != "train.boarded"]
        self.assertEqual(kinds.count("train.finished"), 1)
        self.assert_free()
        self.assert_sound()
        return kinds

    def whole(self):
        return ["release.cut", "train.started", "step.intended", "deployment.completed", "step.intended",
                "verification.completed", "step.intended", "deployment.completed", "release.promoted", "step.intended",
                "verification.completed", "train.finished"]

    def test_before_and_after_every_effect(self):
        effects = {"deploy": 'echo "$DAYBOOK_VERSION" > run-$2', "smoke": "report '<testsuite><testcase/></testsuite>'"}
        for what in ("deploy", "smoke"):
            for where in ("stage", "prod"):
                for effect in ("", effects[what]):
                    with self.subTest(what=what, where=where, effect=effect):
                        self.doCleanups()
                        self.setUp()
                        self.hook(what, where, effect + "\n" + KILL_ONCE)
                        self.train(code=-signal.SIGKILL)
                        self.assertEqual(self.deeds()[-1], f"{what} {where}")
                        self.train()
                        self.assertEqual(self.assert_all_good(), self.whole())
                        self.assertEqual(self.deeds().count(f"{what} {where}"), 2)

    def test_in_the_rollback(self):
        self.hook("smoke", "prod", "exit 1")
        for effect in ("", "echo before > run-prod\n"):
            with self.subTest(effect):
                self.hook("rollback", "prod", effect + KILL_ONCE)
                self.train(code=-signal.SIGKILL)
                self.train(code=ROLLED_BACK)
                self.assert_all_good(prod="before")
                self.doCleanups()
                self.setUp()
                self.hook("smoke", "prod", "exit 1")

    def test_at_random_moments(self):
        print(f"DAYBOOK_TEST_SEED={SEED}")
        chance = random.Random(SEED)
        for what in ("deploy", "smoke"):
            for where in ("stage", "prod"):
                self.hook(what, where, "sleep 0.03")
        for kill in range(14):
            runner = self.start("train", "run")
            time.sleep(chance.uniform(0, 0.25) if kill % 3 else chance.uniform(0, 0.06))
            runner.kill()
            runner.wait()
        result = self.train()
        self.assertIn("completed", result.out, f"seed {SEED}")
        self.assertEqual(self.assert_all_good(), self.whole(), f"seed {SEED}")

    def test_at_random_moments_of_a_ride_that_goes_back(self):
        print(f"DAYBOOK_TEST_SEED={SEED}")
        chance = random.Random(SEED + 1)
        self.hook("smoke", "prod", "sleep 0.02; exit 1")
        for where in ("stage", "prod"):
            self.hook("rollback", where, '[ "$DAYBOOK_ATTEMPT" = 2 ] || exit 7')
        for _ in range(8):
            runner = self.start("train", "run")
            time.sleep(chance.uniform(0, 0.2))
            runner.kill()
            runner.wait()
        self.train(code=ROLLED_BACK)
        kinds = self.assert_all_good(prod="before")
        self.assertEqual(kinds[-5:], ["step.intended", "rollback.completed", "step.intended", "rollback.completed",
                                      "train.finished"], f"seed {SEED}")
        self.assertEqual(self.runs("stage"), "0.1.0")

    def test_in_a_soak_and_at_a_gate(self):
        soak = {"soak": {"environment": "stage", "for": "1s", "every": "1s", "watch": deed("watch", "stage")}}
        self.configure(["cut", {"deploy": "stage"}, soak, {"gate": ["approvals"]}, {"promote": "prod"}])
        self.hook("watch", "stage", KILL_ONCE)
        self.train(code=-signal.SIGKILL)
        self.train(code=REFUSED)
        self.approve("0.1.0")
        self.hook("deploy", "prod", KILL_ONCE)
        self.path("killed").unlink()
        self.train(code=-signal.SIGKILL)
        self.train()
        self.assertEqual(self.deeds().count("deploy stage"), 1)
        self.assertEqual([d["outcome"] for _, d in self.events("0.1.0", "gate.evaluated")], ["refused", "passed"])
        self.assert_all_good_but_watch()

    def assert_all_good_but_watch(self):
        self.path("calls").write_text("".join(
            " ".join(call) + "\n" for call in self.calls() if call[0] != "watch"))
        self.assert_all_good()

    def test_another_release_does_not_take_the_environment_of_a_dead_ride_unless_told(self):
        self.hook("deploy", "prod", KILL_ONCE)
        self.train(code=-signal.SIGKILL)
        self.commit()
        result = self.run_raw("train", "run")
        self.assertEqual(result.code, BUSY, repr(result))
        self.assertIn("release/shop/0.1.0", result.out + result.err)
        self.train("0.1.1", "--take-over")

    def test_a_child_that_is_killed_is_a_failed_step(self):
        self.hook("deploy", "prod", "kill -9 $$")
        result = self.train(code=ROLLED_BACK)
        self.assertIn("signal 9", result.out)
        self.assertEqual(self.deeds()[-2:], ["deploy prod", "rollback prod"])

    def test_a_runner_that_is_told_to_stop_tells_its_children_and_is_resumed(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.doCleanups()
                self.setUp()
                self.hook("deploy", "prod", "trap 'echo TERM > told; exit 143' TERM; touch deploying; "
                                            "while ! [ -f go ]; do sleep 0.02; done; trap - TERM")
                runner = self.start("train", "run")
                self.assertTrue(wait_until(self.path("deploying").exists))
                runner.send_signal(number)
                result = self.finish(runner, timeout=8)
                self.assertNotEqual(result.code, 0, repr(result))
                self.assertTrue(self.path("told").exists(), "its child was not told")
                self.assertNotIn("rollback prod", self.deeds())
                self.write("go", "")
                self.train()
                self.assertEqual(self.assert_all_good(), self.whole())


class TwoRunners(Shop):
    HOLD = "touch deploying; while ! [ -f go ]; do sleep 0.02; done"

    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)

    def test_of_one_release_one_rides_and_the_other_names_it(self):
        version, _ = self.cut()
        self.hook("deploy", "stage", self.HOLD)
        runner = self.start("train", "run", version)
        self.assertTrue(wait_until(self.path("deploying").exists))
        result = self.train(version, code=BUSY)
        self.assertIn(str(runner.pid), result.out + result.err)
        self.assertIn("--take-over", result.out + result.err)
        self.write("go", "")
        self.assertEqual(self.finish(runner).code, 0)
        self.assertEqual(self.deeds().count("deploy stage"), 1)
        self.assert_free()

    def test_of_two_releases_one_rides_and_the_other_names_it(self):
        self.cut()
        self.commit()
        self.cut()
        self.hook("deploy", "stage", self.HOLD)
        runner = self.start("train", "run", "0.1.0")
        self.assertTrue(wait_until(self.path("deploying").exists))
        result = self.train("0.1.1", code=BUSY)
        self.assertIn("release/shop/0.1.0", result.out + result.err)
        self.assertNotIn("train.started", self.kinds("0.1.1"))
        self.write("go", "")
        self.assertEqual(self.finish(runner).code, 0)
        self.train("0.1.1")
        self.assertEqual(self.runs("prod"), "0.1.1")

    def test_at_the_same_instant_nothing_is_done_twice(self):
        self.hook("deploy", "stage", "sleep 0.4")
        for round in range(3):
            with self.subTest(round):
                self.commit(f"fix: {round}")
                version, _ = self.cut()
                runners = [self.start("train", "run", version) for _ in range(3)]
                results = [self.finish(runner) for runner in runners]
                codes = sorted(result.code for result in results)
                self.assertEqual(codes, [0, BUSY, BUSY], results)
                self.assertEqual(self.kinds(version).count("train.boarded"), 1)
                self.assertEqual(len(self.calls()), len(set(self.calls())))
                self.assert_free()
        self.assert_sound()

    def test_a_holder_of_another_host_needs_to_be_taken_over(self):
        version, _ = self.cut()
        claim = {"environment": "stage", "release": "release/shop/9.9.9",
                 "runner": {"host": "elsewhere", "process": 1, "started": "1"}}
        self.append("--type", "dev.daybook.environment.claimed.v1", "--subject", "environment/stage", "--data",
                    json.dumps(claim))
        result = self.train(version, code=BUSY)
        for word in ("elsewhere", "release/shop/9.9.9", "--take-over"):
            self.assertIn(word, result.out + result.err)
        self.assertEqual(self.calls(), [])
        self.train(version, "--take-over")
        self.assert_free()


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

    def test_a_secret_that_the_cap_cuts_in_two_is_masked_all_the_same(self):
        self.set_up_stage(secrets=["TOKEN"])
        self.hook("deploy", "stage", 'yes "$TOKEN" | tr -d "\\n" | head -c 2999986')
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
