#!/usr/bin/env python3
"""A small shop over HTTP, for trying out deployments: /health says its version, /total adds up a basket.

    service.py VERSION PORT-FILE

Listens on a free port of the loopback address and writes the port into PORT-FILE once it answers.
"""
import http.server
import json
import os
import sys
import urllib.parse

VERSION, PORT_FILE = sys.argv[1:]
PRICES = {"apple": 30, "bread": 250, "cheese": 480}


def total(basket):
    return sum(PRICES[name] for name in basket)


class Shop(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        basket = urllib.parse.parse_qs(url.query).get("item", [])
        if url.path == "/health":
            self.answer(200, {"version": VERSION})
        elif url.path == "/total" and all(name in PRICES for name in basket):
            self.answer(200, {"total": total(basket)})
        else:
            self.answer(404, {"error": "there is no such thing"})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
