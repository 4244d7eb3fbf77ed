"""Files of objectives, webhooks and samples with damage of every kind: an error that names the file, or a sound reading;
never a crash, never a stack of frames."""
import json
import os
import random
import unittest

from shop import Shop
from test_slo import document
from webhooks import webhook

BAD_INPUT = 65
SEED = int(os.environ.get("DAYBOOK_TEST_SEED", random.randrange(2**32)))
SAMPLES = {"alpha": 0.05, "checks": [
    {"name": "errors", "kind": "counts", "limit": 0.01, "ratio": 2, "minimum": 20,
     "looks": [{"canary": {"total": 120, "bad": 3}, "stable": {"total": 980, "bad": 4}}] * 3},
    {"name": "backlog", "kind": "gauge", "tolerance": 10, "canary": [3, 4, 2.5, 1e300, -0.0], "stable": [2, 4, 3]}]}
TOKENS = [b"", b"\0", b"\xff\xfe", b"null", b"-1", b"1e999", b"[", b"{", b"}}", b'"', b": :", b"\n- \n", b"\t", b"&a *a", b"9" * 40]


class DamagedInput(Shop):
    def damaged(self, whole, numbers):
        data = bytearray(whole)
        for _ in range(numbers.randint(1, 3)):
            place, length = numbers.randrange(len(data) + 1), numbers.choice([0, 1, 1, 4, 30])
            data[place:place + length] = numbers.choice(TOKENS + [bytes([numbers.randrange(256)])] * 15)
        return bytes(data)

    def check(self, name, whole, *command, times=120):
        print(f"[DAYBOOK_TEST_SEED={SEED}] ", end="", flush=True)
        numbers = random.Random(f"{SEED} {name}")
        refused = 0
        for _ in range(times):
            self.path(name).write_bytes(self.damaged(whole, numbers))
            result = self.run_raw(*command)
            self.assertIn(result.code, (0, BAD_INPUT), repr(result))
            if result.code:
                refused += 1
                self.assertIn(name, result.err, repr(result))
        self.assertGreater(refused, times // 10)

    def test_objectives(self):
        self.check("slo.yaml", document().encode(), "slo", "check", "slo.yaml")

    def test_rules_of_damaged_objectives(self):
        self.check("slo.yaml", document().encode(), "slo", "rules", "slo.yaml")

    def test_webhooks(self):
        self.check("body.json", json.dumps(webhook("firing", "resolved")).encode(), "slo", "alert", "--from", "body.json")

    def test_samples(self):
        self.check("samples.json", json.dumps(SAMPLES).encode(), "canary", "judge", "--samples", "samples.json")

    def test_samples_for_kayenta(self):
        self.check("samples.json", json.dumps(SAMPLES).encode(), "canary", "judge", "--samples", "samples.json",
                   "--judge", "kayenta")


if __name__ == "__main__":
    unittest.main()
