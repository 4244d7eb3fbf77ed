"""Many writers at once, writers that are killed, disks that are full."""
import concurrent.futures
import fcntl
import json
import os
import random
import subprocess
import threading
import time

from scenario import BUSY, IO_ERROR, Scenario, binary, event


class ManyWriters(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_sixteen_processes_append_and_nothing_is_lost(self):
        def work(n):
            return [self.append("--subject", f"s{n % 3}", "--id", f"{n}-{i}") for i in range(8)]
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            receipts = [r for some in pool.map(work, range(16)) for r in some]
        self.assertEqual(sorted(r["position"] for r in receipts), list(range(1, 129)))
        hashes = {line["position"]: line["hash"] for line in self.log()}
        for receipt in receipts:
            self.assertEqual(hashes[receipt["position"]], receipt["hash"])
            self.assertEqual(hashes[receipt["position"] - 1], receipt["previous"])
        self.write("all.jsonl", "\n".join(json.dumps(r) for r in receipts))
        self.assertEqual(self.assert_sound("--receipt", "all.jsonl")["size"], 129)

    def test_the_same_event_from_sixteen_at_once_is_recorded_once(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            receipts = list(pool.map(lambda _: self.append("--id", "i", "--source", "//s", "--subject", "a"), range(16)))
        self.assertEqual({r["position"] for r in receipts}, {1})
        self.assertEqual(sum(not r["duplicate"] for r in receipts), 1)
        self.assertEqual(self.size(), 2)

    def test_of_sixteen_that_expect_the_same_version_one_wins(self):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            codes = list(pool.map(lambda n: self.run_daybook(
                "append", "--type", "a.b", "--subject", "a", "--expect", "none", "--id", str(n)).code, range(16)))
        self.assertEqual(sorted(codes), [0] + [12] * 15)

    def test_readers_and_verifiers_never_disturb_and_see_whole_states(self):
        stop = time.monotonic() + 1.5
        def write(n):
            count = 0
            while time.monotonic() < stop:
                self.append("--subject", f"s{n}")
                count += 1
            return count
        def read(_):
            while time.monotonic() < stop:
                self.assert_sound()
                self.ok("prove", str(self.size() - 1))
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            writers, readers = pool.map(write, range(2)), pool.map(read, range(2))
            list(readers)
            written = sum(writers)
        self.assertEqual(self.size(), 1 + written)

    def test_who_waits_too_long_for_its_turn_is_told_that_it_is_busy(self):
        self.append()
        with open(self.path("evidence.db-lock"), "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            start = time.monotonic()
            self.refused(BUSY, "append", "--type", "a.b", "--wait", "0", says="evidence.db")
            self.refused(BUSY, "append", "--type", "a.b", "--wait", "1")
            self.assertLess(time.monotonic() - start, 5)
            self.assert_sound()
        self.append()
        self.assertEqual(self.size(), 3)

    def test_refuses_waits_that_are_none(self):
        for value in ("-1", "x", "", "1.5", "86401"):
            self.refused(64, "append", "--type", "a.b", f"--wait={value}", says="wait")


class Kills(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_every_receipt_that_was_printed_before_a_kill_is_in_the_ledger(self):
        seed = random.randrange(2**32)
        print(f"[kills: seed {seed}] ", end="", flush=True)
        draw = random.Random(seed)
        receipts = []
        for round in range(12):
            process = subprocess.Popen(
                [binary(), "append", "--ledger", "evidence.db", "--batch", "-", "--chunk", str(draw.choice([1, 3, 10])),
                 "-o", "json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder, env=self.environment)
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                text = "".join(json.dumps(event(round * 1000 + n)) + "\n" for n in range(1000)).encode()
                def feed():
                    try:
                        process.stdin.write(text)
                        process.stdin.close()
                    except OSError:
                        pass
                fed = pool.submit(feed)
                killer = threading.Timer(draw.uniform(0.01, 0.15), process.kill)
                killer.start()
                out = process.stdout.read()
                process.wait(20)
                killer.cancel()
                fed.result(20)
            for pipe in (process.stdin, process.stdout):
                try:
                    pipe.close()
                except OSError:
                    pass
            whole = out[:out.rfind(b"\n") + 1]
            receipts += [json.loads(line) for line in whole.splitlines()]
        self.write("r.jsonl", "\n".join(json.dumps(r) for r in receipts))
        self.assertTrue(receipts, "no receipt before any kill: kill later")
        report = self.assert_sound("--receipt", "r.jsonl")
        self.assertGreater(report["size"], max(r["position"] for r in receipts))
        self.append("--subject", "after")

    def test_init_that_is_killed_leaves_a_whole_ledger_or_none(self):
        for number in range(15):
            process = subprocess.Popen([binary(), "init", "--ledger", f"l{number}.db", "--origin", "x.org/y"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.folder, env=self.environment)
            time.sleep(0.001 * number)
            process.kill()
            process.wait()
            if self.path(f"l{number}.db").exists():
                self.assert_sound(ledger=f"l{number}.db")


class FullDisk(Scenario):
    def test_a_full_disk_is_an_io_error_and_harms_nothing(self):
        if os.geteuid() != 0:
            self.skipTest("a small disk needs root to mount")
        disk = self.path("disk")
        disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, text=True)
        if done.returncode != 0:
            self.skipTest(f"mount -t tmpfs: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(disk)], capture_output=True)
        self.ledger = "disk/evidence.db"
        self.init()
        result = self.batch([event(n, data="x" * 4000) for n in range(400)], "--chunk", "10")
        self.assertEqual(result.code, IO_ERROR, repr(result))
        self.assertIn("full", result.err)
        receipts = result.lines
        self.write("r.jsonl", result.raw)
        self.assert_sound("--receipt", "r.jsonl")
        self.assertEqual(self.size(), 1 + len(receipts))
        self.write("f", "x" * 900_000)
        self.refused(IO_ERROR, "attach", "f")
        result = self.run_daybook("init", "--origin", "x.org/y", ledger="disk/other.db")
        if result.code != 0:
            self.assertIn(result.code, (IO_ERROR, 73), repr(result))
            self.assertFalse(self.path("disk/other.db").exists())
