#!/usr/bin/env python3
"""A bounded load: so many requests a second to an address, whatever the answers take.

    load.py URL RATE
"""
import http.client
import itertools
import queue
import sys
import threading
import time
import urllib.parse

url, rate = urllib.parse.urlsplit(sys.argv[1]), float(sys.argv[2])
PATHS = ["/total?item=apple", "/total?item=bread&item=cheese", "/account", "/total"]
WORKERS = 64
due = queue.Queue(maxsize=WORKERS)


def work():
    while True:
        path = due.get()
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=5)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            pass
        except http.client.HTTPException:
            pass
        finally:
            connection.close()


for _ in range(WORKERS):
    threading.Thread(target=work, daemon=True).start()
start = time.monotonic()
for number in itertools.count():
    time.sleep(max(0, start + number / rate - time.monotonic()))
    try:
        due.put_nowait(PATHS[number % len(PATHS)])
    except queue.Full:
        pass
