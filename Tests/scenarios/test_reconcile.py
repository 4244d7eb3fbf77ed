"""The log compared with what others count: the CI's runs, a registry's digests."""
import json
import subprocess

from reconciling import COMPLETED, FORGE, Reconciling, ci, sha256
from scenario import BAD_INPUT, FAILED_VERIFICATION, NO_INPUT


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

    def test_a_workflow_that_the_log_does_not_know(self):
        self.note(**ci(1))
        self.refuses(BAD_INPUT, "--workflow", "nonesuch", says=("no workflow nonesuch", f"{FORGE} release"))

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
