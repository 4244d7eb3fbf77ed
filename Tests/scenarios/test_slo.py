"""Objectives: OpenSLO files, Prometheus' rules as promtool takes them, where they stand, and alerts that are delivered."""
import json
import subprocess
import tempfile
import time
import unittest

from shop import ROLLED_BACK, Shop
from stage import *
from webhooks import webhook

BAD_INPUT, NO_INPUT, UNAVAILABLE = 65, 66, 69

SLO = """\
apiVersion: openslo/v1
kind: SLO
metadata: {name: NAME}
spec:
  service: checkout
  indicatorRef: answered
  timeWindow: [{duration: PERIOD, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: TARGET}]
---
apiVersion: openslo/v1
kind: SLI
metadata: {name: answered}
spec:
  ratioMetric:
    counter: true
    KIND:
      metricSource: {type: Prometheus, spec: {query: 'PART'}}
    total:
      metricSource: {type: Prometheus, spec: {query: 'TOTAL'}}
"""

BAD = 'http_requests_total{job="shop",code=~"5.."}'
ALL = 'http_requests_total{job="shop"}'


def document(name="errors", period="30d", target="0.999", kind="bad", part=BAD, total=ALL):
    text = SLO
    for key, value in (("NAME", name), ("PERIOD", period), ("TARGET", target), ("KIND", kind), ("PART", part),
                       ("TOTAL", total)):
        text = text.replace(key, value)
    return text


class Objectives(Shop):
    def check(self, text, code=0):
        self.write("slo.yaml", text)
        return self.run_coded("slo", "check", "slo.yaml", "-o", "json", code=code)

    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *arguments], cwd=self.folder, capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_factors_are_those_of_the_workbook_and_are_recomputed_for_other_periods(self):
        for period, factors in (("30d", ["14.4", "6", "3", "1"]), ("28d", ["13.44", "5.6", "2.8", "0.93333"]),
                                ("4w", ["13.44", "5.6"]), ("1M", ["14.4", "6"]), ("90d", ["43.2", "18", "9", "3"])):
            with self.subTest(period):
                alerts = self.check(document(period=period)).json["alerts"]
                for alert, factor in zip(alerts, factors):
                    self.assertTrue(alert["factor"].startswith(factor), alert)
        alerts = self.check(document()).json["alerts"]
        self.assertEqual([a["threshold"] for a in alerts], ["0.0144", "0.006", "0.003", "0.001"])

    def test_rules_are_taken_by_promtool_and_their_tests_pass(self):
        latency = ('shop_seconds_bucket{job="shop",le="0.3"}', 'shop_seconds_count{job="shop"}')
        for text in (document(), document(target="0.95", kind="good", part=latency[0], total=latency[1]),
                     document(period="7d", target="0.9"),
                     document(part=f"sum({BAD})", total=f"sum by (code) (rate({ALL}[5m]))"),
                     document(kind="good", part='requests{code!~"5..", code!="429"}', total="requests")):
            with self.subTest(text):
                self.write("slo.yaml", text)
                self.write("rules.yaml", self.run_coded("slo", "rules", "slo.yaml").out)
                self.promtool("check", "rules", "rules.yaml")
                tests = self.run_raw("slo", "rules", "slo.yaml", "--tests", "rules.yaml")
                if tests.code:
                    self.assertIn("too clever", tests.err)
                    continue
                self.write("tests.yaml", tests.out)
                self.promtool("test", "rules", "tests.yaml")

    def test_an_alert_that_fires_at_the_wrong_rate_fails_the_tests(self):
        self.write("slo.yaml", document())
        rules = self.run_coded("slo", "rules", "slo.yaml").out
        tests = self.run_coded("slo", "rules", "slo.yaml", "--tests", "rules.yaml").out
        self.write("tests.yaml", tests)
        for wrong in (rules.replace("> 0.0144", "> 0.02"), rules.replace("> 0.0144", "> 0.01"),
                      rules.replace(" and ", " or ")):
            self.assertNotEqual(wrong, rules)
            self.write("rules.yaml", wrong)
            done = subprocess.run(["promtool", "test", "rules", "tests.yaml"], cwd=self.folder, capture_output=True)
            self.assertNotEqual(done.returncode, 0)

    def test_constants_have_no_float_dust(self):
        for target in ("0.999", "0.9995", "0.95", "0.9", "0.99"):
            self.write("slo.yaml", document(target=target, period="30d"))
            rules = self.run_coded("slo", "rules", "slo.yaml").out
            self.assertNotRegex(rules, r"\d\.\d{9,}")

    def test_the_ratio_of_the_period_is_a_ratio_of_sums(self):
        self.write("slo.yaml", document())
        rules = self.run_coded("slo", "rules", "slo.yaml").out
        self.assertIn("sum_over_time(slo:errors:rate5m", rules)
        self.assertNotIn("avg_over_time", rules)

    def test_faults_are_told_with_their_lines(self):
        good = document()
        for change, line, words in (
                (("kind: SLO", "kind: SLOO"), 2, "SLO"), (("openslo/v1", "openslo/v2alpha"), 1, "openslo/v1"),
                (("name: errors", "name: Errors!"), 3, "is no name"), (("  service: checkout\n", ""), 5, "service"),
                (("indicatorRef: answered", "indicatorRef: answerd"), 6, "answered"), (("30d", "30x"), 7, "time window"),
                (("isRolling: true", "isRolling: false"), 7, "calendar"), (("Occurrences", "Timeslices"), 8, "Timeslices"),
                (("0.999", "1"), 9, "between 0 and 1"), (("0.999", "99.9"), 9, "between 0 and 1"),
                (("0.999", "x"), 9, "between 0 and 1"), (("counter: true", "counter: maybe"), 16, "true or false"),
                (("type: Prometheus", "type: Datadog"), 18, "Datadog"), (('code=~"5.."}', 'code=~"5..}'), 18, "PromQL"),
                (("    bad:", "    bda:"), 17, "bad"), (("kind: SLI", "kind: Service"), 6, "SLI")):
            with self.subTest(change):
                text = good.replace(*change, 1)
                self.assertNotEqual(text, good)
                told = self.check(text, code=BAD_INPUT).err
                self.assertRegex(told, f"slo.yaml:{line}: ")
                self.assertIn(words, told)
        for text in ("", "kind: Service", "[1, 2]", "\0", "a: [", "- - -"):
            with self.subTest(text):
                self.assertIn("slo.yaml:", self.check(text, code=BAD_INPUT).err)

    def test_a_threshold_has_no_requests_and_is_refused_with_the_way_out(self):
        text = document().replace("ratioMetric", "thresholdMetric")
        self.assertIn("histogram", self.check(text, code=BAD_INPUT).err)


class Alerts(Shop):
    def alert(self, body, code=0):
        self.write("body.json", body if isinstance(body, str) else json.dumps(body))
        return self.run_coded("slo", "alert", "--from", "body.json", "-o", "json", code=code)

    def recorded(self):
        return [line["event"]["type"].split(".")[3] for line in self.log("--subject", "service/shop")]

    def test_each_alert_is_recorded_once_however_often_it_is_delivered(self):
        for _ in range(3):
            told = self.alert(webhook("firing", "firing")).lines
        self.assertEqual([line["duplicate"] for line in told], [True, True])
        self.assertEqual(self.recorded(), ["fired", "fired"])
        self.alert(webhook("resolved", "firing"))
        self.alert(webhook("resolved", "firing"))
        self.assertEqual(self.recorded(), ["fired", "fired", "resolved"])
        self.alert(webhook("firing", starts="2026-11-25T10:00:00Z"))
        self.assertEqual(self.recorded(), ["fired", "fired", "resolved", "fired"])

    def test_bodies_that_are_none_are_refused_with_the_place(self):
        good = webhook("firing")
        for body, words in (("", "byte 0"), ("[]", "must be an object"), ("{}", "version"),
                            ({**good, "version": "3"}, "version"), ({**good, "groupKey": ""}, "groupKey"),
                            ({**good, "alerts": []}, "alerts is empty"), ({**good, "alerts": [1]}, "alerts[0]"),
                            (webhook("burning"), "alerts[0].status"), (webhook("firing", starts="now"), "alerts[0].startsAt"),
                            (webhook("firing", service=None), "service")):
            with self.subTest(words):
                self.assertIn(words, self.alert(body, code=BAD_INPUT).err)
        self.assertEqual(self.recorded(), [])

    def test_a_body_comes_by_standard_input(self):
        result = self.run_raw("slo", "alert", "--from", "-", stdin=json.dumps(webhook("firing")))
        self.assertEqual(result.code, 0, repr(result))
        self.assertEqual(self.recorded(), ["fired"])


class Status(Canary):
    def test_where_objectives_stand_is_asked_of_prometheus(self):
        end = time.monotonic() + 20
        while not self.stage.prometheus("rate(http_requests_total[5m]) > 0") and time.monotonic() < end:
            time.sleep(0.2)
        for line in self.run_coded("slo", "status", "-o", "json").lines:
            self.assertEqual(line["budgetLeft"], 1)
            self.assertEqual({w["burn"] for w in line["windows"]}, {0})
        gone = ("slo", "status", "slo.yaml", "--prometheus", "http://127.0.0.1:9")
        self.assertIn("127.0.0.1:9", self.run_coded(*gone, code=UNAVAILABLE).err)

    def test_a_burn_alert_of_the_service_rolls_a_canary_back(self):
        self.write("body.json", json.dumps(webhook("firing")))
        self.run_coded("slo", "alert", "--from", "body.json")
        self.train(code=ROLLED_BACK)
        self.assertIn("SLOBudgetBurn1h", self.verdict("0.1.0")["reason"])
        self.assert_traffic_is_stable()

    def test_what_was_in_force_is_recorded_once(self):
        self.setup(steps=["50% for 2s"], inconclusive="rollback", requests=100_000)
        self.train(code=ROLLED_BACK)
        self.commit("fix: again")
        self.train(code=ROLLED_BACK)
        defined = [line["event"]["data"] for line in self.log("--subject", "service/shop")]
        self.assertEqual([d["target"] for d in defined], ["0.99", "0.95"])
        self.assertIn(b"openslo/v1", self.attachments(defined[0])["openslo.yaml"])


class FiringAlerts(Canary):
    """A Prometheus whose rules make an alert of the service fire."""

    @classmethod
    def setUpClass(cls):
        rules = tempfile.NamedTemporaryFile("w", suffix=".yaml")
        cls.addClassCleanup(rules.close)
        rules.write('groups: [{name: a, rules: [{alert: Burns, expr: vector(1), labels: {service: shop}}]}]')
        rules.flush()
        cls.arguments = ("--rate", "20", "--rules", rules.name)
        super().setUpClass()

    def test_an_alert_that_fires_in_prometheus_rolls_a_canary_back(self):
        end = time.monotonic() + 30
        while not self.stage.prometheus('ALERTS{alertstate="firing"}'):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.1)
        self.train(code=ROLLED_BACK)
        self.assertRegex(self.verdict("0.1.0")["reason"], "alerts shop: .*Burns.* fires")
        self.assert_traffic_is_stable()


if __name__ == "__main__":
    unittest.main()
