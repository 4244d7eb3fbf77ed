"""A time-stamping authority that is asked over HTTP, and what the tests of its stamps share."""
import http.server
import threading

import forking
from bundle_maker import authority
from scenario import VERIFIER, Scenario


def granted(query):
    return authority().reply(query)


class AuthorityServer:
    """An authority on a port of its own, that gives the `answer` to a request: a body, or a status and a body."""

    def __init__(self, test):
        self.answer, self.asked, self.answered = granted, [], []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                outer.asked.append((query, dict(self.headers)))
                answer = outer.answer(query)
                status, body = answer if isinstance(answer, tuple) else (200, answer)
                outer.answered.append(body)
                self.send_response(status)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except ConnectionError:  # it has read enough
                    pass

            def log_message(self, *arguments):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"


class Stamping(Scenario):
    def setUp(self):
        super().setUp()
        self.server = AuthorityServer(self)
        self.ours, self.strangers = (authority(name).certificates for name in ("authority", "stranger"))
        self.verifiers = forking.Verifiers(str(VERIFIER), self.environment)
        self.addCleanup(self.verifiers.close)

    def stamp(self, *arguments, **more):
        """Where the stamp is recorded."""
        return self.ok("checkpoint", "--timestamp", self.server.url, "-o", "json", *arguments, **more).json["position"]

    def data(self, position):
        return self.ok("show", str(position), "-o", "json").json["event"]["data"]

    def attached(self, position):
        """The checkpoint and the response."""
        return [self.ok("cat", each["digest"]).raw for each in self.data(position)["attachments"]]
