"""Where settings come from: variables, daybook.yaml, the CI."""
import os
import subprocess

from scenario import BAD_INPUT, NO_INPUT, ORIGIN, USAGE, Scenario, binary

GITHUB = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_RUN_ID": "71",
          "GITHUB_RUN_NUMBER": "5", "GITHUB_RUN_ATTEMPT": "2", "GITHUB_SHA": "8f3c1d2", "GITHUB_REF": "refs/heads/main",
          "GITHUB_ACTOR": "ann", "GITHUB_WORKFLOW": "Release it", "GITHUB_JOB": "deploy", "GITHUB_EVENT_NAME": "push"}
GITLAB = {"CI_SERVER_URL": "https://gitlab.example", "CI_PROJECT_PATH": "acme/shop", "CI_PIPELINE_ID": "71",
          "CI_PIPELINE_IID": "5", "CI_JOB_ID": "9", "CI_JOB_URL": "https://gitlab.example/j/9", "CI_COMMIT_SHA": "8f3c1d2",
          "CI_COMMIT_REF_NAME": "main", "GITLAB_USER_LOGIN": "ann"}


class Variables(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def test_every_option_has_its_variable(self):
        result = self.run_raw("append", env={
            "DAYBOOK_LEDGER": "evidence.db", "DAYBOOK_KEY": "evidence.key", "DAYBOOK_TYPE": "release.cut",
            "DAYBOOK_SUBJECT": "s", "DAYBOOK_DATA": "[1]", "DAYBOOK_ID": "i", "DAYBOOK_SOURCE": "//v",
            "DAYBOOK_ACTOR": "ann", "DAYBOOK_TIME": "2026-01-31T12:00:00Z", "DAYBOOK_EXPECT": "none",
            "DAYBOOK_OUTPUT": "json", "DAYBOOK_WAIT": "5"})
        self.assertEqual(result.code, 0, repr(result))
        event = self.log()[1]["event"]
        self.assertEqual((event["subject"], event["data"], event["id"], event["source"], event["actor"], event["time"]),
                         ("s", [1], "i", "//v", "ann", "2026-01-31T12:00:00Z"))

    def test_the_option_comes_first(self):
        result = self.run_raw("head", "--ledger", "evidence.db", "-o", "json", env={
            "DAYBOOK_LEDGER": "none.db", "DAYBOOK_OUTPUT": "table"})
        self.assertEqual(result.json["size"], 1)
        self.assertEqual(self.run_raw("head", "--ledger=evidence.db", "--output=json", env={
            "DAYBOOK_LEDGER": "none.db", "DAYBOOK_OUTPUT": "table"}).json["size"], 1)

    def test_a_variable_that_is_set_but_empty_is_an_error(self):
        for name in ("LEDGER", "KEY", "TYPE", "SUBJECT", "DATA", "ID", "SOURCE", "ACTOR", "TIME", "EXPECT", "OUTPUT", "WAIT",
                     "BATCH", "CHUNK", "RECEIPT", "ATTACH"):
            with self.subTest(name):
                result = self.run_raw("append", *(["--ledger", "evidence.db"] if name != "LEDGER" else []),
                                      *(["--type", "a.b"] if name != "TYPE" else []), env={f"DAYBOOK_{name}": ""})
                self.check_refusal(result, USAGE, f"DAYBOOK_{name}")
        self.assertEqual(self.size(), 1)

    def test_bad_values_are_errors_too(self):
        for name, value in (("OUTPUT", "xml"), ("WAIT", "soon"), ("WAIT", "-1"), ("EXPECT", "x"), ("CHUNK", "0")):
            with self.subTest(name):
                self.check_refusal(self.run_daybook("append", "--type", "a.b", env={f"DAYBOOK_{name}": value}), USAGE)

    def test_switches_are_true_or_false(self):
        for value, is_quick in (("1", True), ("true", True), ("0", False), ("false", False)):
            report = self.verify(env={"DAYBOOK_QUICK": value}).json
            self.assertEqual("canonical" not in report["checked"], is_quick, value)
        self.check_refusal(self.run_daybook("verify", env={"DAYBOOK_QUICK": "maybe"}), USAGE, "DAYBOOK_QUICK")
        self.check_refusal(self.run_daybook("verify", env={"DAYBOOK_QUICK": ""}), USAGE, "DAYBOOK_QUICK")

    def test_values_that_look_like_options_stay_values(self):
        for value in ("--help", "-x", "--key=x", "--"):
            with self.subTest(value):
                self.assertEqual(self.run_daybook("append", "--type", "a.b", env={"DAYBOOK_ID": value}).code, 0)
                self.assertEqual(self.log("--last", "1")[0]["event"]["id"], value)

    def test_variables_of_other_programs_and_commands_do_not_matter(self):
        result = self.run_daybook("head", env={"DAYBOOK_SOMETHING": "", "DAYBOOK_BATCH": "", "SUBJECT": "x"})
        self.assertEqual(result.code, 0, repr(result))

    def test_one_environment_serves_a_whole_job(self):
        """A job sets ledger, key, source and output once, and calls one command after another."""
        env = {"DAYBOOK_LEDGER": "evidence.db", "DAYBOOK_KEY": "evidence.key", "DAYBOOK_SOURCE": "//job",
               "DAYBOOK_ACTOR": "ann", "DAYBOOK_OUTPUT": "json"}
        self.write("b.jsonl", '{"specversion":"1.0","id":"b","source":"//b","type":"x"}')
        self.write("f", "x")
        for command in (["append", "--type", "a.b", "--id", "i"], ["append", "--batch", "b.jsonl"], ["log"], ["show", "1"],
                        ["show", "i"], ["head"], ["checkpoint"], ["prove", "1"], ["verify"], ["attach", "f"],
                        ["backup", "c.db"], ["projection", "streams"]):
            with self.subTest(command):
                result = self.run_raw(*command, env=env)
                self.assertEqual(result.code, 0, repr(result))

    def test_an_environment_with_next_to_nothing_is_enough(self):
        self.environment = {}
        for command in (["append", "--type", "a.b"], ["log"], ["verify"]):
            self.assertEqual(self.run_daybook(*command).code, 0)


class ProjectFile(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        os.makedirs(self.path("a/b/c"))

    def head(self, **more):
        return self.run_raw("head", "-o", "json", **more)

    def test_is_found_upward_and_its_path_starts_from_its_folder(self):
        self.write("daybook.yaml", "ledger: evidence.db\n")
        for folder in (".", "a", "a/b/c"):
            self.assertEqual(self.head(cwd=self.path(folder)).json["size"], 1, folder)

    def test_the_nearest_counts(self):
        self.write("daybook.yaml", "ledger: none.db\n")
        self.write("a/daybook.yaml", "ledger: ../evidence.db\n")
        self.assertEqual(self.head(cwd=self.path("a/b")).json["size"], 1)

    def test_option_and_variable_come_before_it(self):
        self.write("daybook.yaml", "ledger: none.db\n")
        self.assertEqual(self.head(env={"DAYBOOK_LEDGER": "evidence.db"}).json["size"], 1)
        self.assertEqual(self.run_daybook("head").code, 0)
        self.check_refusal(self.head(), NO_INPUT, "none.db")

    def test_an_absolute_path_is_taken_as_it_is(self):
        self.write("a/daybook.yaml", f"ledger: {self.path('evidence.db')}\nproject: shop\n")
        self.assertEqual(self.head(cwd=self.path("a/b")).json["size"], 1)

    def test_the_sections_of_later_capabilities_are_no_error(self):
        self.write("daybook.yaml", "ledger: evidence.db\nproject: shop\npeople: {}\nenvironments: {}\nservices: {}\n"
                   "gates: {}\ntrain:\n  - cut\n")
        self.assertEqual(self.head().code, 0)

    def test_unknown_keys_are_errors_with_their_line_and_the_nearest_known_key(self):
        self.write("daybook.yaml", "# ours\nproject: shop\nleger: evidence.db\n")
        self.check_refusal(self.head(), BAD_INPUT, ["daybook.yaml:3", "leger", "ledger"])
        self.check_refusal(self.head(cwd=self.path("a/b")), BAD_INPUT, ["daybook.yaml:3"])

    def test_bad_files_are_errors_that_name_the_file(self):
        for content in ("", "# nothing\n", "- a\n", "text\n", "ledger:\n", "ledger: ''\n", "ledger: [a]\n", "ledger: {a: b}\n",
                        "ledger: ~\n", "ledger: null\n", "ledger: a\nledger: b\n", "ledger: [\n", "ledger: a\n\tb: c\n",
                        b"ledger: \xff\n", b"\0", "ledger: a\n---\nledger: b\n", "1: 2\n", "[a]: b\n", "ledger: *x\n",
                        "&a [*a]\n"):
            with self.subTest(content):
                self.write("daybook.yaml", content)
                self.check_refusal(self.head(timeout=10), BAD_INPUT, "daybook.yaml")

    def test_a_bomb_of_aliases_does_no_harm(self):
        text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
            f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 10))
        self.write("daybook.yaml", text)
        self.check_refusal(self.head(timeout=10), BAD_INPUT, "daybook.yaml")

    def test_without_any_of_them_it_says_how_to_name_a_ledger(self):
        for command in (["head"], ["log"], ["append", "--type", "a"], ["init", "--origin", ORIGIN], ["verify"]):
            self.check_refusal(self.run_raw(*command), USAGE, ["--ledger", "DAYBOOK_LEDGER", "daybook.yaml"])

    def test_init_makes_the_ledger_that_the_file_names(self):
        self.write("a/daybook.yaml", "ledger: ours.db\n")
        self.assertEqual(self.run_raw("init", "--origin", ORIGIN, cwd=self.path("a/b")).code, 0)
        self.assertTrue(self.path("a/ours.db").exists())
        self.assertTrue(self.path("a/ours.key").exists())

    def test_a_working_directory_that_is_gone_is_no_crash(self):
        result = subprocess.run(["sh", "-c", 'mkdir gone && cd gone && rmdir ../gone && exec "$0" head', binary()],
                                cwd=self.folder, env=self.environment, capture_output=True, timeout=10)
        self.assertGreater(result.returncode, 0, result)


class ContinuousIntegration(Scenario):
    def setUp(self):
        super().setUp()
        self.init()

    def append_in(self, env, *arguments):
        self.append(*arguments, env=env)
        return self.log("--last", "1")[0]["event"]

    def test_github_actions(self):
        event = self.append_in(GITHUB)
        self.assertEqual(event["source"], "https://github.com/acme/shop")
        self.assertEqual(event["actor"], "ann")
        facts = {k: v for k, v in event.items() if k.startswith("ci")}
        self.assertEqual(facts.pop("ciprovider"), "github-actions")
        self.assertEqual(set(facts.values()), {"71", "5", "2", "8f3c1d2", "refs/heads/main", "Release it", "deploy", "push"})

    def test_gitlab(self):
        event = self.append_in(GITLAB)
        self.assertEqual((event["source"], event["actor"]), ("https://gitlab.example/acme/shop", "ann"))
        facts = {k: v for k, v in event.items() if k.startswith("ci")}
        self.assertEqual(facts.pop("ciprovider"), "gitlab")
        self.assertEqual(set(facts.values()), {"71", "5", "9", "https://gitlab.example/j/9", "8f3c1d2", "main"})

    def test_others_are_told_by_their_variables(self):
        for name in ("BITBUCKET_BUILD_NUMBER", "TEAMCITY_VERSION", "TF_BUILD", "CIRCLECI", "CODEBUILD_BUILD_ID",
                     "JENKINS_URL", "BUILDKITE"):
            with self.subTest(name):
                self.assertIn("ciprovider", self.append_in({name: "1"}))

    def test_what_is_stated_comes_before_what_the_ci_says(self):
        event = self.append_in(GITHUB, "--source", "//mine", "--actor", "zoe")
        self.assertEqual((event["source"], event["actor"]), ("//mine", "zoe"))

    def test_a_ci_variable_that_is_empty_is_an_error_and_its_advice_works(self):
        env = {**GITHUB, "GITHUB_ACTOR": ""}
        result = self.run_daybook("append", "--type", "a.b", env=env)
        self.check_refusal(result, BAD_INPUT, "GITHUB_ACTOR")
        self.assertEqual(self.append_in(env, "--source", "//mine", "--actor", "zoe")["actor"], "zoe")

    def test_a_password_in_a_repositorys_address_is_not_recorded_for_ever(self):
        for env in ({"JENKINS_URL": "x", "GIT_URL": "https://user:s3cret@git.example/shop.git"},
                    {"BUILDKITE": "1", "BUILDKITE_REPO": "https://x:s3cret@git.example/shop.git"},
                    {"CIRCLECI": "1", "CIRCLE_REPOSITORY_URL": "https://s3cret@git.example/shop.git"}):
            with self.subTest(env):
                result = self.run_daybook("append", "--type", "a.b", env=env)
                self.assertNotIn("s3cret", self.ok("log", "-o", "json").out, repr(result))

    def test_repositories_named_the_way_of_ssh_are_taken(self):
        self.append_in({"JENKINS_URL": "x", "GIT_URL": "git@github.com:acme/shop.git"})
        self.assert_sound()

    def test_in_a_batch_nothing_is_filled_in(self):
        self.assertEqual(self.batch(['{"specversion":"1.0","id":"b","source":"//b","type":"x"}'], env=GITHUB).code, 0)
        self.assertEqual(set(self.log("--last", "1")[0]["event"]), {"specversion", "id", "source", "type", "recordedtime"})
