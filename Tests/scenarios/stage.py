"""A real stage for canaries: tools/stage/up with HAProxy, Prometheus, two versions of a shop and a bounded load, and a
project whose train tries releases there."""
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

from scenario import REPOSITORY
from shop import Shop

TOOLS = REPOSITORY / "tools/stage"


def objective(name, target, **ratio):
    """An OpenSLO document; JSON is YAML."""
    metrics = {part: {"metricSource": {"type": "Prometheus", "spec": {"query": query}}} for part, query in ratio.items()}
    return {"apiVersion": "openslo/v1", "kind": "SLO", "metadata": {"name": name}, "spec": {
        "service": "shop", "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": {"counter": True, **metrics}}},
        "timeWindow": [{"duration": "30d", "isRolling": True}], "budgetingMethod": "Occurrences",
        "objectives": [{"target": target}]}}


AVAILABILITY = objective("shop-availability", 0.99, bad='http_requests_total{code=~"5.."}', total="http_requests_total")
LATENCY = objective("shop-latency", 0.95, good='http_request_duration_seconds_bucket{le="0.25"}',
                    total="http_request_duration_seconds_count")
SIGNALS = [{"name": "denials", "bad": "authorization_denied_total", "total": "http_requests_total"},
           {"name": "backlog", "gauge": "parcels_waiting", "tolerance": 20}]


class Stage:
    """One stage, for all tests of a class."""

    def __init__(self, *arguments):
        self.folder = tempfile.mkdtemp(prefix="stage-", dir="/tmp")
        done = subprocess.run([TOOLS / "up", self.folder, *arguments], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise AssertionError(done.stdout + done.stderr)

    @property
    def facts(self):
        return json.loads(Path(self.folder, "stage.json").read_text())

    def down(self):
        subprocess.run([TOOLS / "down", self.folder], check=True, timeout=60)
        shutil.rmtree(self.folder)

    def ask(self, command):
        """HAProxy's runtime API."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.facts["socket"])
            connection.sendall(f"{command}\n".encode())
            answer = b""
            while part := connection.recv(1 << 16):
                answer += part
        return answer.decode()

    def weights(self):
        lines = [line.split() for line in self.ask("show servers state shop").splitlines()[2:] if line.strip()]
        return {fields[3]: int(fields[7]) for fields in lines}

    def fault(self, where="canary", **faults):
        request = urllib.request.Request(self.facts[where] + "/fault", data=json.dumps(faults).encode())
        try:
            urllib.request.urlopen(request, timeout=5).read()
        except (OSError, http.client.HTTPException):
            if not faults.get("crash"):
                raise

    def signal(self, name, sign):
        os.kill(self.facts["processes"][name]["pid"], sign)

    def prometheus(self, query):
        url = self.facts["prometheus"] + "/api/v1/query?" + urllib.parse.urlencode({"query": query})
        with urllib.request.urlopen(url, timeout=5) as answer:
            return json.load(answer)["data"]["result"]


class Canary(Shop):
    """A shop whose train tries each release in the stage's green slot, and goes live nowhere."""
    arguments = ("--rate", "60")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stage = Stage(*cls.arguments)
        cls.addClassCleanup(cls.stage.down)

    def setUp(self):
        super().setUp()
        slot = [str(TOOLS / "slot"), self.stage.folder, "green"]
        self.script("ops/slot", f'#!/bin/sh\nexec {" ".join(slot)} "$DAYBOOK_VERSION"\n')
        self.slo(AVAILABILITY, LATENCY)
        facts = self.stage.facts
        self.settings = {
            "deploy": ["./ops/slot"], "rollback": slot + ["--as", "blue"],
            "router": {"haproxy": {"socket": facts["socket"], "backend": "shop", "stable": "blue", "canary": "green"}},
            "metrics": {"prometheus": facts["prometheus"]}}
        self.plan = {"environment": "stage", "steps": ["20% for 4s", "50% for 6s"], "every": "1s", "requests": 20,
                     "longest": "40s", "blind": "4s", "signals": SIGNALS}
        self.setup()
        self.stage.fault()

    def slo(self, *documents):
        self.write("slo.yaml", "\n---\n".join(json.dumps(document) for document in documents))

    def setup(self, router=None, metrics=None, **plan):
        """Writes daybook.yaml anew with other members of the plan or of the environment."""
        self.plan.update(plan)
        self.settings.update({k: v for k, v in (("router", router), ("metrics", metrics)) if v is not None})
        self.configure(environments={"stage": self.settings}, services={"shop": {"slos": ["slo.yaml"]}}, gates={},
                       train=["cut", {"deploy": "stage"}, {"canary": self.plan}])

    def looks(self, version):
        return [data["look"] for data in (d for _, d in self.events(version, "canary.measured"))]

    def wait_for_look(self, version, number, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if number in self.looks(version):
                return
            time.sleep(0.1)
        self.fail(f"no look {number} of {version}: {self.kinds(version)}")

    def wait_until_cut(self, version, seconds=20):
        end = time.monotonic() + seconds
        while not self.kinds(version):
            self.assertLess(time.monotonic(), end, f"{version} is not cut")
            time.sleep(0.05)

    def verdict(self, version):
        return self.last(version, "canary.verdict")

    def assert_traffic_is_stable(self):
        weights = self.stage.weights()
        self.assertEqual(weights["green"], 0, weights)
        self.assertGreater(weights["blue"], 0, weights)


__all__ = ["AVAILABILITY", "Canary", "LATENCY", "SIGNALS", "Stage", "TOOLS", "objective", "signal"]
