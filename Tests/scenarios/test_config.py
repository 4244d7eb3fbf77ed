"""config check and config example, and what a broken daybook.yaml does to other commands."""
from scenario import *

BROKEN = """ledgr: x
project: shop
environments:
  stage: {deploy: ./ops/deploy stage}
train:
  - cut
  - promote: prod
"""


class ConfigCheck(Scenario):
    def check(self, *arguments, **more):
        return self.run_raw("config", "check", *arguments, **more)

    def test_the_example_is_valid_and_summed_up(self):
        example = self.run_raw("config", "example")
        self.assertEqual((example.code, example.err), (DONE, ""))
        self.write("daybook.yaml", example.out)
        result = self.check()
        self.assertEqual((result.code, result.err), (DONE, ""), repr(result))
        for words in ("people        2: ann, ben", "environments  2: stage, prod", "approvals", "10: cut, gate, deploy"):
            self.assertIn(words, result.out)
        self.assertEqual(self.check("-o", "json").json["valid"], True)

    def test_all_errors_are_told_with_their_lines(self):
        self.write("bad.yaml", BROKEN)
        result = self.check("bad.yaml")
        self.check_refusal(result, BAD_INPUT, ["no shell reads it", 'did you mean "ledger"', 'no environment "prod"'])
        lines = [line.split(":")[:2] for line in result.err.splitlines()]
        self.assertEqual(lines, [["bad.yaml", "1"], ["bad.yaml", "4"], ["bad.yaml", "7"]])

    def test_as_json(self):
        self.write("bad.yaml", BROKEN)
        result = self.check("bad.yaml", "-o", "json")
        self.assertEqual((result.code, result.err), (BAD_INPUT, ""), repr(result))
        self.assertFalse(result.json["valid"])
        self.assertEqual([error["line"] for error in result.json["errors"]], [1, 4, 7])
        self.assertEqual(set(result.json["errors"][0]), {"file", "line", "message"})

    def test_the_file_is_found_upward_given_by_name_or_read_from_standard_input(self):
        self.write("daybook.yaml", BROKEN)
        self.path("a/b").mkdir(parents=True)
        self.assertEqual(self.check(cwd=self.path("a/b")).code, BAD_INPUT)
        self.assertEqual(self.check("-", stdin="ledger: a.db\n").code, DONE)
        self.check_refusal(self.check("-", stdin="leger: a.db\n"), BAD_INPUT, "standard input:1")

    def test_no_file_is_no_success(self):
        self.check_refusal(self.check(), NO_INPUT, "daybook config example")
        self.check_refusal(self.check("none.yaml"), NO_INPUT, "none.yaml")
        self.check_refusal(self.check("."), BAD_INPUT)
        self.check_refusal(self.check(""), USAGE)
        self.assertEqual(self.check("/dev/zero", timeout=20).code, BAD_INPUT)

    def test_a_command_that_needs_only_the_ledger_fails_on_a_broken_file_too(self):
        self.init()
        self.write("daybook.yaml", "ledger: evidence.db\nenvironments: {prod: {deploy: ./run}}\ngates: {x: 1}\n")
        result = self.run_raw("head")
        self.check_refusal(result, BAD_INPUT, ["daybook.yaml:2", "daybook.yaml:3"])
        self.assertEqual(self.run_daybook("head").code, DONE)
        self.assertEqual(self.run_raw("head", env={"DAYBOOK_LEDGER": "evidence.db"}).code, DONE)

    def test_a_full_standard_output_is_an_io_error(self):
        self.write("daybook.yaml", "ledger: a.db\n")
        for command in ("check", "example"):
            with open("/dev/full", "wb") as full:
                result = self.run_raw("config", command, stdout=full)
            self.assertEqual(result.code, IO_ERROR, repr(result))

    def test_what_moves_a_cursor_is_shown_as_its_escape(self):
        self.write("daybook.yaml", 'ledger: a.db\n"\\e[2J\\nx": 1\n')
        for result in (self.check(), self.run_raw("head")):
            self.check_refusal(result, BAD_INPUT, ["daybook.yaml:2", "\\u{1b}", "\\u{a}x"])
            self.assertEqual(len(result.err.splitlines()), 1)

    def test_files_made_to_take_long_do_not(self):
        for content in ("".join(f"k{i}: 1\n" for i in range(20000)), "project: x\n" * 20000,
                        "people: {a: {roles: [" + ",".join(f"r{i}" for i in range(20000)) + "]}}\n",
                        "people:\n" + "".join(f" p{i}: {{logins: [l{i}]}}\n" for i in range(9000)) + "x: 1\n",
                        "gates: {approvals: {roles: [" + ",".join(f"r{i}" for i in range(20000)) + "]}}\n",
                        "ledger: " + "[" * 990 + "]" * 990 + "\n", "- " * 990 + "a\n", "? " * 990 + "a\n"):
            with self.subTest(content[:30]):
                self.write("bad.yaml", content)
                self.assertIn(self.check("bad.yaml", timeout=30).code, (DONE, BAD_INPUT))

    def test_every_command_of_two_words_has_its_help(self):
        for command in ("check", "example"):
            result = self.run_raw("config", command, "--help")
            self.assertEqual(result.code, DONE)
            self.assertIn(f"daybook config {command}", result.out)
