"""The judge's statistics of gauges by SciPy's functions of the same name, on random and on tied values."""
import json
import math

import numpy
from scipy import stats

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
