"""Debian's chromium without a head, driven over the DevTools protocol through a pair of pipes.

    with Chromium() as browser:
        browser.open("/tmp/page.html")
        browser.evaluate("document.title")

The browser has a profile of its own, which goes with it, and no network. Nothing waits longer than it is told to: what
does not answer in time is an error, and the browser is killed by the id of its process.
"""
import base64
import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--disable-breakpad",
    "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio", "--password-store=basic", "--use-mock-keychain",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]
# The browser reads commands from its descriptor 3 and answers on 4, whatever numbers the pipes have here.
LAUNCH = 'commands=$1 answers=$2; shift 2; exec "$@" 3<"/dev/fd/$commands" 4>"/dev/fd/$answers"'


class ChromiumError(Exception):
    """The browser did not start, did not answer in time, or refused a command."""


class ScriptError(ChromiumError):
    """What was evaluated has thrown."""


class Chromium:
    def __init__(self, timeout=60):
        self.timeout = timeout
        self.errors = []  # what pages wrote to the console as errors, and exceptions that nobody caught
        self.requests = []  # the addresses that pages asked for, but those of files and data
        self.numbers = itertools.count(1)
        self.buffer = b""
        self.events = []
        self.session = None

    def __enter__(self):
        if not os.access(CHROMIUM, os.X_OK):
            raise ChromiumError(f"no {CHROMIUM}: install Debian's package chromium (tools/test does)")
        self.profile = tempfile.mkdtemp(prefix="daybook-chromium-")
        commands_read, self.commands = os.pipe()
        self.answers, answers_write = os.pipe()
        self.log = open(os.path.join(self.profile, "stderr"), "wb")
        places = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), self.profile)
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", LAUNCH, "sh", str(commands_read), str(answers_write), CHROMIUM, *FLAGS,
             f"--user-data-dir={self.profile}/profile", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log, env={**os.environ, **places},
            pass_fds=(commands_read, answers_write), start_new_session=True)
        os.close(commands_read)
        os.close(answers_write)
        os.set_blocking(self.commands, False)
        try:
            self.attach()
        except BaseException:
            self.__exit__()
            raise
        return self

    def attach(self):
        """Takes the first page there is."""
        pages, deadline = [], time.monotonic() + self.timeout
        while not pages:
            targets = self.command("Target.getTargets", session=None)["targetInfos"]
            pages = [target["targetId"] for target in targets if target["type"] == "page"]
            if not pages and time.monotonic() > deadline:
                raise ChromiumError(f"no page\n{self.stderr()}")
            time.sleep(0 if pages else 0.05)
        attached = self.command("Target.attachToTarget", targetId=pages[0], flatten=True, session=None)
        self.session = attached["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Log", "Network"):
            self.command(f"{domain}.enable")
        self.command("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=0,
                     uploadThroughput=0)

    def __exit__(self, *_):
        try:
            self.send(next(self.numbers), "Browser.close", {}, None)
            self.process.wait(5)
        except (ChromiumError, OSError, subprocess.TimeoutExpired):
            pass
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its group is its own, and what is left of it ends, too
        except ProcessLookupError:
            pass
        self.process.wait(10)
        for descriptor in (self.commands, self.answers):
            os.close(descriptor)
        self.log.close()
        shutil.rmtree(self.profile, ignore_errors=True)

    def stderr(self):
        return Path(self.profile, "stderr").read_text(errors="replace")[-2000:]

    # The protocol: JSON objects, each followed by a zero byte

    def command(self, method, timeout=None, session=0, **parameters):
        """Sends a command, to the page unless told otherwise, and returns its result."""
        number, deadline = next(self.numbers), time.monotonic() + (timeout or self.timeout)
        self.send(number, method, parameters, self.session if session == 0 else session, deadline)
        while True:
            message = self.receive(deadline, method)
            if message.get("id") == number:
                if "error" in message:
                    raise ChromiumError(f"{method}: {message['error']['message']}")
                return message["result"]

    def send(self, number, method, parameters, session, deadline=None):
        message = {"id": number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        data = memoryview(json.dumps(message).encode() + b"\0")
        deadline = deadline or time.monotonic() + 5
        while data:
            self.wait_for([], [self.commands], deadline, method)
            try:
                data = data[os.write(self.commands, data):]
            except BlockingIOError:
                continue
            except BrokenPipeError:
                raise ChromiumError(f"{method}: the browser has ended\n{self.stderr()}") from None

    def wait_for(self, readable, writable, deadline, what):
        if not any(select.select(readable, writable, [], max(0, deadline - time.monotonic()))):
            raise ChromiumError(f"{what}: no answer in time\n{self.stderr()}")

    def receive(self, deadline, what):
        """The next message; an event is looked at here, and kept."""
        while b"\0" not in self.buffer:
            self.wait_for([self.answers], [], deadline, what)
            piece = os.read(self.answers, 1 << 20)
            if not piece:
                raise ChromiumError(f"{what}: the browser has ended\n{self.stderr()}")
            self.buffer += piece
        text, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(text)
        if "method" in message:
            self.note(message["method"], message.get("params", {}))
        return message

    def note(self, method, parameters):
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            self.errors.append(described(parameters["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "assert"):
            self.errors.append(" ".join(str(each.get("value", each.get("description"))) for each in parameters["args"]))
        elif method == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.errors.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            address = parameters["request"]["url"]
            self.requests += [address] * (not address.startswith(("file:", "data:", "about:")))

    # What tests ask for

    def open(self, address):
        """Loads a file, or a URL, until its load event."""
        address = str(address)
        if "://" not in address and not address.startswith(("about:", "data:")):
            address = Path(address).resolve().as_uri()
        self.events.clear()
        result = self.command("Page.navigate", url=address)
        if result.get("errorText"):
            raise ChromiumError(f"{address}: {result['errorText']}")
        deadline = time.monotonic() + self.timeout
        while "Page.loadEventFired" not in self.events:
            self.receive(deadline, address)

    def evaluate(self, expression, await_promise=True, timeout=None):
        """The JSON value of an expression, or of what its promise comes to."""
        answer = self.command("Runtime.evaluate", timeout, expression=expression, awaitPromise=await_promise,
                              returnByValue=True)
        if "exceptionDetails" in answer:
            raise ScriptError(described(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_until(self, expression, timeout=None):
        """Until an expression is true; its value."""
        deadline = time.monotonic() + (timeout or self.timeout)
        while True:
            value = self.evaluate(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise ChromiumError(f"never true: {expression}")
            time.sleep(0.05)

    def set_file(self, selector, path):
        """Chooses a file in an <input type="file">."""
        root = self.command("DOM.getDocument")["root"]["nodeId"]
        node = self.command("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        if not node:
            raise ChromiumError(f"no element {selector}")
        self.command("DOM.setFileInputFiles", nodeId=node, files=[str(Path(path).resolve())])

    def screenshot(self, path, width=1200, height=800, dark=False):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.command("Emulation.setEmulatedMedia", features=[scheme])
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                     mobile=False)
        shot = self.command("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def print_pdf(self, path):
        printed = self.command("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        Path(path).write_bytes(base64.b64decode(printed["data"]))


def described(details):
    exception = details.get("exception", {})
    return exception.get("description") or str(exception.get("value", details.get("text")))
