"""The log compared with git: tags, commits and merges against what was cut."""
import json

from reconciling import COMPLETED, FORGE, Reconciling, ci
from scenario import DONE, FAILED_VERIFICATION, NO_INPUT
from shop import FAILED, OPEN_TRAIN


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
