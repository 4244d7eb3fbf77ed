"""Recording a file of events."""
import json
import os
import subprocess
import threading

from scenario import BAD_INPUT, CONFLICT, NO_INPUT, USAGE, Scenario, binary, event, wait_until

BOM = b"\xef\xbb\xbf"


def line(number, **members):
    return json.dumps(event(number, **members)).encode()


class Batch(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def from_file(self, content, *arguments, **more):
        self.write("batch.jsonl", content)
        return self.run_daybook("append", "--batch", "batch.jsonl", "-o", "json", *arguments, **more)

    def test_gives_one_receipt_an_event_in_order(self):
        receipts = self.fill(25, chunk=10)
        self.assertEqual([r["position"] for r in receipts], list(range(1, 26)))
        self.assertEqual([r["id"] for r in receipts], [f"e{i}" for i in range(25)])
        self.assertEqual([r["hash"] for r in receipts], [e["hash"] for e in self.log("--from", "1")])
        self.assertEqual(len({r["checkpoint"] for r in receipts}), 3)
        self.assert_sound()

    def test_reads_a_file_standard_input_and_a_pipe(self):
        self.assertEqual(self.from_file(line(0) + b"\n").code, 0)
        self.assertEqual(self.run_daybook("append", "--batch", "-", stdin=line(1) + b"\n").code, 0)
        self.write("third.jsonl", line(2))
        with open(self.path("third.jsonl")) as source:
            self.assertEqual(self.run_daybook("append", "--batch", "-", stdin=source).code, 0)
        os.mkfifo(self.path("pipe"))
        threading.Thread(target=lambda: self.path("pipe").write_bytes(line(3)), daemon=True).start()
        self.assertEqual(self.run_daybook("append", "--batch", "pipe").code, 0)
        self.assertEqual(self.size(), 5)

    def test_the_table_counts(self):
        out = self.run_daybook("append", "--batch", "-", stdin=line(0) + b"\n" + line(1) + b"\n" + line(1)).out
        self.assertRegex(out, r"events +3\nduplicates +1\n")

    def test_line_ends_may_be_crlf_and_the_last_may_be_missing(self):
        self.assertEqual(self.from_file(line(0) + b"\r\n" + line(1)).code, 0)
        self.assertEqual([e["event"]["id"] for e in self.log("--from", "1")], ["e0", "e1"])

    def test_empty_lines_are_passed_over_but_counted(self):
        result = self.from_file(b"\n\r\n" + line(0) + b"\n  \n{\n")
        self.check_refusal(result, BAD_INPUT, "batch.jsonl:5")

    def test_a_batch_without_an_event_is_a_failure(self):
        for content in (b"", b"\n", b" \r\n\n"):
            with self.subTest(content):
                self.check_refusal(self.from_file(content), BAD_INPUT, "no event")
        self.check_refusal(self.run_daybook("append", "--batch", "-"), BAD_INPUT, "no event")

    def test_a_batch_file_that_is_not_there_is_named(self):
        self.refused(NO_INPUT, "append", "--batch", "none.jsonl", says="none.jsonl")
        self.path("folder").mkdir()
        result = self.run_daybook("append", "--batch", "folder")
        self.assertNotEqual(result.code, 0)
        self.assertIn("folder", result.err)

    def test_names_the_line_of_anything_refused(self):
        good = [line(i) for i in range(6)]
        for bad in self.bad_lines().values():
            for place in (0, 3, 6):
                lines = good[:place] + [bad] + good[place:]
                result = self.from_file(b"\n".join(lines) + b"\n")
                with self.subTest(bad=bad[:60], place=place):
                    self.check_refusal(result, BAD_INPUT, f"batch.jsonl:{place + 1}:")
                    self.assertLess(len(result.err), 1000)
        self.assertEqual(self.size(), 1, "all or nothing")

    @staticmethod
    def bad_lines():
        def with_data(text):
            return line(99).replace(b'"data": {', b'"data": ' + text + b', "subject2": {', 1)
        return {
            "not JSON": b"hello", "cut": line(99)[:-1], "array": b"[]", "null": b"null", "number": b"1",
            "NUL byte": line(99).replace(b"e99", b"e\x0099"), "bare NUL": b"\0",
            "duplicate name": line(99)[:-1] + b',"id":"z"}',
            "hidden duplicate name": line(99)[:-1] + b',"\\u0069d":"z"}',
            "lone surrogate": line(99).replace(b"e99", b"\\ud800"),
            "lone low surrogate": line(99).replace(b"e99", b"\\udc00x"),
            "encoded surrogate": line(99).replace(b"e99", b"\xed\xa0\x80"),
            "overlong": line(99).replace(b"e99", b"\xc0\x80"), "latin-1": line(99).replace(b"e99", b"\xe9"),
            "BOM": BOM + line(99), "huge number": with_data(b"1e400"), "NaN": with_data(b"NaN"),
            "unsafe integer": with_data(b"9007199254740993"), "unsafe negative": with_data(b"-9007199254740992"),
            "two values": line(99) + b" {}", "comment": line(99) + b" // x", "single quotes": b"{'id':1}",
            "deep": b'{"specversion":"1.0","id":"x","source":"a","type":"t","data":' + b"[" * 1000 + b"]" * 1000 + b"}",
            "deep and cut": b"[" * 1000, "no id": b'{"specversion":"1.0","source":"a","type":"t"}',
            "no specversion": b'{"id":"1","source":"a","type":"t"}',
            "wrong specversion": b'{"specversion":"0.3","id":"1","source":"a","type":"t"}',
            "number as specversion": b'{"specversion":1.0,"id":"1","source":"a","type":"t"}',
            "empty id": line(99, id=""), "number as id": line(99, id=7), "null id": line(99, id=None),
            "bad source": line(99, source="a b"), "empty type": line(99, type=""), "empty subject": line(99, subject=""),
            "bad time": line(99, time="noon"), "recordedtime": line(99, recordedtime="2026-01-01T00:00:00.000000Z"),
            "streamversion": line(99, streamversion=1), "object attribute": line(99, trace={"a": 1}),
            "float attribute": line(99, weight=1.5), "large attribute": line(99, weight=2**31),
            "capital attribute": line(99, Trace="x"), "long attribute": line(99, **{"a" * 21: "x"}),
            "empty attribute name": line(99, **{"": "x"}), "both data": line(99, data_base64="AA=="),
            "bad base64": json.dumps({k: v for k, v in event(99, data_base64="A").items() if k != "data"}).encode(),
            "control character": line(99, subject="a\u0001"), "noncharacter": line(99, subject="a\uffff"),
            "reserved type": line(99, type="dev.daybook.ledger.created.v1"),
            "relative dataschema": line(99, dataschema="a/b"), "bad content type": line(99, datacontenttype="json"),
            "above the limit": line(99, data="x" * 61_440),
        }

    def test_a_line_of_ten_megabytes_is_refused_by_its_number_and_soon(self):
        for big in (line(99, data="x" * 10_000_000), b"x" * 10_000_000, b"[" * 10_000_000, b"\0" * 10_000_000):
            result = self.from_file(line(0) + b"\n" + big + b"\n" + line(1) + b"\n", timeout=20)
            self.check_refusal(result, BAD_INPUT, "batch.jsonl:2")
            self.assertLess(len(result.err), 1000)
        self.assertEqual(self.size(), 1)

    def test_all_or_nothing_per_chunk(self):
        lines = [line(i) for i in range(25)]
        lines[14] = b"{"
        result = self.from_file(b"\n".join(lines), "--chunk", "10")
        self.assertEqual(result.code, BAD_INPUT, repr(result))
        self.assertIn("batch.jsonl:15", result.err)
        self.assertEqual([r["id"] for r in result.lines], [f"e{i}" for i in range(10)],
                         "the receipts of what was recorded are printed")
        self.assertEqual(self.size(), 11)
        self.assert_sound()

    def test_mended_and_sent_again_the_batch_is_complete_and_nothing_stands_twice(self):
        lines = [line(i) for i in range(25)]
        self.from_file(b"\n".join(lines[:14] + [b"{"] + lines[15:]), "--chunk", "10")
        result = self.from_file(b"\n".join(lines), "--chunk", "10")
        self.assertEqual([r["duplicate"] for r in result.lines], [True] * 10 + [False] * 15)
        self.assertEqual(self.size(), 26)

    def test_a_conflict_names_its_line_and_nothing_of_its_chunk_is_recorded(self):
        self.fill(1)
        lines = [line(10), line(11), line(0, subject="other"), line(12)]
        self.check_refusal(self.from_file(b"\n".join(lines)), CONFLICT, "line 3")
        self.assertEqual(self.size(), 2)

    def test_the_same_event_twice_in_one_batch_is_recorded_once(self):
        receipts = self.batch([event(0), event(1), event(0)]).lines
        self.assertEqual([(r["position"], r["duplicate"]) for r in receipts], [(1, False), (2, False), (1, True)])
        self.check_refusal(self.batch([event(5), event(5, data=2)]), CONFLICT, "line 2")
        self.assertEqual(self.size(), 3)

    def test_null_attributes_are_left_out_and_null_data_is_kept(self):
        self.assertEqual(self.batch([event(0, actor=None, subject=None, data=None)]).code, 0)
        stored = self.log("--from", "1")[0]["event"]
        self.assertNotIn("actor", stored)
        self.assertNotIn("subject", stored)
        self.assertIn("data", stored)

    def test_foreign_attributes_and_data_are_kept_as_they_are(self):
        sent = event(0, correlationid="c", causationid="d", sampled=True, weight=-(2**31), dataschema="urn:x:y",
                     datacontenttype="application/json; charset=utf-8", traceparent="00-x")
        self.assertEqual(self.batch([sent]).code, 0)
        stored = self.log("--from", "1")[0]["event"]
        self.assertEqual({k: stored[k] for k in sent}, sent)
        self.assertEqual(set(stored) - set(sent), {"recordedtime", "streamversion"})
        plain = {k: v for k, v in event(1).items() if k != "data"}
        self.assertEqual(self.batch([{**plain, "data_base64": "AAEC"}]).code, 0)
        self.assert_sound()

    def test_depth_up_to_the_limit_is_kept(self):
        deep = '{"specversion":"1.0","id":"x","source":"a","type":"t","data":' + "[" * 511 + "]" * 511 + "}"
        self.assertEqual(self.batch([deep]).code, 0)
        self.assert_sound()

    def test_receipts_of_a_batch_are_kept_one_a_line(self):
        result = self.from_file(b"\n".join(line(i) for i in range(5)), "--chunk", "2", "--receipt", "r.jsonl")
        self.assertEqual(self.path("r.jsonl").read_bytes(), result.raw)
        self.assert_sound("--receipt", "r.jsonl")

    def test_receipts_of_the_chunks_before_a_refusal_are_kept(self):
        lines = [line(0), line(1), b"{"]
        result = self.from_file(b"\n".join(lines), "--chunk", "2", "--receipt", "r.jsonl")
        self.assertEqual(result.code, BAD_INPUT)
        self.assertTrue(self.path("r.jsonl").exists(), "two events are recorded, their receipts are lost")
        self.assertEqual(self.path("r.jsonl").read_bytes(), result.raw)

    def test_the_options_of_a_single_event_do_not_go_with_a_batch(self):
        self.write("batch.jsonl", line(0))
        for option in (["--type", "a"], ["--subject", "a"], ["--data", "1"], ["--id", "a"], ["--source", "a"],
                       ["--actor", "a"], ["--time", "2026-01-01T00:00:00Z"], ["--expect", "1"], ["--attach", "a=b"]):
            with self.subTest(option):
                self.refused(USAGE, "append", "--batch", "batch.jsonl", *option, says="--batch")

    def test_refuses_chunks_out_of_range(self):
        for chunk in ("0", "-1", "100001", "x", "", "1.5", "99999999999999999999"):
            with self.subTest(chunk):
                self.refused(USAGE, "append", "--batch", "x", f"--chunk={chunk}", says="chunk")

    def test_receipts_come_while_the_input_still_comes(self):
        process = subprocess.Popen(
            [binary(), "append", "--ledger", "evidence.db", "--batch", "-", "--chunk", "1", "-o", "json"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self.folder, env=self.environment)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, 10)
        self.addCleanup(process.kill)
        process.stdin.write(line(0) + b"\n" + line(1) + b"\n")
        process.stdin.flush()
        self.assertTrue(wait_until(lambda: self.size() >= 2, 5), "the first event waits for the end of the input")
        process.stdin.close()
        self.assertEqual(process.wait(10), 0)
        self.assertEqual(self.size(), 3)
