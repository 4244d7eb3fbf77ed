"""Canaries in a real stage: HAProxy shares the traffic, Prometheus measures, faults are injected over HTTP."""
import time
import unittest

from shop import FAILED, INCONCLUSIVE, ROLLED_BACK
from stage import *


class HealthyCanaries(Canary):
    def test_a_healthy_canary_passes_and_the_traffic_is_as_before(self):
        self.train()
        self.assert_traffic_is_stable()
        verdict = self.verdict("0.1.0")
        self.assertEqual(verdict["decision"], "pass")
        self.assertEqual({c["verdict"] for c in verdict["checks"]}, {"not worse"})
        shares = [d["details"]["percent"] for _, d in self.events("0.1.0", "canary.routed")]
        self.assertEqual(shares, [0, 20, 50, 0])
        looks = self.looks("0.1.0")
        self.assertEqual(looks, list(range(len(looks))))
        self.assertIn("come out the same", self.run_coded("verify", "--canaries").out)
        replay = self.run_coded("canary", "replay", "0.1.0", "-o", "json").json
        self.assertEqual((replay["differences"], replay["verdicts"]), ([], len(looks)))
        page = self.run_coded("canary", "report", "0.1.0").out
        self.assertIn("<svg", page)
        for other in ("http://", "https://", "<script", "src=", "url("):
            self.assertNotIn(other, page)
        for _, data in self.events("0.1.0", "canary.measured"):
            evidence = self.attachments(data)["look.json"]
            self.assertIn(b'"format":"dev.daybook.canary.look/1"', evidence)

    def test_a_forged_verdict_is_noticed_by_a_replay(self):
        self.setup(steps=["50% for 2s"], requests=1_000_000, inconclusive="rollback")
        self.train(code=ROLLED_BACK)
        data = self.verdict("0.1.0")
        data.update(decision="pass", outcome="passed", reason="all is well")
        self.forge("0.1.0", "canary.verdict", data)
        told = self.run_coded("canary", "replay", "0.1.0", code=11).out
        self.assertIn("stands on no such look", told)
        self.assertIn("differences", self.run_coded("verify", "--canaries", code=11).out)

    def test_a_release_without_a_canary_has_nothing_to_replay(self):
        self.cut()
        for command in ("replay", "report"):
            self.assertIn("no canary", self.run_coded("canary", command, "0.1.0", code=66).err)

    def test_a_runner_that_is_killed_goes_on_with_the_samples_it_had(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 2)
        runner.kill()
        runner.wait()
        before = self.looks("0.1.0")
        self.assertEqual(self.stage.weights()["green"], 20)
        self.train("0.1.0")
        looks = self.looks("0.1.0")
        self.assertEqual(looks[: len(before)], before)
        self.assertEqual(looks, list(range(len(looks))))
        self.assert_traffic_is_stable()
        shares = [d["details"]["percent"] for _, d in self.events("0.1.0", "canary.routed")]
        self.assertEqual(shares, [0, 20, 50, 0])

    def test_a_router_that_has_forgotten_its_weights_is_told_again(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        self.stage.ask("set server shop/green weight 0")
        self.wait_for_look("0.1.0", 4)
        self.assertGreater(self.stage.weights()["green"], 0)
        self.assertEqual(self.finish(runner, 60).code, 0)

    def test_a_runner_that_is_interrupted_gives_the_traffic_back_and_goes_on_later(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        runner.send_signal(signal.SIGINT)
        result = self.finish(runner)
        self.assertEqual(result.code, FAILED, repr(result))
        self.assertIn("back on the stable version", result.err)
        self.assert_traffic_is_stable()
        self.train("0.1.0")
        self.assert_traffic_is_stable()
        self.assertEqual(self.verdict("0.1.0")["decision"], "pass")

    def test_an_abort_gives_the_traffic_back(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        self.run_coded("train", "abort", "0.1.0", "--reason", "wrong artifact")
        self.assertEqual(self.finish(runner).code, ROLLED_BACK)
        self.assert_traffic_is_stable()


class FaultyCanaries(Canary):
    def ride(self, *names, **faults):
        """Injects a fault after the first look; the checks of these names may notice it. How long it took."""
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        start = time.monotonic()
        self.stage.fault(**faults)
        while self.stage.weights()["green"]:
            self.assertLess(time.monotonic() - start, 60, "the canary still has traffic")
            time.sleep(0.02)
        took = time.monotonic() - start
        result = self.finish(runner, 60)
        self.assertEqual(result.code, ROLLED_BACK, repr(result))
        self.assert_traffic_is_stable()
        verdict = self.verdict("0.1.0")
        self.assertEqual(verdict["decision"], "rollback")
        worse = {check["name"] for check in verdict["checks"] if check["verdict"] == "worse"}
        self.assertTrue(worse & set(names), verdict)
        self.assertIn(worse.pop(), verdict["reason"])
        self.assertTrue(verdict["attachments"])
        print(f"[{took:.1f} s] ", end="", flush=True)

    def test_errors(self):
        self.ride("objective shop-availability", "comparison shop-availability", errors=0.3)

    def test_latency(self):
        self.ride("objective shop-latency", "comparison shop-latency", latency=0.4)

    def test_denials(self):
        self.ride("signal denials", denials=0.5)

    def test_a_backlog_that_grows(self):
        self.ride("signal backlog", stuck=True)

    def test_a_crash(self):
        self.ride("reachable", "connections", crash=True)


class MissingMetrics(Canary):
    def test_a_prometheus_that_is_down_for_long_rolls_back(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        self.stage.signal("prometheus", signal.SIGSTOP)
        self.addCleanup(self.stage.signal, "prometheus", signal.SIGCONT)
        result = self.finish(runner, 90)
        self.assertEqual(result.code, ROLLED_BACK, repr(result))
        self.assertIn("nothing could be measured for", self.verdict("0.1.0")["reason"])
        self.assert_traffic_is_stable()

    def test_a_query_that_finds_nothing_never_passes(self):
        self.slo(objective("shop-typo", 0.99, bad='http_request_total{code=~"5.."}', total="http_request_total"))
        self.setup(steps=["50% for 3s"], longest="5s")
        self.train(code=ROLLED_BACK)
        self.assertIn("has no data", self.verdict("0.1.0")["reason"])

    def test_a_canary_that_shows_nothing_is_held_if_that_is_wanted_and_goes_on_later(self):
        self.setup(steps=["50% for 2s"], inconclusive="hold", requests=90)
        held = self.train(code=INCONCLUSIVE)
        self.assertIn("not shown", held.out)
        self.assert_traffic_is_stable()
        for _ in range(6):
            ended = self.run_raw("train", "run", "0.1.0")
            if ended.code != INCONCLUSIVE:
                break
        self.assertEqual(ended.code, 0, repr(ended))
        self.assert_traffic_is_stable()

    def test_a_router_that_is_gone_stops_the_train_with_the_traffic_as_it_was(self):
        before = self.stage.weights()
        self.setup(router={"haproxy": {"socket": f"{self.folder}/none.sock", "backend": "shop", "stable": "blue",
                                       "canary": "green"}})
        stopped = self.train(code=FAILED)
        self.assertRegex(stopped.out, "failed: .*none.sock.*cannot be reached")
        self.assertEqual(self.stage.weights(), before)
        self.assertNotIn("deployment.completed", self.kinds("0.1.0"))

    def test_a_router_that_goes_away_stops_the_train_loudly_with_the_traffic_as_it_was(self):
        proxy = self.settings["router"]["haproxy"]
        self.path("admin.sock").symlink_to(proxy["socket"])
        self.setup(router={"haproxy": {**proxy, "socket": str(self.path("admin.sock"))}}, steps=["50% for 4s"])
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        self.wait_for_look("0.1.0", 1)
        self.path("admin.sock").unlink()
        result = self.finish(runner, 60)
        self.assertEqual(result.code, FAILED, repr(result))
        self.assertRegex(result.out, "STUCK.*the canary had 50% of the traffic before")
        self.assertEqual(self.stage.weights()["green"], 50)
        # A later ride brings it back.
        self.setup(router={"haproxy": proxy})
        self.run_coded("release", "rollback", "0.1.0", "--environment", "stage", "--reason", "by hand", code=ROLLED_BACK)
        self.assert_traffic_is_stable()

    def test_servers_and_backends_that_are_not_there_are_told(self):
        for members, words in (({"backend": "shop2"}, "No such backend"),
                               ({"canary": "red"}, "No such server")):
            with self.subTest(words):
                proxy = {**self.settings["router"]["haproxy"], **members}
                self.setup(router={"haproxy": proxy})
                stopped = self.train("--retry", "0.1.0", code=FAILED) if self.kinds("0.1.0") else self.train(code=FAILED)
                self.assertIn(words, stopped.out)
                self.setup(router={"haproxy": {**proxy, "backend": "shop", "canary": "green"}})


class Adapters(Canary):
    def setUp(self):
        super().setUp()
        # Long enough to see the shares, never enough to pass.
        self.setup(steps=["30% for 2s"], requests=1_000_000, inconclusive="rollback")

    def shares(self, version="0.1.0"):
        return [d["details"]["percent"] for _, d in self.events(version, "canary.routed") if d["outcome"] == "passed"]

    def test_haproxy_is_told_over_tcp_as_well(self):
        proxy = {**self.settings["router"]["haproxy"], "socket": self.stage.facts["admin"]}
        self.setup(router={"haproxy": proxy})
        self.train(code=ROLLED_BACK)
        self.assertEqual(self.shares(), [0, 30, 0])
        self.assert_traffic_is_stable()

    def test_another_router_goes_through_a_program(self):
        self.script("weigh", """#!/bin/sh
case $1 in read) ;; *) echo "$1" > share; echo "$1" >> shares ;; esac
cat share
""")
        self.setup(router={"exec": ["./weigh"]})
        self.train(code=ROLLED_BACK)
        self.assertEqual(self.path("shares").read_text().split(), ["0", "30", "0"])
        self.assertNotIn("connections", [c["name"] for c in self.verdict("0.1.0")["checks"]])

    def test_a_program_that_says_another_share_is_not_believed(self):
        self.script("weigh", "#!/bin/sh\necho 7\n")
        self.setup(router={"exec": ["./weigh"]})
        self.assertIn("says it has 7%", self.train(code=FAILED).out)

    def test_secrets_come_from_variables_that_must_be_set(self):
        self.setup(metrics={"prometheus": self.stage.facts["prometheus"], "token": "PROMETHEUS_TOKEN"})
        for env in ({}, {"PROMETHEUS_TOKEN": ""}):
            told = self.train(code=64, env=env)
            self.assertIn("PROMETHEUS_TOKEN", told.err)
        self.train(code=ROLLED_BACK, env={"PROMETHEUS_TOKEN": "s3cret"})
        self.assertEqual(self.shares(), [0, 30, 0])
        self.assertNotIn(b"s3cret", self.path(self.ledger).read_bytes())


class GoldenSignals(Canary):
    """After a promotion to the slot that has all the traffic."""

    def setUp(self):
        super().setUp()
        slot = [str(TOOLS / "slot"), self.stage.folder, "blue"]
        self.script("ops/slot", f'#!/bin/sh\nexec {" ".join(slot)} "$DAYBOOK_VERSION"\n')
        self.settings["rollback"] = slot + ["--as", "green"]
        stable = 'http_requests_total{track="stable"'
        golden = {
            "for": "5s", "every": "1s",
            "traffic": {"query": f"sum(rate({stable}}}[10s])) or vector(0)", "least": 0.3},
            "errors": {"query": f'sum(rate({stable},code=~"5.."}}[10s])) or vector(0)', "most": 2, "slack": 1},
            "saturation": {"query": 'sum(parcels_waiting{track="stable"})', "most": 2, "slack": 50}}
        self.configure(train=["cut", {"promote": "stage"}, {"verify": {
            "environment": "stage", "smoke": ["./ops/do", "smoke", "stage"], "junit": "smoke.xml", "golden": golden}}])
        self.wait_for_traffic()

    def wait_for_traffic(self):
        end = time.monotonic() + 30
        while not self.stage.prometheus('sum(rate(http_requests_total{track="stable"}[10s])) > 20'):
            self.assertLess(time.monotonic(), end, "there is no traffic")
            time.sleep(0.2)

    def test_signals_that_stay_as_they_were_pass(self):
        self.train()
        samples = [data for _, data in self.events("0.1.0", "soak.sampled")]
        self.assertGreaterEqual(len(samples), 5)
        self.assertIn(b'"before":', self.attachments(samples[0])["signals.json"])

    def test_errors_that_come_after_the_promotion_roll_it_back(self):
        runner = self.start("train", "run")
        self.wait_until_cut("0.1.0")
        while not self.events("0.1.0", "soak.sampled"):
            time.sleep(0.05)
        self.stage.fault("stable", errors=0.5)
        result = self.finish(runner, 30)
        self.assertEqual(result.code, ROLLED_BACK, repr(result))
        self.assertIn("errors is", self.last("0.1.0", "soak.completed")["reason"])

    def test_a_train_without_metrics_is_told_before_it_sets_out(self):
        del self.settings["metrics"]
        self.configure()
        refused = self.train(code=69)
        self.assertIn("add metrics", refused.out)
        self.assertNotIn("train.started", self.kinds("0.1.0"))


if __name__ == "__main__":
    unittest.main()
