"""Recording one event."""
import datetime
import os
import stat
import threading

from scenario import BAD_INPUT, CANNOT_CREATE, CONFLICT, NO_INPUT, USAGE, Scenario
from trees import entry_hash, parse_checkpoint

RECEIPT = {"position", "hash", "previous", "id", "streamversion", "recordedtime", "duplicate", "checkpoint",
           "assurance"}


class Append(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_prints_a_receipt_in_the_stated_shape(self):
        receipt = self.append("--subject", "release/shop/1.5.0", "--data", '{"commit":"8f3c1d2"}')
        self.assertEqual(set(receipt), RECEIPT)
        self.assertEqual(receipt["position"], 1)
        self.assertRegex(receipt["hash"], "^[0-9a-f]{64}$")
        self.assertEqual(receipt["previous"], self.log()[0]["hash"])
        self.assertEqual(receipt["streamversion"], 1)
        self.assertIs(receipt["duplicate"], False)
        self.assertEqual(receipt["assurance"], "signed")
        self.assertRegex(receipt["recordedtime"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        self.assertEqual(parse_checkpoint(receipt["checkpoint"])[:2], ("example.com/shop", 2))

    def test_the_hash_is_that_of_the_previous_hash_and_the_stored_bytes(self):
        receipt = self.append("--data", '{"b":1,"a":[true,null,"é"]}')
        line = self.ok("show", "1", "-o", "json").out
        event_bytes = line[len('{"event":'):line.index(',"hash":"' + receipt["hash"])].encode()
        self.assertEqual(entry_hash(bytes.fromhex(receipt["previous"]), event_bytes).hex(), receipt["hash"])

    def test_the_table_tells_the_same(self):
        out = self.ok("append", "--type", "x.y", "--id", "i1", "--subject", "s").out
        for word in ("position", "hash", "i1", "streamversion", "signed"):
            self.assertIn(word, out)

    def test_short_types_become_ours_and_others_stay_as_they_are(self):
        for given, stored in {"release.cut": "dev.daybook.release.cut.v1",
                              "dev.cdevents.service.deployed.0.3.0": "dev.cdevents.service.deployed.0.3.0",
                              "com.example.build": "com.example.build"}.items():
            with self.subTest(given):
                position = self.append("--type", given)["position"]
                self.assertEqual(self.log("--from", str(position))[0]["event"]["type"], stored)

    def test_outside_ci_it_fills_in_source_actor_id_and_time(self):
        self.append()
        event = self.log()[1]["event"]
        self.assertRegex(event["source"], "^//.+/daybook$")
        self.assertRegex(event["id"], "^[0-9a-f-]{36}$")
        self.assertIn("time", event)
        self.assertFalse([name for name in event if name.startswith("ci")])
        self.assertNotIn("subject", event)
        self.assertNotIn("streamversion", event)

    def test_what_is_stated_is_what_is_stored(self):
        self.append("--subject", "a/b", "--id", "I", "--source", "https://ci.example/x?y#z", "--actor", "Zoë",
                    "--time", "2026-01-31T12:00:00.25+01:00", "--data", "[1,2]")
        event = self.log()[1]["event"]
        self.assertEqual((event["subject"], event["id"], event["source"], event["actor"], event["time"], event["data"]),
                         ("a/b", "I", "https://ci.example/x?y#z", "Zoë", "2026-01-31T12:00:00.25+01:00", [1, 2]))

    def test_data_may_be_any_json_value(self):
        for text, value in {"null": None, "true": True, "0": 0, '"x"': "x", "[]": [], "{}": {}, "1.50": 1.5,
                            " [1 , 2]\n": [1, 2], "1e3": 1000}.items():
            with self.subTest(text):
                position = self.append("--data", text)["position"]
                event = self.log("--from", str(position))[0]["event"]
                self.assertIn("data", event)
                self.assertEqual(event["data"], value)

    def test_negative_numbers_are_data_too(self):
        for text in ("-5", "-0.25", "-1e3"):
            with self.subTest(text):
                position = self.append(f"--data={text}")["position"]
                self.assertEqual(self.log("--from", str(position))[0]["event"]["data"], float(text))
                self.assertEqual(self.run_daybook("append", "--type", "a.b", "--data", text).code, 0)

    def test_data_comes_from_a_file_or_standard_input(self):
        self.write("d.json", '{"a":\n1}\n')
        self.append("--data", "@d.json")
        self.append("--data", "-", stdin='{"b":2}')
        self.assertEqual([line["event"]["data"] for line in self.log("--from", "1")], [{"a": 1}, {"b": 2}])

    def test_a_data_file_that_is_not_there_is_named(self):
        self.refused(NO_INPUT, "append", "--type", "a.b", "--data", "@none.json", says="none.json")
        self.assertEqual(self.size(), 1)

    def test_refuses_bad_data_and_records_nothing(self):
        for text in ("", " ", "{", "[1,]", "{'a':1}", "NaN", "01", "1e400", "9007199254740993", '{"a":1,"a":2}',
                     '"\\ud800"', "\ufeff{}", "[" * 513 + "]" * 513, "1 2", "nul", '"\t"', "// x\n1"):
            with self.subTest(text[:20]):
                self.refused(BAD_INPUT, "append", "--type", "a.b", "--data", text, says="--data")
        self.write("nul.json", b'"a\0b"')
        self.write("latin.json", '"é"'.encode("latin-1"))
        for name in ("nul", "latin"):
            self.refused(BAD_INPUT, "append", "--type", "a.b", "--data", f"@{name}.json", says=f"{name}.json")
        self.assertEqual(self.size(), 1)

    def test_refuses_arguments_that_are_not_utf8_rather_than_changing_them(self):
        for arguments in (["--data", b'"\xff"'], ["--subject", b"a\xffb"], ["--id", b"\xc3"]):
            with self.subTest(arguments):
                result = self.run_daybook("append", "--type", "a.b", *arguments)
                self.assertIn(result.code, (USAGE, BAD_INPUT), repr(result))
        self.assertEqual(self.size(), 1)

    def test_refuses_bad_attributes(self):
        for arguments in (["--type", ""], ["--subject", ""], ["--id", ""], ["--source", ""], ["--actor", ""],
                          ["--time", ""], ["--source", "a b"], ["--source", "è"], ["--source", "%zz"],
                          ["--time", "yesterday"], ["--time", "2026-02-30T00:00:00Z"], ["--time", "2026-01-31"],
                          ["--time", "2026-01-31T25:00:00Z"], ["--time", "2026-01-31T12:00:00"],
                          ["--subject", "a\nb"], ["--id", "a\x7fb"], ["--actor", "a\u0085b"], ["--id", "a\ufffeb"]):
            with self.subTest(arguments):
                if arguments[0] != "--type":
                    arguments = ["--type", "a.b", *arguments]
                result = self.run_daybook("append", *arguments)
                self.assertIn(result.code, (USAGE, BAD_INPUT), repr(result))
                self.check_refusal(result, result.code)
        self.assertEqual(self.size(), 1)

    def test_types_of_the_ledger_itself_are_refused(self):
        for name in ("ledger.created", "dev.daybook.ledger.created.v1", "dev.daybook.ledger.sealed.v1",
                     "dev.daybook.ledger.x"):
            with self.subTest(name):
                self.refused(BAD_INPUT, "append", "--type", name)

    def test_an_event_above_the_limit_is_refused_and_one_at_it_is_not(self):
        self.write("big.json", '"' + "x" * 61_440 + '"')
        self.refused(BAD_INPUT, "append", "--type", "a.b", "--data", "@big.json", says="attach")
        self.write("fits.json", '"' + "x" * 60_000 + '"')
        self.append("--data", "@fits.json")

    def test_needs_a_type_or_a_batch(self):
        self.refused(USAGE, "append", "--subject", "a", says="--type")

    def test_recorded_times_never_go_back(self):
        for number in range(20):
            self.append("--subject", "a", "--time", f"20{40 - number}-01-01T00:00:00Z")
        times = [line["event"]["recordedtime"] for line in self.log()]
        self.assertEqual(times, sorted(times))
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M")
        self.assertLessEqual(times[-1][:16], now)

    def test_streams_count_from_one(self):
        for subject in "aabab":
            self.append("--subject", subject)
        self.append()
        versions = [(e["event"].get("subject"), e["event"].get("streamversion")) for e in self.log("--from", "1")]
        self.assertEqual(versions, [("a", 1), ("a", 2), ("b", 1), ("a", 3), ("b", 2), (None, None)])

    def test_the_receipt_of_an_event_without_subject_has_a_null_version(self):
        self.assertIsNone(self.append()["streamversion"])

    def test_subjects_that_look_alike_are_different_streams(self):
        for subject in ("é", "e\u0301", "É", "a", "A", "a ", " a", "a/", "%", "_", "'", '"', "1", "01", "1.0"):
            self.assertEqual(self.append("--subject", subject)["streamversion"], 1, subject)
        for subject in ("%", "_", "é", "1"):
            self.assertEqual(len(self.log("--subject", subject)), 1, subject)
        self.assert_sound()


class Expect(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_none_holds_for_a_new_stream_only(self):
        self.append("--subject", "a", "--expect", "none")
        self.refused(CONFLICT, "append", "--type", "a.b", "--subject", "a", "--expect", "none", says="a")
        self.assertEqual(self.size(), 2)

    def test_a_version_holds_for_exactly_that_version(self):
        self.append("--subject", "a")
        self.append("--subject", "a", "--expect", "1")
        for wrong in ("1", "3", "9223372036854775807"):
            self.refused(CONFLICT, "append", "--type", "a.b", "--subject", "a", "--expect", wrong)
        self.refused(CONFLICT, "append", "--type", "a.b", "--subject", "new", "--expect", "1")
        self.assertEqual(self.size(), 3)

    def test_refuses_what_is_no_version(self):
        for wrong in ("", "0", "-1", "+1", "1.0", "one", "None", " 1", "01", "99999999999999999999", "1e3"):
            with self.subTest(wrong):
                self.refused(USAGE, "append", "--type", "a.b", "--subject", "a", f"--expect={wrong}", says="expect")

    def test_expecting_without_a_subject_is_refused(self):
        result = self.run_daybook("append", "--type", "a.b", "--expect", "1")
        self.assertIn(result.code, (USAGE, BAD_INPUT), repr(result))

    def test_a_job_that_runs_again_is_a_duplicate_although_the_stream_moved_on(self):
        first = self.append("--subject", "a", "--id", "i", "--expect", "none")
        again = self.append("--subject", "a", "--id", "i", "--expect", "none")
        self.assertEqual((again["position"], again["duplicate"]), (first["position"], True))


class Duplicates(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_the_same_event_again_gives_the_first_receipt(self):
        first = self.append("--subject", "a", "--id", "i", "--data", '{"x":1}')
        self.append("--subject", "a")
        again = self.append("--subject", "a", "--id", "i", "--data", '{ "x" : 1.0 }')
        self.assertEqual(again, {**first, "duplicate": True})
        self.assertEqual(self.size(), 3)

    def test_another_content_under_the_same_id_is_a_conflict(self):
        self.append("--subject", "a", "--id", "i", "--actor", "ann", "--data", '{"x":1}')
        for arguments in (["--data", '{"x":2}'], ["--data", '{"x":1,"y":2}'], [], ["--data", '{"x":1}', "--actor", "b"],
                          ["--data", '{"x":1}', "--time", "2020-01-01T00:00:00Z"]):
            with self.subTest(arguments):
                self.refused(CONFLICT, "append", "--type", "release.cut", "--subject", "a", "--id", "i", *arguments,
                             says="i")
        self.refused(CONFLICT, "append", "--type", "other.type", "--subject", "a", "--id", "i", "--data", '{"x":1}')
        self.refused(CONFLICT, "append", "--type", "release.cut", "--subject", "b", "--id", "i", "--data", '{"x":1}')
        self.refused(CONFLICT, "append", "--type", "release.cut", "--id", "i", "--data", '{"x":1}')
        self.assertEqual(self.size(), 2)

    def test_an_event_that_had_a_subject_is_not_the_one_without(self):
        self.append("--id", "i")
        self.refused(CONFLICT, "append", "--type", "release.cut", "--id", "i", "--subject", "a")
        self.refused(CONFLICT, "append", "--type", "release.cut", "--id", "i", "--data", "null")

    def test_the_id_of_another_source_is_another_event(self):
        self.append("--id", "i", "--source", "//a")
        self.assertFalse(self.append("--id", "i", "--source", "//b")["duplicate"])

    def test_sent_again_from_another_attempt_of_the_ci_job_it_is_a_duplicate(self):
        github = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "7",
                  "GITHUB_ACTOR": "ann", "GITHUB_RUN_ATTEMPT": "1"}
        first = self.append("--id", "i", "--subject", "a", env=github)
        again = self.append("--id", "i", "--subject", "a",
                            env={**github, "GITHUB_RUN_ATTEMPT": "2", "GITHUB_ACTOR": "bob", "GITHUB_JOB": "x"})
        self.assertTrue(again["duplicate"])
        self.assertEqual(again["hash"], first["hash"])

    def test_the_same_event_with_the_same_attachment_is_a_duplicate(self):
        self.write("r.xml", "<a/>")
        self.append("--id", "i", "--attach", "r=r.xml")
        self.assertTrue(self.append("--id", "i", "--attach", "r=r.xml")["duplicate"])
        self.write("r.xml", "<b/>")
        self.refused(CONFLICT, "append", "--type", "release.cut", "--id", "i", "--attach", "r=r.xml")


class KeptReceipts(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_a_kept_receipt_is_the_printed_one(self):
        receipt = self.append("--subject", "a", "--receipt", "r.json")
        import json
        self.assertEqual(json.loads(self.path("r.json").read_text()), receipt)
        self.assert_sound("--receipt", "r.json")

    def test_where_it_cannot_be_kept_nothing_is_recorded(self):
        result = self.run_daybook("append", "--type", "a.b", "--receipt", "no/such/r.json")
        self.check_refusal(result, CANNOT_CREATE, "no/such/r.json")
        self.path("folder").mkdir()
        result = self.run_daybook("append", "--type", "a.b", "--receipt", "folder")
        self.assertNotEqual(result.code, 0)
        self.assertEqual(self.size(), 1)

    def test_a_refused_event_leaves_no_receipt(self):
        self.refused(BAD_INPUT, "append", "--type", "a.b", "--data", "{", "--receipt", "r.json")
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith("r.json")], [])

    def test_it_never_takes_the_place_of_the_ledger_or_its_key(self):
        for name in ("evidence.db", "evidence.key"):
            before = self.path(name).read_bytes()
            with self.subTest(name):
                result = self.run_daybook("append", "--type", "a.b", "--receipt", name)
                after = self.path(name).read_bytes()
                self.path(name).write_bytes(before)
                self.assertTrue(after.startswith(before[:100]), f"{name} was replaced by a receipt")
                self.assertNotEqual(result.code, 0)

    def test_it_is_written_to_a_pipe_or_device_and_does_not_replace_it(self):
        """As root, `--receipt /dev/null` must not put a file in the place of the device."""
        os.mkfifo(self.path("pipe"))
        read = []
        reader = threading.Thread(
            target=lambda: read.append(self.path("pipe").read_bytes()), daemon=True)
        reader.start()
        result = self.run_daybook("append", "--type", "a.b", "--receipt", "pipe")
        is_pipe = stat.S_ISFIFO(os.lstat(self.path("pipe")).st_mode)
        if reader.is_alive() and is_pipe:
            os.close(os.open(self.path("pipe"), os.O_WRONLY | os.O_NONBLOCK))
        self.assertTrue(is_pipe, f"the pipe was replaced by a file: {result}")
