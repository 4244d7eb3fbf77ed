"""Reading: log, show, head, checkpoint, attachments."""
import hashlib
import json
import os
import signal
import subprocess
import threading
import time

from scenario import BAD_INPUT, NO_INPUT, USAGE, Scenario, binary, event, wait_until
from trees import parse_checkpoint, root_of

HUGE = ("9223372036854775807", "9223372036854775808", "18446744073709551615")


class Log(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(30)

    def positions(self, *arguments):
        return [line["position"] for line in self.log(*arguments)]

    def test_lines_have_the_stated_shape(self):
        for line in self.log():
            self.assertEqual(set(line), {"position", "hash", "event"})

    def test_lists_all_in_order(self):
        self.assertEqual(self.positions(), list(range(31)))

    def test_filters(self):
        self.assertEqual(self.positions("--subject", "release/shop/3"), [4, 11, 18, 25])
        self.assertEqual(self.positions("--subject", "ledger"), [0])
        self.assertEqual(self.positions("--subject", "release/shop"), [])
        self.assertEqual(self.positions("--type", "com.example.step.done", "--limit", "2"), [1, 2])
        self.assertEqual(self.positions("--type", "ledger.created"), [0])
        self.assertEqual(self.positions("--type", "release.cut"), [])
        self.assertEqual(self.positions("--from", "28"), [28, 29, 30])
        self.assertEqual(self.positions("--to", "1"), [0, 1])
        self.assertEqual(self.positions("--from", "5", "--to", "6"), [5, 6])
        self.assertEqual(self.positions("--from", "6", "--to", "5"), [])
        self.assertEqual(self.positions("--last", "2"), [29, 30])
        self.assertEqual(self.positions("--last", "0"), [])
        self.assertEqual(self.positions("--last", "99"), list(range(31)))
        self.assertEqual(self.positions("--last", "10", "--subject", "release/shop/3"), [25])
        self.assertEqual(self.positions("--subject", "release/shop/3", "--from", "5", "--limit", "1"), [11])

    def test_numbers_beyond_the_end_are_no_error(self):
        for number in HUGE:
            with self.subTest(number):
                self.assertEqual(self.positions("--from", number), [])
                self.assertEqual(len(self.positions("--to", number)), 31)
                self.assertEqual(len(self.positions("--last", number)), 31)
        self.assertEqual(len(self.positions("--limit", HUGE[0])), 31)

    def test_refuses_bad_numbers_and_times(self):
        for option in ("--from", "--to", "--last", "--limit"):
            for value in ("-1", "x", "", "1.5", "99999999999999999999", "0x10", " 1"):
                with self.subTest(option=option, value=value):
                    self.refused(USAGE, "log", f"{option}={value}", says=option)
        for option in ("--since", "--until"):
            for value in ("", "yesterday", "2026-13-01", "2026-02-30", "2026-01-01T00:00:00", "2026-1-1", "1767225600",
                          "2026-01-01T24:00:00Z"):
                with self.subTest(option=option, value=value):
                    self.refused(USAGE, "log", f"{option}={value}", says=option)
        self.refused(USAGE, "log", "--limit", "0")
        self.refused(USAGE, "log", "--from", "1", "--last", "1")

    def test_since_is_included_and_until_is_not(self):
        times = [line["event"]["recordedtime"] for line in self.log()]
        time.sleep(0.01)
        self.append("--subject", "a")
        self.append("--subject", "a")
        last = self.log()[-1]["event"]["recordedtime"]
        self.assertEqual(self.positions("--since", last), [32])
        self.assertEqual(self.positions("--until", last), list(range(32)))
        self.assertEqual(self.positions("--until", times[0]), [])
        self.assertEqual(len(self.positions("--since", times[0])), 33)
        self.assertEqual(self.positions("--since", "2999-01-01"), [])
        self.assertEqual(len(self.positions("--since", "2020-01-01", "--until", "2999-01-01T00:00:00+02:00")), 33)
        shifted = f"{int(last[:4])}{last[4:-1]}+00:00"
        self.assertEqual(self.positions("--since", shifted), [32])

    def test_the_table_has_one_row_an_entry_and_no_headings_off_a_terminal(self):
        rows = self.ok("log").out.splitlines()
        self.assertEqual(len(rows), 31)
        self.assertEqual(rows[1].split("\t")[0], "1")
        self.assertEqual(rows[1].split("\t")[-1], "e0")

    def test_no_event_can_write_to_the_terminal(self):
        self.append("--subject", "a\u202eb", "--actor", "x\u2066y")
        self.batch([event(99, data={"x": "\u001b[31m\u0007\u009b31m"})])
        out = self.ok("log", "--last", "2").out + self.ok("show", "32").out
        for character in "\u001b\u0007\u009b\u202e\u2066":
            self.assertNotIn(character, out, f"U+{ord(character):04X}")

    def follow(self, *arguments):
        process = subprocess.Popen([binary(), "log", "--ledger", "evidence.db", "--follow", "-o", "json", *arguments],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder, env=self.environment)
        lines = []
        reader = threading.Thread(target=lambda: lines.extend(iter(process.stdout.readline, b"")), daemon=True)
        reader.start()

        def stop():
            process.kill()
            process.wait(10)
            reader.join(10)
            process.stdout.close()
            process.stderr.close()
        self.addCleanup(stop)
        return process, lines

    def test_follow_goes_on_with_new_entries(self):
        process, lines = self.follow("--last", "1")
        self.assertTrue(wait_until(lambda: len(lines) == 1), lines)
        self.append("--subject", "new")
        self.append("--subject", "newer")
        self.assertTrue(wait_until(lambda: len(lines) == 3), lines)
        self.assertEqual([json.loads(line)["position"] for line in lines], [30, 31, 32])
        # Not SIGINT, which a shell lets its background jobs ignore.
        process.send_signal(signal.SIGTERM)
        self.assertNotEqual(process.wait(5), 0)

    def test_follow_with_a_filter_shows_only_what_fits(self):
        _, lines = self.follow("--subject", "wanted", "--last", "0")
        time.sleep(0.3)
        self.append("--subject", "other")
        self.append("--subject", "wanted")
        self.assertTrue(wait_until(lambda: lines), lines)
        self.assertEqual([json.loads(line)["position"] for line in lines], [32])

    def test_follow_until_a_time_to_come_still_follows(self):
        _, lines = self.follow("--last", "0", "--until", "2999-01-01")
        time.sleep(0.3)
        self.append("--subject", "a")
        self.assertTrue(wait_until(lambda: lines, 3), "nothing came")

    def test_follow_ends_when_all_that_was_asked_for_is_there(self):
        process, lines = self.follow("--limit", "3")
        self.assertEqual(process.wait(10), 0)
        process, lines = self.follow("--to", "5")
        try:
            self.assertEqual(process.wait(5), 0)
        except subprocess.TimeoutExpired:
            self.fail("log --follow --to 5 waits for what can never come")


class Show(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_finds_by_position_and_by_id(self):
        receipt = self.append("--id", "build-7", "--subject", "s")
        self.assertEqual(self.ok("show", "1", "-o", "json").json, self.ok("show", "build-7", "-o", "json").json)
        self.assertEqual(self.ok("show", "1", "-o", "json").json["hash"], receipt["hash"])
        self.assertIn("build-7", self.ok("show", "1").out)

    def test_an_id_of_two_sources_needs_the_source(self):
        self.append("--id", "i", "--source", "//a")
        self.append("--id", "i", "--source", "//b")
        self.refused(BAD_INPUT, "show", "i", says=["1, 2", "--source"])
        self.assertEqual(self.ok("show", "i", "--source", "//b", "-o", "json").json["position"], 2)
        self.refused(NO_INPUT, "show", "i", "--source", "//c")

    def test_an_id_of_many_sources_is_found_by_any_of_them(self):
        self.assertEqual(self.batch([event(0, source=f"//s/{n}") for n in range(40)]).code, 0)
        for n in (0, 19, 20, 39):
            self.assertEqual(self.ok("show", "e0", "--source", f"//s/{n}", "-o", "json").json["position"], n + 1)

    def test_an_id_that_is_a_number_is_found_where_it_is_no_position(self):
        self.append("--id", "77")
        self.assertEqual(self.ok("show", "77", "-o", "json").json["position"], 1)

    def test_what_is_not_there_is_no_such_input(self):
        for name in ("2", "none", "", *HUGE, "99999999999999999999", "%"):
            with self.subTest(name):
                self.refused(NO_INPUT, "show", "--", name)

    def test_head_says_size_root_and_last_hash(self):
        self.fill(9)
        entries = self.log()
        head = self.ok("head", "-o", "json").json
        self.assertEqual(set(head), {"origin", "size", "root", "hash"})
        self.assertEqual(head["hash"], entries[-1]["hash"])
        leaves = [bytes.fromhex(e["hash"]) for e in entries]
        self.assertEqual((head["size"], head["root"]), (10, root_of(leaves).hex()))
        note = self.ok("checkpoint").out
        self.assertEqual(parse_checkpoint(note), ("example.com/shop", 10, root_of(leaves)))
        self.assertEqual(self.ok("checkpoint", "-o", "json").json, {"checkpoint": note})
        self.assertIn(head["root"], self.ok("head").out)


class Attachments(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_bytes_come_back_as_they_were(self):
        for number, content in enumerate((b"", b"\0\xff\r\n\x1a" * 99, os.urandom(5_000_000), "è".encode())):
            path = self.write("file", content)
            digest = hashlib.sha256(content).hexdigest()
            with self.subTest(len(content)):
                self.append("--subject", "a", "--attach", f"log={path}")
                line = self.log("--last", "1")[0]["event"]
                self.assertEqual(line["data"]["attachments"],
                                 [{"name": "log", "digest": f"sha256:{digest}", "size": len(content)}])
                self.assertEqual(self.ok("cat", digest).raw, content)
                self.assertEqual(self.ok("cat", f"sha256:{digest}").raw, content)
        self.assert_sound()

    def test_several_go_with_data_of_their_event(self):
        self.write("a", "1")
        self.write("b=c", "2")
        self.append("--data", '{"x":1}', "--attach", "a=a", "--attach", "è b=b=c")
        data = self.log("--last", "1")[0]["event"]["data"]
        self.assertEqual([a["name"] for a in data["attachments"]], ["a", "è b"])
        self.assertEqual(data["x"], 1)

    def test_refuses_what_cannot_be_attached_and_records_nothing(self):
        self.write("f", "x")
        for code, arguments in ((NO_INPUT, ["--attach", "a=none"]), (USAGE, ["--attach", "f"]), (USAGE, ["--attach", "=f"]),
                                (USAGE, ["--attach", "a="]), (USAGE, ["--attach", ""]),
                                (USAGE, ["--attach", "a=f", "--data", "[1]"]), (USAGE, ["--attach", "a=f", "--data", "null"]),
                                (USAGE, ["--attach", "a=f", "--data", '{"attachments":[]}'])):
            with self.subTest(arguments):
                self.refused(code, "append", "--type", "a.b", *arguments)
        result = self.run_daybook("append", "--type", "a.b", "--attach", "a=.")
        self.assertNotEqual(result.code, 0)
        self.assertEqual(self.size(), 1)

    def test_a_refused_event_leaves_no_attachment_behind(self):
        self.append("--subject", "a")
        self.write("f", "x")
        self.run_daybook("append", "--type", "a.b", "--subject", "a", "--expect", "none", "--attach", "a=f")
        self.refused(NO_INPUT, "cat", hashlib.sha256(b"x").hexdigest())

    def test_attach_prints_the_digest(self):
        digest = hashlib.sha256(b"x").hexdigest()
        self.write("f", "x")
        self.assertEqual(self.ok("attach", "f").out, f"sha256:{digest}\n")
        self.assertEqual(self.ok("attach", "-", "-o", "json", stdin="x").json, {"digest": f"sha256:{digest}", "size": 1})
        self.refused(NO_INPUT, "attach", "none", says="none")
        self.assertEqual(self.ok("cat", digest).out, "x")
        self.assertEqual(self.size(), 1)
        self.assert_sound()

    def test_cat_refuses_what_is_no_digest_or_not_there(self):
        for text in ("", "x", "sha256:", "sha512:" + "0" * 64, "0" * 63, "0" * 65, "g" * 64, "../evidence.key"):
            with self.subTest(text):
                self.refused(USAGE, "cat", "--", text)
        self.refused(NO_INPUT, "cat", "0" * 64)
