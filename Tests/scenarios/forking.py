"""Runs tools/verify.py many times without starting Python as often: a process that has it loaded, and forks for each run.

As a program: reads lines of JSON, {"cwd", "argv", "out", "err"}, and answers each with a line: the exit code.
"""
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading

TIME_LIMIT = 15  # in seconds; nothing here takes more than one


class Verifiers:
    """A few such processes, for several threads."""

    def __init__(self, script, environment):
        self.script, self.environment = script, environment
        self.local, self.all = threading.local(), []

    def run(self, cwd, *argv):
        """The exit code (negative for a signal), output and errors of one run, as subprocess.run would give them."""
        if not hasattr(self.local, "process"):
            self.local.process = subprocess.Popen(
                [sys.executable, __file__, self.script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                env=self.environment)
            self.all.append(self.local.process)
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            request = {"cwd": str(cwd), "argv": argv, "out": out.name, "err": err.name}
            self.local.process.stdin.write(json.dumps(request) + "\n")
            self.local.process.stdin.flush()
            code = int(self.local.process.stdout.readline())
            return subprocess.CompletedProcess(argv, code, out.read(), err.read())

    def close(self):
        for process in self.all:
            process.stdin.close()
            process.stdout.close()
            process.wait(10)


def serve(script):
    spec = importlib.util.spec_from_file_location("verify", script)
    verify = importlib.util.module_from_spec(spec)
    sys.modules["verify"] = verify
    spec.loader.exec_module(verify)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            for path, descriptor in ((request["out"], 1), (request["err"], 2)):
                os.dup2(os.open(path, os.O_WRONLY), descriptor)
            os.chdir(request["cwd"])
            sys.argv = [script, *request["argv"]]
            signal.alarm(TIME_LIMIT)  # a hang ends by SIGALRM
            sys.exit(verify.main())
        status = os.waitpid(child, 0)[1]
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve(sys.argv[1])
