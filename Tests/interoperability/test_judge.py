"""The judge's statistics of gauges by SciPy's functions of the same name, on random and on tied values; and Kayenta's rules by
another implementation of them."""
import json
import math

import numpy
from scipy import optimize, stats

from common import *


class Gauges(Scenario):
    def draw(self, random):
        """Two lists of values of one kind: smooth, few levels, two levels, skewed."""
        shift = random.choice([0, 0.5, 5])
        draw = random.choice([
            lambda shift: random.gauss(shift, 3), lambda shift: float(random.randint(0, 4)),
            lambda shift: random.choice([1.5, 2.5]), lambda shift: random.expovariate(0.1) + shift])
        return ([draw(shift) for _ in range(random.randint(1, 80))], [draw(0) for _ in range(random.randint(1, 80))])

    def assert_close(self, found, known, what):
        if math.isnan(known):
            return
        self.assertLessEqual(abs(found - known), 1e-9 * max(abs(known), 1e-300), f"{what}: {found}, SciPy has {known}")

    def test_ranks_shifts_and_slopes(self):
        random = seeded("judge")
        pairs = [self.draw(random) for _ in range(500)]
        checks = [{"name": str(n), "kind": "gauge", "canary": x, "stable": y} for n, (x, y) in enumerate(pairs)]
        self.write("samples.json", json.dumps({"checks": checks}))
        found = self.run_raw("canary", "judge", "--samples", "samples.json", "-o", "json").json["checks"]
        for (x, y), check in zip(pairs, found, strict=True):
            known = stats.mannwhitneyu(x, y, alternative="two-sided", method="asymptotic")
            self.assertEqual(check["u"], known.statistic)
            self.assert_close(check["p"], known.pvalue, "p")
            differences = numpy.sort(numpy.subtract.outer(numpy.array(x), numpy.array(y)).ravel())
            self.assertEqual(check["shift"], numpy.median(differences))
            spread = math.sqrt(len(differences) * (len(x) + len(y) + 1) / 12)
            place = max(1, math.floor(len(differences) / 2 - stats.norm.isf(0.025) * spread))
            self.assertEqual(check["interval"], [differences[place - 1], differences[-place]])
            if len(x) < 3:
                self.assertIsNone(check["slope"])
                continue
            self.assert_close(check["slope"], stats.theilslopes(x)[0], "slope")
            self.assert_close(
                check["pSlope"], stats.kendalltau(range(len(x)), x, method="asymptotic").pvalue, "pSlope")


def shift_interval(x, y, confidence):
    """As R's wilcox.test(x, y, conf.int=TRUE, exact=FALSE) has it, the way Kayenta does it: roots of the standardised
    statistic of the shifted values, by Brent's method."""
    n, m = len(x), len(y)

    def statistic(shift, z):
        joined = numpy.concatenate([numpy.asarray(x) - shift, y])
        distance = stats.rankdata(joined)[:n].sum() - n * (n + 1) / 2 - n * m / 2
        _, ties = numpy.unique(joined, return_counts=True)
        spread = math.sqrt(n * m / 12 * (n + m + 1 - (ties.astype(float) ** 3 - ties).sum() / ((n + m) * (n + m - 1))))
        return (distance - numpy.sign(distance) * 0.5) / spread - z

    def root(z):
        low, high = min(x) - max(y), max(x) - min(y)
        if statistic(low, z) <= 0:
            return low
        if statistic(high, z) >= 0:
            return high
        return optimize.brentq(statistic, low, high, args=(z,), xtol=1e-12)

    z = stats.norm.isf((1 - confidence) / 2)
    return root(0), root(z), root(-z)


class Kayenta(Scenario):
    def classify(self, x, y, direction, increase):
        if sorted(x) == sorted(y):
            return "Pass"
        estimate, lower, upper = shift_interval(x, y, 0.98)
        ratio = numpy.mean(x) / numpy.mean(y)
        bound = 0.25 * abs(estimate)
        if direction in ("increase", "either") and lower > bound and ratio >= increase:
            return "High"
        if direction in ("decrease", "either") and upper < -bound and ratio <= 1:
            return "Low"
        return "Pass"

    def test_metrics_are_classified_by_its_rules(self):
        random = seeded("kayenta")
        checks, known = [], []
        for number in range(100):
            shift, spread = random.choice([0, 1, 3, 10, -5]), random.choice([0.5, 2, 8])
            x = [random.gauss(20 + shift, spread) for _ in range(random.randint(5, 60))]
            y = [random.gauss(20, spread) for _ in range(random.randint(5, 60))]
            direction, increase = random.choice(["increase", "decrease", "either"]), random.choice([1, 1.2])
            checks.append({"name": str(number), "kind": "gauge", "canary": x, "stable": y, "direction": direction,
                           "allowedIncrease": increase})
            known.append(self.classify(x, y, direction, increase))
        self.write("samples.json", json.dumps({"checks": checks}))
        found = self.judge()
        self.assertEqual([check["classification"] for check in found["checks"]], known)
        self.assertEqual(set(known), {"Pass", "High", "Low"})
        self.assertEqual(found["score"], 100 * known.count("Pass") / len(known))

    def judge(self):
        return self.run_raw("canary", "judge", "--samples", "samples.json", "--judge", "kayenta", "-o", "json").json

    def test_what_is_critical_or_lacks_data_counts_as_it_does_there(self):
        good, bad = [1, 2, 3, 4, 5, 6, 7, 8], [101, 102, 103, 104, 105, 106, 107, 108]
        for members, classification, score in (
                ({"canary": bad}, "High", 50), ({"canary": bad, "critical": True}, "High", 0),
                ({"canary": bad, "allowedIncrease": 100}, "Pass", 100), ({"canary": []}, "Nodata", 100),
                ({"canary": [], "mustHaveData": True}, "NodataFailMetric", 0), ({"canary": good[::-1]}, "Pass", 100),
                ({"canary": [1], "stable": [1]}, "Pass", 100)):
            with self.subTest(members):
                check = {"name": "a", "kind": "gauge", "stable": good, **members}
                fine = {"name": "b", "kind": "gauge", "canary": good, "stable": good}
                self.write("samples.json", json.dumps({"checks": [check, fine]}))
                found = self.judge()
                self.assertEqual(found["checks"][0]["classification"], classification)
                self.assertEqual(found["score"], score)
