"""Prometheus' answers, good, partial, broken and damaged, as a server on loopback gives them."""
import http.server
import json
import random
import ssl
import subprocess
import threading
import time
import unittest
import urllib.parse

from shop import Shop
from test_slo import document

UNAVAILABLE = 69


def vector(*values):
    return {"status": "success", "data": {"resultType": "vector", "result": [
        {"metric": {"pod": str(n)}, "value": [1, value]} for n, value in enumerate(values)]}}


CLOCK = {"status": "success", "data": {"resultType": "scalar", "result": [1795519062.393, "1795519062.393"]}}


class Answering(Shop):
    def setUp(self):
        super().setUp()
        self.write("slo.yaml", document())
        self.asked = []
        self.answer = lambda query: (200, vector("0"))
        test = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                query = form["query"][0]
                test.asked.append((query, form.get("time"), dict(self.headers), self.path))
                status, body = (200, CLOCK) if query == "time()" and test.has_clock else test.answer(query)
                body = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.has_clock = True
        self.server = server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_address[1]}"

    def status(self, code=0, url=None):
        return self.run_coded("slo", "status", "slo.yaml", "--prometheus", url or self.url, "-o", "json", code=code)

    def test_all_queries_are_asked_for_one_moment_of_the_servers_clock(self):
        line = self.status().json
        self.assertEqual(line["budgetLeft"], 1)
        times = {time[0] for query, time, _, _ in self.asked if query != "time()"}
        self.assertEqual(times, {"1795519062.393"})
        self.assertEqual({path for *_, path in self.asked}, {"/api/v1/query"})
        self.status(url=self.url + "/prefix/")
        self.assertEqual(self.asked[-1][3], "/prefix/api/v1/query")

    def test_no_data_and_nan_are_said_to_be_none(self):
        for answer in (vector(), vector("NaN"), vector("+Inf")):
            self.answer = lambda query: (200, answer)
            self.assertIsNone(self.status().json["budgetLeft"])

    def test_what_is_no_whole_answer_is_an_error_that_says_why(self):
        for answer, words in (
                ((200, {**vector("0"), "warnings": ["store-2 did not answer"]}), "in part: store-2"),
                ((422, {"status": "error", "errorType": "execution", "error": "query timed out"}), "query timed out"),
                ((400, {"status": "error", "error": "parse error"}), "parse error"),
                ((502, b"<html>Bad Gateway</html>"), "502"), ((200, b""), "200"), ((200, b"{}"), "no JSON of"),
                ((200, {"status": "success", "data": {"resultType": "matrix", "result": []}}), "matrix"),
                ((200, {"status": "success", "data": {"resultType": "vector"}}), "no result"),
                ((200, {"status": "success", "data": {"resultType": "vector", "result": [{"metric": {}}]}}), "sample"),
                ((200, b"[" * 100_000), "no JSON of")):
            with self.subTest(words):
                self.answer = lambda query: answer
                self.assertIn(words, self.status(code=UNAVAILABLE).err)

    def test_a_server_without_a_clock_is_told(self):
        self.has_clock = False
        self.answer = lambda query: (200, vector())
        self.assertIn("does not tell its time", self.status(code=UNAVAILABLE).err)

    def test_what_fails_for_a_moment_is_tried_again(self):
        failures = iter([(503, b"starting"), (503, b"starting")])
        self.answer = lambda query: next(failures, (200, vector("0")))
        self.assertEqual(self.status().json["budgetLeft"], 1)

    def test_damaged_answers_never_crash_and_never_pass_for_data(self):
        seed = random.randrange(2**32)
        print(f"[seed {seed}] ", end="", flush=True)
        numbers = random.Random(seed)
        whole = json.dumps(vector("0.5")).encode()
        for _ in range(60):
            damaged = bytearray(whole)
            for _ in range(numbers.randint(1, 4)):
                place = numbers.randrange(len(damaged))
                if numbers.random() < 0.5:
                    damaged[place] = numbers.randrange(256)
                else:
                    del damaged[place:place + numbers.randint(1, 20)]
            self.answer = lambda query: (200, bytes(damaged))
            result = self.run_raw("slo", "status", "slo.yaml", "--prometheus", self.url, "-o", "json")
            self.assertIn(result.code, (0, UNAVAILABLE), repr(result))

    def test_an_address_where_nobody_answers_is_told_within_seconds(self):
        start = time.monotonic()
        self.assertIn("127.0.0.1:9", self.status(code=UNAVAILABLE, url="http://127.0.0.1:9").err)
        self.assertLess(time.monotonic() - start, 20)

    def test_tls_is_trusted_by_the_certificates_that_are_named_and_by_no_others(self):
        for name in ("ours", "theirs"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                            "-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                            f"{name}.key", "-out", f"{name}.pem"], cwd=self.folder, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path("ours.pem"), self.path("ours.key"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        url = self.url.replace("http:", "https:")

        def status(code, **members):
            metrics = {"prometheus": url, "timeout": "2s", **members}
            self.configure(environments={"stage": {"metrics": metrics}}, train=["cut"], gates={})
            return self.run_coded("slo", "status", "slo.yaml", "-o", "json", code=code)

        self.assertEqual(status(0, authorities="ours.pem").json["budgetLeft"], 1)
        self.assertIn("https://", status(UNAVAILABLE, authorities="theirs.pem").err)
        self.assertIn("https://", status(UNAVAILABLE).err)
        self.assertIn("none.pem", status(64, authorities="none.pem").err)


if __name__ == "__main__":
    unittest.main()
