"""A PostgreSQL of our own: on a free loopback port, in a temporary folder, run by a user without privileges."""
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def programs():
    """The folder of initdb and postgres; Debian keeps them out of PATH."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += [Path(p) for p in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise RuntimeError("PostgreSQL is not installed; run: apt-get install postgresql")


class Postgres:
    """Started when it is made; `stop` ends it by its process id and removes its files."""

    def __init__(self):
        self.bin = programs()
        # PostgreSQL refuses to run as root.
        self.user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="daybook-postgres-"))
        if self.user:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self.port = self._free_port()
        data = self.folder / "data"
        self._run(self.bin / "initdb", "-D", data, "-U", "daybook", "-A", "trust", "--no-sync", "-E", "UTF8",
                  "--locale=C.UTF-8")
        self.log = open(self.folder / "log", "wb")
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(self.port), "-k", self.folder,
             "-c", "fsync=off"],
            stdout=self.log, stderr=self.log, cwd=self.folder, **self._as_user())
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @staticmethod
    def _free_port():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def _as_user(self):
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}

    def _run(self, *arguments):
        done = subprocess.run([str(a) for a in arguments], capture_output=True, cwd=self.folder, **self._as_user())
        if done.returncode != 0:
            raise RuntimeError(f"{arguments[0]}: {done.stderr.decode()}")

    def _wait(self):
        for _ in range(300):
            if self.process.poll() is not None:
                break
            done = subprocess.run(["psql", "-X", "-c", "SELECT 1", "postgres"], capture_output=True,
                                  env={**os.environ, **self.variables})
            if done.returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text())

    @property
    def variables(self):
        return {"PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "daybook"}

    def url(self, database):
        return f"postgresql://daybook@127.0.0.1:{self.port}/{database}"

    def sql(self, database, statement):
        """Runs SQL; returns the rows as lines of text."""
        done = subprocess.run(
            ["psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", database], input=statement.encode(),
            capture_output=True, env={**os.environ, **self.variables})
        if done.returncode != 0:
            raise RuntimeError(done.stderr.decode())
        return done.stdout.decode().splitlines()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(20)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)
