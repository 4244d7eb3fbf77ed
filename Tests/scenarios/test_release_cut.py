"""Planning, cutting and noting releases of a real repository."""
import json
import subprocess

from scenario import BAD_INPUT, CONFLICT, NO_INPUT, USAGE, Scenario


class ReleaseCut(Scenario):
    def setUp(self):
        super().setUp()
        self.git("init", "--quiet", "--initial-branch=main")
        self.git("config", "user.name", "Ann")
        self.git("config", "user.email", "ann@example.com")
        self.commit("feat: first")
        self.init()

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.folder, env=self.environment, check=True,
                              capture_output=True, text=True).stdout.strip()

    def commit(self, message, **files):
        for name, content in files.items():
            path = self.path(name.replace("__", "/").replace("_sql", ".sql"))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            self.git("add", str(path))
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def release(self, *arguments, code=0, **more):
        verb, *rest = arguments
        if verb == "cut":
            rest = ["--ledger", self.ledger, *rest]
        result = self.run_raw("release", verb, "--project", "shop", *rest, **more)
        self.assertEqual(result.code, code, repr(result))
        return result

    def cut(self, *arguments, **more):
        return self.release("cut", "-o", "json", *arguments, **more).json

    def test_a_plan_has_the_stated_shape_and_writes_nothing(self):
        plan = self.run_raw("release", "plan", "-o", "json").json
        self.assertEqual(set(plan), {"previous", "version", "bump", "reason", "changes"})
        self.assertEqual((plan["previous"], plan["version"], plan["bump"]), (None, "0.1.0", "minor"))
        change = plan["changes"][0]
        self.assertLessEqual({"commit", "type", "scope", "breaking", "summary", "pull", "labels", "authors", "reverted"},
                             set(change))
        self.assertEqual((change["type"], change["summary"], change["authors"]),
                         ("feat", "first", ["Ann <ann@example.com>"]))
        self.assertEqual(self.size(), 1)

    def test_nothing_to_release_is_said(self):
        self.git("tag", "v1.0.0")
        self.commit("chore: tidy")
        plan = self.release("plan", "-o", "json").json
        self.assertEqual((plan["previous"], plan["version"], plan["bump"]), ("1.0.0", None, "none"))
        self.check_refusal(self.release("cut", code=1), 1, "nothing to release")
        self.assertEqual(self.size(), 1)

    def test_a_cut_is_one_event_with_all_that_is_released(self):
        commit = self.commit("fix: b\n\nCo-authored-by: Bob <bob@example.com>", migrations__1_sql="create table t(a);")
        self.write("shop.tar", "artifact")
        cut = self.cut("--artifact", "shop.tar=shop.tar", "--tag", "--actor", "carl")
        event = self.log("--from", "1")[0]["event"]
        self.assertEqual((event["type"], event["subject"], event["actor"]),
                         ("dev.daybook.release.cut.v1", "release/shop/0.1.0", "carl"))
        data = event["data"]
        self.assertEqual((cut["version"], data["commit"], data["changecount"]), ("0.1.0", commit, 2))
        self.assertEqual(data["cutter"]["login"], "carl")
        self.assertEqual([m["path"] for m in data["migrations"]], ["migrations/1.sql"])
        self.assertEqual(data["artifacts"][0]["sha256"], subprocess.check_output(
            ["sha256sum", str(self.path("shop.tar"))], text=True).split()[0])
        self.assertEqual({a["email"] for a in data["authors"]}, {"ann@example.com", "bob@example.com"})
        self.assertEqual(self.git("cat-file", "-t", "v0.1.0"), "tag")
        self.assert_sound()

    def test_a_job_that_runs_again_gets_the_first_receipt(self):
        ci = {"GITHUB_REPOSITORY": "a/shop", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_ACTOR": "ann",
              "GITHUB_RUN_ID": "1"}
        first = self.cut("--tag", env=ci)
        again = self.cut("--tag", env={**ci, "GITHUB_RUN_ATTEMPT": "2"})
        self.assertEqual(first["receipt"]["hash"], again["receipt"]["hash"])
        self.assertIs(again["receipt"]["duplicate"], True)
        self.assertEqual(self.size(), 2)

    def test_another_cut_of_the_version_is_a_conflict_unless_it_is_asked_for(self):
        self.cut()
        self.write("x", "x")
        result = self.release("cut", "--artifact", "x=x", code=CONFLICT)
        self.assertIn("daybook train run 0.1.0", result.err)
        self.assertIn("names x twice", self.release("cut", "--artifact", "x=x", "--artifact", "x=x", code=64).err)
        self.check_refusal(result, CONFLICT, "--again")
        self.assertEqual(self.cut("--artifact", "x=x", "--again")["receipt"]["streamversion"], 2)

    def test_releases_count_from_the_cut_before_without_any_tag(self):
        self.cut()
        self.commit("feat: more")
        self.assertEqual(self.cut("--pre", "rc")["version"], "0.2.0-rc.1")
        self.commit("fix: more")
        self.assertEqual(self.cut("--pre", "rc")["version"], "0.2.0-rc.2")
        self.assertEqual(self.cut()["version"], "0.2.0")

    def test_a_plan_with_a_ledger_asks_whose_releases_to_look_for(self):
        self.cut()
        self.assertIn("none", self.release("plan", "--ledger", self.ledger).out)
        self.check_refusal(self.run_raw("release", "plan", "--ledger", self.ledger), USAGE, "--project")

    def test_breaking_0_x_makes_a_minor_version_unless_told(self):
        self.git("tag", "v0.3.1")
        self.commit("feat!: other names")
        self.assertEqual(self.release("plan", "-o", "json").json["version"], "0.4.0")
        self.write("daybook.yaml", "project: shop\nreleases: {breakingLeavesZero: true}\n")
        self.assertEqual(self.release("plan", "-o", "json").json["version"], "1.0.0")

    def test_labels_come_from_a_file(self):
        commit = self.commit("tidy up")
        self.git("tag", "v1.0.0", "HEAD~1")
        pull = {"number": 7, "title": "t", "labels": [{"name": "breaking-change"}]}
        self.write("pulls.json", json.dumps([{**pull, "mergeCommit": {"oid": commit}, "author": {"login": "ann"}}]))
        self.write("event.json", json.dumps({"pull_request": {**pull, "merge_commit_sha": commit, "user": None}}))
        for option in ("--pulls", "--event"):
            plan = self.release("plan", "-o", "json", option, str(self.path(f"{option[2:]}.json"))).json
            self.assertEqual((plan["version"], plan["changes"][0]["pull"]), ("2.0.0", 7))
        self.write("bad.json", "{}")
        self.check_refusal(self.release("plan", "--pulls", "bad.json", code=BAD_INPUT), BAD_INPUT, "bad.json")
        self.check_refusal(self.release("plan", "--pulls", "none", code=NO_INPUT), NO_INPUT, "none")

    def test_notes_come_from_the_cut_or_from_a_plan(self):
        self.commit("feat(api)!: drop *v1* (#9)\n\nBREAKING CHANGE: use v2")
        planned = self.release("notes", "--plan").out
        self.assertIn("- **api:** drop \\*v1\\* (#9, `", planned)
        self.assertIn("> use v2", planned)
        self.cut()
        for arguments in ((), ("0.1.0",), ("release/shop/0.1.0",)):
            self.assertEqual(self.release("notes", "--ledger", self.ledger, *arguments).out, planned)
        data = self.release("notes", "--ledger", self.ledger, "-o", "json").json
        self.assertEqual([s["category"] for s in data["sections"]], ["breaking", "features"])
        self.check_refusal(self.release("notes", "9.9.9", "--ledger", self.ledger, code=NO_INPUT), NO_INPUT, "never cut")

    def test_notes_of_a_large_release_tell_all_changes(self):
        for number in range(200):
            self.commit(f"fix: {number} " + "x" * 300)
        self.cut()
        data = self.log("--from", "1")[0]["event"]["data"]
        self.assertEqual((data["changecount"], data["attachments"][0]["name"]), (201, "changes.json"))
        self.assertLess(len(data["changes"]), 201)
        notes = self.release("notes", "--ledger", self.ledger).out
        self.assertEqual(sum(line.startswith("- ") for line in notes.splitlines()), 202)

    def test_refuses_what_cannot_be_cut(self):
        for code, arguments, says in (
                (NO_INPUT, ["--revision", "none"], "none"), (NO_INPUT, ["--artifact", "a=none"], "none"),
                (USAGE, ["--artifact", "a"], "NAME=PATH"), (CONFLICT, ["--release-as", "one"], "version"),
                (CONFLICT, ["--pre", "1"], "pre-release"), (NO_INPUT, ["--repository", "/"], "repository"),
                (USAGE, ["--actor", ""], "--actor")):
            with self.subTest(arguments):
                self.check_refusal(self.release("cut", *arguments, code=code), code, says)
        result = self.run_raw("release", "cut", "--ledger", self.ledger)
        self.check_refusal(result, BAD_INPUT, "--project")
        self.assertEqual(self.size(), 1)

    def test_the_project_and_the_ledger_come_from_daybook_yaml(self):
        self.write("daybook.yaml", "ledger: evidence.db\nproject: till\n")
        result = self.run_raw("release", "cut", "-o", "json")
        self.assertEqual(result.code, 0, repr(result))
        self.assertEqual(self.log("--from", "1")[0]["event"]["subject"], "release/till/0.1.0")
