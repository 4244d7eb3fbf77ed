"""Runners that die at any moment, and runners that meet: what has been done goes on from the log, once."""
import json
import os
import random
import signal
import time
import unittest

from scenario import BUSY, wait_until
from shop import KILL_ONCE, OPEN_TRAIN, REFUSED, ROLLED_BACK, Shop, deed

SEED = int(os.environ.get("DAYBOOK_TEST_SEED") or random.randrange(1 << 32))


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


if __name__ == "__main__":
    unittest.main()
