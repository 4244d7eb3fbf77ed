#!/usr/bin/env python3
"""A small shop over HTTP, for trying out deployments: /health says its version, /total adds up a basket and queues a
parcel, /account is for members only, /metrics tells Prometheus.

    service.py VERSION PORT-FILE [PORT]

Listens on the loopback address, on a free port if none is given, and writes the port into PORT-FILE once it answers.
Faults for trying out canaries are injected over HTTP: POST /fault with JSON like {"errors": 0.3, "latency": 0.4,
"denials": 0.5, "stuck": true, "crash": true}; shares of requests, and seconds.
"""
import bisect
import http.server
import json
import os
import random
import sys
import threading
import time
import urllib.parse

VERSION, PORT_FILE, *REST = sys.argv[1:]
PRICES = {"apple": 30, "bread": 250, "cheese": 480}
BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0]


def total(basket):
    return sum(PRICES[name] for name in basket)


class Metrics:
    def __init__(self):
        self.lock = threading.Lock()
        self.requests = {}
        self.buckets = [0] * (len(BUCKETS) + 1)
        self.seconds = 0.0
        self.denials = 0
        self.backlog = 0

    def count(self, status, seconds):
        with self.lock:
            self.requests[status] = self.requests.get(status, 0) + 1
            self.buckets[bisect.bisect_left(BUCKETS, seconds)] += 1
            self.seconds += seconds
            self.denials += status == 403

    def text(self):
        with self.lock:
            lines = ["# TYPE http_requests_total counter"]
            lines += [f'http_requests_total{{code="{status}"}} {count}' for status, count in self.requests.items()]
            lines += ["# TYPE http_request_duration_seconds histogram"]
            below = 0
            for bound, count in zip(BUCKETS + ["+Inf"], self.buckets):
                below += count
                lines.append(f'http_request_duration_seconds_bucket{{le="{bound}"}} {below}')
            lines += [f"http_request_duration_seconds_sum {self.seconds}",
                      f"http_request_duration_seconds_count {below}",
                      "# TYPE authorization_denied_total counter", f"authorization_denied_total {self.denials}",
                      "# TYPE parcels_waiting gauge", f"parcels_waiting {self.backlog}"]
            return "\n".join(lines) + "\n"

    def work(self):
        """Sends parcels away, faster than they come."""
        while True:
            time.sleep(0.02)
            with self.lock:
                if self.backlog and not FAULTS.get("stuck"):
                    self.backlog -= min(self.backlog, 10)


FAULTS = {}
METRICS = Metrics()


class Shop(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        basket = urllib.parse.parse_qs(url.query).get("item", [])
        if url.path == "/health":
            self.answer(200, {"version": VERSION})
        elif url.path == "/metrics":
            self.send(200, METRICS.text().encode(), "text/plain; version=0.0.4")
        elif url.path == "/account":
            self.serve(lambda: (200, {"member": True}))
        elif url.path == "/total" and all(name in PRICES for name in basket):
            self.serve(lambda: self.sell(basket))
        else:
            self.answer(404, {"error": "there is no such thing"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/fault":
            return self.answer(404, {"error": "there is no such thing"})
        FAULTS.clear()
        FAULTS.update(json.loads(body))
        self.answer(200, FAULTS)
        if FAULTS.get("crash"):
            self.wfile.flush()
            os._exit(1)

    def sell(self, basket):
        with METRICS.lock:
            METRICS.backlog += 1
        return 200, {"total": total(basket)}

    def serve(self, action):
        """What users ask for: counted, and spoilt by the faults."""
        start = time.monotonic()
        time.sleep(FAULTS.get("latency", 0))
        if random.random() < FAULTS.get("errors", 0):
            status, value = 500, {"error": "something went wrong"}
        elif random.random() < FAULTS.get("denials", 0):
            status, value = 403, {"error": "members only"}
        else:
            status, value = action()
        METRICS.count(status, time.monotonic() - start)
        self.answer(status, value)

    def answer(self, status, value):
        self.send(status, json.dumps(value).encode(), "application/json")

    def send(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


server = Server(("127.0.0.1", int(REST[0]) if REST else 0), Shop)
threading.Thread(target=METRICS.work, daemon=True).start()
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
