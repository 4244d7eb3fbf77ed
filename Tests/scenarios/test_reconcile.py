"""The log compared with what others count: git's tags and commits, the CI's runs, a registry's digests."""
import csv
import hashlib
import io
import json
import subprocess
import zipfile

from scenario import BAD_INPUT, DONE, FAILED_VERIFICATION, NO_INPUT, NOT_ALLOWED, USAGE
from shop import FAILED, OPEN_TRAIN, Shop, keys
from test_bundle import BundleCase

COMPLETED, EXPLAINED = (f"dev.daybook.{name}.v1" for name in ("reconciliation.completed", "discrepancy.explained"))
FORGE = "https://github.com/acme/shop"


def ci(number, workflow="release", **variables):
    """What GitHub sets for a run."""
    return {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/shop", "GITHUB_ACTOR": "ann",
            "GITHUB_RUN_ID": f"90{number}", "GITHUB_RUN_NUMBER": str(number), "GITHUB_WORKFLOW": workflow, **variables}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class Reconciling(Shop):
    def reconcile(self, *arguments, code=DONE, **more):
        """What was recorded."""
        answer = self.run_coded("reconcile", *arguments, "-o", "json", code=code, **more).json
        self.assertEqual((answer["outcome"], answer["unexplainedcount"] == 0), ("passed", True) if code == DONE else
                         ("failed", False))
        return answer

    def found(self, *arguments, **more):
        """The items that are not explained, each with its detail."""
        answer = self.reconcile(*arguments, code=FAILED_VERIFICATION, **more)
        self.assertEqual(answer["unexplainedcount"], len(answer["unexplained"]))
        return {each["item"]: each["detail"] for each in answer["unexplained"]}

    def sources(self, *arguments, **more):
        """Outside, in the log and discrepancies, by what was compared."""
        return {each["name"]: (each["outside"], each["matched"], each["discrepancies"])
                for each in self.reconcile(*arguments, **more)["sources"]}

    def explain(self, item, reason="made by hand before Daybook", name="bob", *arguments, key=None, code=DONE, **more):
        return self.run_coded("reconcile", "explain", item, "--reason", reason, "--as", name, "--key",
                              str(keys() / (key or name)), *arguments, code=code, **more)

    def refuses(self, code, *arguments, says=(), **more):
        """It says why, and records nothing."""
        size = self.size()
        self.check_refusal(self.run_raw("reconcile", *arguments, **more), code, says)
        self.assertEqual(self.size(), size)

    def note(self, **variables):
        """An event of a CI's run."""
        self.append("--type", "note.made", "--data", "{}", env=variables)

    def newest(self, kind):
        return [line for line in self.log() if line["event"]["type"] == kind][-1]


class Git(Reconciling):
    def test_what_agrees_is_reconciled_and_recorded(self):
        self.cut("--tag")
        self.commit("feat: second")
        self.commit("fix: third")
        self.cut("--tag")
        self.assertEqual(self.sources(), {"git tags": (2, 2, 0), "commits of 0.1.0": (1, 1, 0),
                                          "commits of 0.2.0": (2, 2, 0)})
        entry = self.newest(COMPLETED)
        data = entry["event"]["data"]
        self.assertEqual((entry["event"]["subject"], data["size"], data["project"]),
                         ("reconciliation", entry["position"], "shop"))
        results = json.loads(self.attachments(data)["reconciliation.json"])
        self.assertEqual([each["source"] for each in results], [each["name"] for each in data["sources"]])
        self.assert_sound()

    def test_the_table_says_it_in_words(self):
        self.cut("--tag")
        self.assertIn("reconciled, 0 explained (position 2)", self.run_coded("reconcile").out)
        self.git("tag", "v9.0.0")
        result = self.run_coded("reconcile", code=FAILED_VERIFICATION)
        for words in ("git tags", "tag:v9.0.0: stands on", "1 unexplained, 0 explained", "daybook reconcile explain"):
            self.assertIn(words, result.out)
        self.assertEqual(result.err, "")

    def test_a_tag_without_a_cut(self):
        self.cut("--tag")
        commit = self.commit("feat: by hand")
        self.git("tag", "v0.2.0")
        self.git("tag", "-a", "-m", "annotated", "v0.3.0")
        self.git("tag", "nightly")
        self.git("tag", "v1.x")
        detail = f"stands on {commit}, and no such release was cut"
        self.assertEqual(self.found(), {"tag:v0.2.0": detail, "tag:v0.3.0": detail})

    def test_a_tag_on_another_commit_than_its_cut(self):
        self.cut("--tag")
        first = self.git("rev-parse", "HEAD")
        other = self.commit("feat: sneaked in")
        self.git("tag", "--force", "v0.1.0")
        self.assertEqual(self.found(), {"tag:v0.1.0": f"stands on {other}, and the release was cut of {first}"})

    def test_a_promoted_release_has_a_tag_where_others_have(self):
        self.configure(OPEN_TRAIN)
        self.train()
        self.assertEqual(self.sources()["git tags"], (0, 0, 0), "a repository whose releases nobody tags")
        self.commit("feat: second")
        self.cut("--tag")
        self.assertEqual(self.found(), {"tag:v0.1.0": "was promoted, and has no tag"})
        self.commit("feat: third")
        self.cut()
        self.assertEqual(set(self.found()), {"tag:v0.1.0"}, "what was cut and not promoted needs none")

    def test_tags_from_before_the_first_cut_are_not_counted(self):
        for version in ("v1.0.0", "v1.1.0"):
            self.git("tag", version)
            self.commit("feat: of old")
        self.cut("--tag")
        self.assertEqual(self.sources(), {"git tags": (1, 1, 0), "commits of 1.2.0": (1, 1, 0)})
        self.git("checkout", "--quiet", "-b", "elsewhere", "v1.0.0")
        self.commit("fix: aside")
        self.git("tag", "v1.0.1")
        self.assertEqual(set(self.found()), {"tag:v1.0.1"}, "what the release before the first does not contain")

    def test_another_prefix_of_tags(self):
        self.configure(releases={"tagPrefix": "shop-"})
        self.cut("--tag")
        self.git("tag", "v7.0.0")
        self.assertEqual(self.sources()["git tags"], (1, 1, 0))
        self.git("tag", "shop-7.0.0")
        self.assertEqual(set(self.found()), {"tag:shop-7.0.0"})

    def test_merges_are_no_changes_by_themselves(self):
        self.cut("--tag")
        self.git("checkout", "--quiet", "-b", "side")
        self.commit("wip")
        self.git("checkout", "--quiet", "main")
        self.commit("fix: meanwhile")
        self.git("merge", "--quiet", "--no-ff", "-m", "feat: merged", "side")
        self.cut("--tag")
        self.assertEqual(self.sources()["commits of 0.2.0"], (2, 2, 0))

    def test_a_commit_that_a_forged_cut_does_not_name(self):
        self.cut()
        hidden, named = self.commit("feat: not to be seen"), self.commit("fix: harmless")
        version, _ = self.cut()
        data = self.last(version, "release.cut")
        changes = [change for change in data["changes"] if change["commit"] != hidden]
        self.forge(version, "release.cut", {**data, "changes": changes, "changecount": len(changes)})
        self.assertEqual(self.found(), {f"commit:{hidden}": f"was released with {version}, whose cut does not name it"})
        stranger = "0" * 40
        changes = [{**change, "commit": stranger if change["commit"] == named else change["commit"]}
                   for change in data["changes"]]
        self.forge(version, "release.cut", {**data, "changes": changes})
        self.assertEqual(self.found(), {
            f"commit:{named}": f"was released with {version}, whose cut does not name it",
            f"commit:{stranger}": f"is named by the cut of {version}, and is not in it"})

    def test_history_that_was_written_anew(self):
        self.cut("--tag")
        old = self.commit("feat: as it was")
        version, _ = self.cut("--tag")
        new = self.rewrite("feat: as they would have it", version)
        self.assertEqual(self.found(), {
            f"tag:v{version}": f"stands on {new}, and the release was cut of {old}",
            f"commit:{old}": f"is the commit of release {version}, and is not in the repository"})
        self.commit("fix: on top")
        later, _ = self.cut()
        self.assertEqual(set(self.found()), {f"tag:v{version}", f"commit:{old}", f"release:{later}"},
                         "nobody can say what the next one brought")

    def rewrite(self, message, version):
        """The newest commit is another one, with the tag on it, and the old one is gone."""
        self.git("commit", "--quiet", "--amend", "--allow-empty", "-m", message)
        self.git("tag", "--force", "-a", "-m", "again", f"v{version}")
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "--quiet", "--prune=now")
        return self.git("rev-parse", "HEAD")

    def test_a_release_after_one_that_nobody_knows(self):
        self.cut()
        self.commit("feat: more")
        version, _ = self.cut()
        data = self.last(version, "release.cut")
        self.forge(version, "release.cut", {**data, "previous": "7.7.7"})
        self.assertEqual(set(self.found()), {f"release:{version}"})

    def test_git_can_be_left_out_or_be_elsewhere(self):
        self.cut()
        self.git("tag", "v9.0.0")
        self.git("clone", "--quiet", "--no-tags", "file://" + str(self.folder), "clone")
        self.assertEqual(self.sources("--repository", "clone")["git tags"], (0, 0, 0))
        self.refuses(FAILED, "--without-git", says="nothing to compare")
        self.note(**ci(1))
        self.assertEqual(set(self.sources("--without-git")), {f"CI runs of {FORGE} release"})

    def test_nothing_to_compare(self):
        self.refuses(FAILED, says="nothing to compare")

    def test_without_a_repository_and_with_half_of_one_it_says_so(self):
        self.cut("--tag")
        self.commit("feat: more")
        self.git("clone", "--quiet", "--depth", "1", "file://" + str(self.folder), "half")
        size = self.size()
        for folder, says in (("/", "not in a git repository"), ("missing", "not in a git repository"),
                             ("half", "shallow clone"), ("half", "--unshallow --tags")):
            with self.subTest(folder):
                result = self.run_raw("reconcile", "--repository", folder)
                self.assertNotIn(result.code, (DONE, FAILED_VERIFICATION), repr(result))
                self.check_refusal(result, result.code, [folder, says])
        self.assertEqual(self.size(), size)

    def test_only_the_first_hundred_are_in_the_event(self):
        self.cut("--tag")
        for number in range(103):
            self.git("tag", f"v8.0.{number}")
        answer = self.reconcile(code=FAILED_VERIFICATION)
        self.assertEqual((answer["unexplainedcount"], len(answer["unexplained"])), (103, 100))
        results = json.loads(self.attachments(answer)["reconciliation.json"])
        self.assertEqual(sum(len(each["discrepancies"]) for each in results), 103)
        self.explain("tag:v8.0.102")
        self.assertEqual(self.reconcile(code=FAILED_VERIFICATION)["unexplainedcount"], 102)

    def test_a_tag_that_moves_after_it_was_explained_is_open_again(self):
        self.cut("--tag")
        self.git("tag", "v9.0.0")
        self.found()
        self.explain("tag:v9.0.0")
        self.reconcile()
        self.commit("feat: more")
        self.git("tag", "--force", "v9.0.0")
        self.assertEqual(set(self.found()), {"tag:v9.0.0"})

    def test_promoted_without_a_tag_where_the_tags_are_older_than_the_log(self):
        self.git("tag", "v1.0.0")
        self.commit("feat: more")
        self.configure(OPEN_TRAIN)
        self.train()
        self.assertEqual(set(self.found()), {"tag:v1.1.0"})

    def test_a_tag_of_a_tag(self):
        self.cut()
        self.git("tag", "-a", "-m", "inner", "inner")
        self.git("tag", "-a", "-m", "outer", "v0.1.0", "inner")
        self.reconcile()

    def test_git_errors_have_their_codes(self):
        for folder in ("/", "missing"):
            result = self.run_raw("reconcile", "--repository", folder)
            self.assertEqual((result.code, result.err[:9]), (NO_INPUT, "daybook: "), result)


class Runs(Reconciling):
    RELEASE = f"run:{FORGE} release"

    def test_gaps_between_the_logs_own_numbers(self):
        for number in (7, 3, 4, 9, 4):
            self.note(**ci(number))
        answer = self.reconcile(code=FAILED_VERIFICATION)
        self.assertEqual({each["item"]: each["detail"] for each in answer["unexplained"]}, {
            f"{self.RELEASE}#5-6": "nothing was recorded of these 2 runs",
            f"{self.RELEASE}#8": "nothing was recorded of this run"})
        self.assertEqual(answer["sources"][1:], [
            {"name": f"CI runs of {FORGE} release", "outside": 7, "matched": 4, "discrepancies": 2}])
        for number in (5, 6, 8):
            self.note(**ci(number))
        self.assertEqual(self.sources()[f"CI runs of {FORGE} release"], (7, 7, 0))

    def test_each_workflow_and_repository_has_numbers_of_its_own(self):
        self.note(**ci(1), GITHUB_JOB="a")
        self.note(**ci(3, "nightly"))
        self.note(**ci(5, GITHUB_REPOSITORY="acme/other"))
        self.assertEqual(self.sources("--without-git"), {
            f"CI runs of {FORGE} release": (1, 1, 0), f"CI runs of {FORGE} nightly": (1, 1, 0),
            "CI runs of https://github.com/acme/other release": (1, 1, 0)})
        self.assertEqual(set(self.sources("--without-git", "--workflow", "nightly")),
                         {f"CI runs of {FORGE} nightly"})

    def test_the_cis_own_list(self):
        for number in (3, 4, 6):
            self.note(**ci(number))
        missing, unknown = "nothing was recorded of this run", "is in the log, and not in the CI's list"
        expected = {f"{self.RELEASE}#2": missing, f"{self.RELEASE}#5": missing, f"{self.RELEASE}#6": unknown}
        runs = [{"number": number, "status": "completed"} for number in (5, 4, 3, 2)]
        for name, text in (
                ("lines", "2\n3\n4\n5\n"), ("lines of a Windows", "2\r\n3\r\n\r\n5\r\n4"), ("numbers", "[2, 3, 4, 5]"),
                ("gh run list", json.dumps(runs)), ("indented", json.dumps(runs, indent=2)),
                ("GitHub's API", json.dumps([{"id": 1, "run_number": each["number"]} for each in runs])),
                ("GitLab's API", json.dumps([{"id": 1, "iid": each["number"]} for each in runs]))):
            with self.subTest(name):
                self.write("runs", text)
                self.assertEqual(self.found("--without-git", "--runs", "runs"), expected)
                self.assertEqual(self.attachments(self.newest(COMPLETED)["event"]["data"])["runs"], text.encode())

    def test_a_list_is_of_one_workflow(self):
        self.note(**ci(1))
        self.note(**ci(1, "nightly"))
        self.write("runs", "1\n")
        self.refuses(BAD_INPUT, "--runs", "runs", says=["--workflow", f"{FORGE} nightly, {FORGE} release"])
        self.assertEqual(self.sources("--without-git", "--runs", "runs", "--workflow", "release"),
                         {f"CI runs of {FORGE} release": (1, 1, 0)})
        self.write("runs", "1\n2\n")
        self.assertEqual(set(self.found("--without-git", "--runs", "runs", "--workflow", "nightly")),
                         {f"run:{FORGE} nightly#2"})
        self.assertEqual(set(self.found("--without-git", "--runs", "runs", "--workflow", "weekly")),
                         {"run:weekly#1", "run:weekly#2"}, "a workflow that has recorded nothing at all")

    def test_malformed_lists_are_refused_by_their_place(self):
        for text, says in (
                ("1\n\n2\nx\n", "runs:4"), ("1\n-2\n", "runs:2"), ("1.5\n", "runs:1"), ("007\n", "runs:1"),
                ("1 2\n", "runs:1"), ("99999999999999999999999\n", "runs:1"), ("[1, 2\n", "runs:1"),
                ('{"number": 1}\n', "runs:1"), (b"1\n\xff\xfe\n", "runs:2"),
                ("[1, 1.5]", "runs: [1]"), ("[-1]", "runs: [0]"), ('[{"number": 1}, {"name": 2}]', "runs: [1]"),
                ('[{"number": "1"}]', "runs: [0]"), ("[[1]]", "runs: [0]")):
            with self.subTest(text):
                self.write("runs", text)
                self.refuses(BAD_INPUT, "--runs", "runs", says=says)
        self.refuses(NO_INPUT, "--runs", "missing", says="missing")

    def test_two_repositories_may_have_a_workflow_of_the_same_name(self):
        for repository in ("acme/a", "acme/b"):
            self.note(**ci(3, GITHUB_REPOSITORY=repository))
        self.write("runs", "3\n")
        runs = ("--without-git", "--runs", "runs", "--workflow")
        self.refuses(BAD_INPUT, *runs, "release", says=["in full", "acme/a release", "acme/b release"])
        self.reconcile(*runs, "https://github.com/acme/a release")


class Artifacts(Reconciling):
    def test_both_directions(self):
        self.write("shop.tar", "artifact")
        self.write("shop.sig", "signature")
        version, _ = self.cut("--artifact", "tar=shop.tar", "--artifact", "sig=shop.sig")
        tar, sig, other = sha256("artifact"), sha256("signature"), sha256("something else")
        for name, text in (
                ("text", f"{tar}  shop.tar\n{other}  by hand.tar\n"),
                ("binary", f"{tar} *shop.tar\r\n\n{other} *by hand.tar\r\n"),
                ("a registry's", f"sha256:{tar} shop:0.1.0\nsha256:{other} by hand.tar\n")):
            with self.subTest(name):
                self.write("list", text)
                answer = self.reconcile("--artifacts", "list", code=FAILED_VERIFICATION)
                self.assertEqual({each["item"]: each["detail"] for each in answer["unexplained"]}, {
                    f"artifact:sha256:{other}": "by hand.tar is of no release",
                    f"artifact:sha256:{sig}": f"is of release {version}, and not in the list"})
                self.assertEqual(answer["sources"][-1],
                                 {"name": "artifacts", "outside": 2, "matched": 1, "discrepancies": 2})
                self.assertEqual(self.attachments(answer)["artifacts"], text.encode())
        subprocess.run("sha256sum shop.tar shop.sig > list", shell=True, check=True, cwd=self.folder)
        self.assertEqual(self.sources("--artifacts", "list")["artifacts"], (2, 2, 0))
        self.write("list", f"{tar}\n{sig}\n{other}\n")
        self.assertEqual(set(self.found("--artifacts", "list")), {f"artifact:sha256:{other}"}, "names may be left out")

    def test_malformed_lists_are_refused_by_their_line(self):
        good = f"{sha256('')}  empty\n"
        for line in ("hello", "d41d8cd98f00b204e9800998ecf8427e  md5", f"{sha256('')[:-1]}  short", "  shop.tar",
                     f"sha512:{sha256('')} x", f"{sha256('')[:-1]}g  x"):
            with self.subTest(line):
                self.write("list", good + "\n" + line + "\n" + good)
                self.refuses(BAD_INPUT, "--artifacts", "list", says="list:3")
        self.refuses(NO_INPUT, "--artifacts", "missing", says="missing")

    def test_names_that_sha256sum_escapes_and_upper_case(self):
        self.write("list", f"\\{sha256('x')}  a\\\\b\n{sha256('y').upper()}  y\n")
        self.assertEqual(len(self.found("--artifacts", "list")), 2)

    def test_an_empty_list_is_a_list(self):
        self.write("list", "")
        self.refuses(1, "--without-git", "--artifacts", "list", says="nothing in the lists")


class Explaining(Reconciling):
    def setUp(self):
        super().setUp()
        self.cut("--tag")
        for version in ("v7.0.0", "v8.0.0"):
            self.git("tag", version)

    def test_it_ends_well_once_everything_is_explained(self):
        self.assertEqual(set(self.found()), {"tag:v7.0.0", "tag:v8.0.0"})
        answer = self.explain("tag:v7.0.0", "a rehearsal – così", "alice", "-o", "json").json
        event = self.ok("show", str(answer["position"]), "-o", "json").json["event"]
        self.assertEqual((event["type"], event["subject"]), (EXPLAINED, "reconciliation"))
        data, found = event["data"], self.newest(COMPLETED)
        self.assertEqual({name: data[name] for name in ("item", "person", "reason", "found")},
                         {"item": "tag:v7.0.0", "person": "alice", "reason": "a rehearsal – così",
                          "found": found["hash"]})
        self.assertEqual(set(self.found()), {"tag:v8.0.0"})
        self.assertIn("tag:v8.0.0 is explained by carol", self.explain("tag:v8.0.0", name="carol").out)
        answer = self.reconcile()
        self.assertEqual((answer["explainedcount"], answer["unexplained"]), (2, []))
        self.assertEqual(answer["sources"][0]["discrepancies"], 2, "they are still told")
        self.assertIn("reconciled, 2 explained", self.run_coded("reconcile").out)
        self.assert_sound()

    def test_the_signature_is_checked_by_ssh_keygen_alone(self):
        self.found()
        self.explain("tag:v7.0.0")
        event = self.newest(EXPLAINED)["event"]["data"]
        self.write("signature", event["signature"])
        self.write("allowed", f"bob {(keys() / 'bob.pub').read_text()}")
        self.detail = event["detail"]
        statement = json.dumps(self.statement("tag:v7.0.0", event["found"]), sort_keys=True, separators=(",", ":"))
        subprocess.run(["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "bob", "-n", "daybook", "-s", "signature"],
                       input=statement, text=True, check=True, cwd=self.folder, capture_output=True)

    def statement(self, item, found, name="bob", reason="made by hand before Daybook", **other):
        return {"as": name, "cut": found, "deed": "explain", "details": {"detail": self.detail, "item": item, "reason": reason},
                "release": "reconciliation", **other}

    def forge_explanation(self, item, signature, found, name="bob", reason="made by hand before Daybook"):
        self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps(
            {"item": item, "detail": self.detail, "person": name, "reason": reason, "found": found,
             "signature": signature}))

    def test_a_forged_explanation_does_not_count(self):
        self.found()
        item, found = "tag:v7.0.0", self.newest(COMPLETED)["hash"]
        self.detail = self.newest(COMPLETED)["event"]["data"]["unexplained"][0]["detail"]
        right = self.statement(item, found)
        for name, signature, members in (
                ("no signature", "", {}), ("no SSH signature", "hello", {}),
                ("by a key of nobody", self.sign(right, "mallory"), {}),
                ("by another person's key", self.sign(right, "carol"), {}),
                ("by nobody in people", self.sign({**right, "as": "mallory"}, "mallory"), {"name": "mallory"}),
                ("of another item", self.sign(self.statement("tag:v8.0.0", found)), {}),
                ("of another reconciliation", self.sign(self.statement(item, "0" * 64)), {}),
                ("with another reason", self.sign(right), {"reason": "it is all fine"}),
                ("of another deed", self.sign({**right, "deed": "approve"}), {}),
                ("of a release", self.sign({**right, "release": "release/shop/0.1.0"}), {}),
                ("under another namespace", self.sign(right, namespace="git"), {})):
            with self.subTest(name):
                self.forge_explanation(item, signature, found, **members)
                self.assertEqual(set(self.found()), {item, "tag:v8.0.0"})
        self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps({"item": item}))
        self.assertEqual(set(self.found()), {item, "tag:v8.0.0"}, "and what is malformed is nothing")
        self.forge_explanation(item, self.sign(right), found)
        self.assertEqual(set(self.found()), {"tag:v8.0.0"}, "whoever appends it: the signature counts")

    def test_who_is_no_longer_among_people_has_explained_nothing(self):
        self.found()
        self.explain("tag:v7.0.0", name="dave")
        self.assertEqual(set(self.found()), {"tag:v8.0.0"})
        del self.config["people"]["dave"]
        self.configure()
        self.assertEqual(set(self.found()), {"tag:v7.0.0", "tag:v8.0.0"})

    def test_before_any_reconciliation_there_is_nothing_to_explain(self):
        size = self.size()
        self.check_refusal(self.explain("tag:v7.0.0", code=NO_INPUT), NO_INPUT, "nothing was reconciled yet")
        self.assertEqual(self.size(), size)

    def test_misuse_is_refused_in_words(self):
        self.found()
        bob = ("--as", "bob", "--key", str(keys() / "bob"))
        for code, says, arguments in (
                (NO_INPUT, "has not found tag:v6.0.0", ("tag:v6.0.0", "--reason", "x", *bob)),
                (NO_INPUT, "has not found v7.0.0", ("v7.0.0", "--reason", "x", *bob)),
                (USAGE, "--reason is empty", ("tag:v7.0.0", "--reason", "", *bob)),
                (USAGE, "--reason is empty", ("tag:v7.0.0", "--reason", " \n", *bob)),
                (USAGE, "--reason", ("tag:v7.0.0", *bob)),
                (USAGE, "item", ("--reason", "x", *bob)),
                (USAGE, '"zoe" is not among people', ("tag:v7.0.0", "--reason", "x", "--as", "zoe", *bob[2:])),
                (USAGE, "--key", ("tag:v7.0.0", "--reason", "x", "--as", "bob")),
                (NO_INPUT, "missing", ("tag:v7.0.0", "--reason", "x", "--as", "bob", "--key", "missing")),
                (NOT_ALLOWED, "no key of bob", ("tag:v7.0.0", "--reason", "x", "--as", "bob", "--key",
                                                str(keys() / "mallory")))):
            with self.subTest(arguments):
                self.refuses(code, "explain", *arguments, says=says)
        self.assertEqual(set(self.found()), {"tag:v7.0.0", "tag:v8.0.0"})

    def test_what_is_explained_need_not_be_open(self):
        self.found()
        for reason in ("first", "second"):
            self.explain("tag:v7.0.0", reason)
        self.assertEqual(self.reconcile(code=FAILED_VERIFICATION)["explainedcount"], 1)
        self.explain("tag:v7.0.0", "third")


class Variables(Reconciling):
    """The default subcommand has its variables, as has a named one."""

    def setUp(self):
        super().setUp()
        self.note(**ci(1))
        self.note(**ci(1, "nightly"))
        self.write("runs", "1\n2\n")

    def test_every_option_of_the_default_has_its_variable(self):
        self.git("tag", "v7.0.0")
        variables = {"DAYBOOK_WITHOUT_GIT": "true", "DAYBOOK_RUNS": "runs", "DAYBOOK_WORKFLOW": "nightly",
                     "DAYBOOK_OUTPUT": "json", "DAYBOOK_LEDGER": self.ledger}
        item = f"run:{FORGE} nightly#2"
        for arguments in ((), ("run",)):
            with self.subTest(arguments):
                answer = self.run_coded("reconcile", *arguments, code=FAILED_VERIFICATION, env=variables).json
                self.assertEqual([each["item"] for each in answer["unexplained"]], [item])
        self.write("list", f"{sha256('x')}  x\n")
        answer = self.run_coded("reconcile", code=FAILED_VERIFICATION, env={**variables, "DAYBOOK_ARTIFACTS": "list"})
        self.assertEqual(answer.json["sources"][-1]["name"], "artifacts")
        answer = self.run_coded("reconcile", "--workflow", "release", code=FAILED_VERIFICATION, env=variables).json
        self.assertEqual([each["item"] for each in answer["unexplained"]], [f"run:{FORGE} release#2"],
                         "what is on the command line goes first")

    def test_the_variables_of_explain(self):
        self.git("tag", "v7.0.0")
        self.found("--workflow", "release")
        variables = {"DAYBOOK_REASON": "a rehearsal", "DAYBOOK_AS": "bob", "DAYBOOK_OUTPUT": "json",
                     "DAYBOOK_KEY": "evidence.key"}  # the ledger's, not a person's
        result = self.run_coded("reconcile", "explain", "tag:v7.0.0", "--key", str(keys() / "bob"), env=variables)
        self.assertEqual(self.newest(EXPLAINED)["event"]["data"]["reason"], "a rehearsal")
        self.assertIn("position", result.json)

    def test_an_empty_variable_is_a_usage_error(self):
        for name in ("RUNS", "WORKFLOW", "ARTIFACTS", "OUTPUT", "LEDGER", "REPOSITORY", "WITHOUT_GIT"):
            with self.subTest(name):
                self.refuses(USAGE, env={f"DAYBOOK_{name}": ""}, says=f"DAYBOOK_{name} is set but empty")
        self.refuses(USAGE, env={"DAYBOOK_WITHOUT_GIT": "perhaps"}, says="must be true or false")
        self.refuses(USAGE, env={"DAYBOOK_OUTPUT": "xml"}, says="xml")
        self.assertEqual(set(self.sources("--workflow", "nightly", env={"DAYBOOK_WITHOUT_GIT": "false"})),
                         {"git tags", f"CI runs of {FORGE} nightly"})

    def test_a_value_that_is_a_subcommands_name(self):
        self.note(**ci(1, "explain"))
        said = self.reconcile("--workflow", "explain", env={"DAYBOOK_WITHOUT_GIT": "true"})
        self.assertEqual(len(said["sources"]), 1)


class InBundles(Reconciling, BundleCase):
    """A bundle that is exported afterwards tells what was found, and who answers for it."""

    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)
        self.train()
        self.git("tag", "v0.1.0")
        self.git("tag", "v7.0.0")
        self.git("tag", "v8.0.0")
        self.vkey = self.ok("show", "0", "-o", "json").json["event"]["data"]["key"]

    def export(self, *scope):
        """The files of a bundle that both verifiers have found good."""
        path = self.path(f"{len(list(self.folder.glob('*.zip')))}.zip")
        self.run_coded("bundle", "export", *(scope or ["0.1.0"]), "--to", str(path))
        self.agree(str(path), self.vkey)
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def rows(self, files):
        return {row["item"]: row for row in csv.DictReader(io.StringIO(files["reconciliation.csv"].decode()))}

    def test_it_is_listed_with_its_explanations(self):
        self.assertNotIn("reconciliation.csv", self.export())
        self.write("runs", "1\n")
        found = self.reconcile("--runs", "runs", "--workflow", "=release", code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0", "a <b>rehearsal</b>, once")
        self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps({
            "item": "run:=release#1", "detail": "nothing was recorded of this run", "person": "carol", "reason": "trust me", "found": "0" * 64,
            "signature": "none"}))
        for scope in ((), ("--type", "release.promoted")):
            with self.subTest(scope):
                files = self.export(*scope)
                rows = self.rows(files)
                self.assertEqual(set(rows), {"tag:v7.0.0", "tag:v8.0.0", "run:=release#1"})
                for item, explained, person, signature in (
                        ("tag:v7.0.0", "yes", "bob", "verified"), ("tag:v8.0.0", "no", "", "")):
                    row = rows[item]
                    self.assertEqual((row["explained"], row["explained by"], row["signature"]),
                                     (explained, person, signature), row)
                    self.assertEqual(row["found at position"], str(found["position"]))
                self.assertNotIn(rows["run:=release#1"]["signature"], ("verified", ""))
                page = files["index.html"].decode()
                for words in ("Reconciled with the world outside", "Discrepancies", "tag:v8.0.0", "not explained",
                              "a &lt;b&gt;rehearsal&lt;/b&gt;, once"):
                    self.assertTrue(words in page, words)
                types = [json.loads(line)["type"] for line in files["entries.jsonl"].splitlines()]
                self.assertEqual((types.count(COMPLETED), types.count(EXPLAINED)), (1, 2))
                attached = {each["name"]: each["digest"][7:] for each in found["attachments"]}
                self.assertEqual(files[f"attachments/sha256-{attached['runs']}"], b"1\n")
                self.assertIn(f"attachments/sha256-{attached['reconciliation.json']}", files)

    def test_the_newest_counts(self):
        self.reconcile(code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0")
        self.git("tag", "--delete", "v8.0.0")
        self.reconcile()
        files = self.export()
        self.assertEqual(set(self.rows(files)), {"tag:v7.0.0"})
        types = [json.loads(line)["type"] for line in files["entries.jsonl"].splitlines()]
        self.assertEqual((types.count(COMPLETED), types.count(EXPLAINED)), (1, 1))

    def test_what_agrees_is_told_as_well(self):
        for version in ("v7.0.0", "v8.0.0"):
            self.git("tag", "--delete", version)
        self.reconcile()
        files = self.export()
        self.assertEqual(self.rows(files), {})
        self.assertTrue("commits of 0.1.0" in files["index.html"].decode())

    def forge_completed(self, data, *attached):
        self.append("--type", COMPLETED, "--subject", "reconciliation", "--data", json.dumps(data), *attached)

    def test_a_forged_explanation_hides_no_true_one(self):
        found = self.reconcile(code=FAILED_VERIFICATION)
        self.explain("tag:v7.0.0")
        details = {one["item"]: one["detail"] for one in found["unexplained"]}
        for item in ("tag:v7.0.0", "tag:v8.0.0"):
            self.append("--type", EXPLAINED, "--subject", "reconciliation", "--data", json.dumps(
                {"item": item, "detail": details[item], "person": "mallory", "reason": "x", "found": "0" * 64,
                 "signature": ""}))
        rows = self.rows(self.export())
        self.assertEqual((rows["tag:v7.0.0"]["explained by"], rows["tag:v7.0.0"]["signature"]), ("bob", "verified"))
        self.assertEqual((rows["tag:v8.0.0"]["explained"], rows["tag:v8.0.0"]["explained by"]), ("no", "mallory"))

    def test_a_malformed_reconciliation_hides_no_true_one(self):
        self.reconcile(code=FAILED_VERIFICATION)
        self.forge_completed({})
        self.assertIn("reconciliation.csv", self.export())
        self.explain("tag:v7.0.0")

    def test_a_reconciliation_with_garbage_attached_stops_no_bundle(self):
        found = self.reconcile(code=FAILED_VERIFICATION)
        data = {name: found[name] for name in found if name not in ("attachments", "position")}
        self.forge_completed(data, "--attach", f"reconciliation.json={self.write('garbage', 'hello')}")
        self.export()
        self.explain("tag:v7.0.0")
