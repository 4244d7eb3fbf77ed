"""Who answers for what the log and the world do not agree on; the command's variables."""
import json
import subprocess

from reconciling import COMPLETED, EXPLAINED, FORGE, Reconciling, ci, sha256
from scenario import FAILED_VERIFICATION, NO_INPUT, NOT_ALLOWED, USAGE
from shop import keys


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

    def test_what_several_comparisons_have_found_is_explained_for_all(self):
        old = self.commit("feat: cut twice")
        self.cut("--pre", "rc")
        self.cut()
        self.git("commit", "--quiet", "--amend", "--allow-empty", "-m", "feat: another")
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "--quiet", "--prune=now")
        found = self.reconcile(code=FAILED_VERIFICATION)["unexplained"]
        self.assertEqual(sum(each["item"] == f"commit:{old}" for each in found), 2, found)
        self.assertEqual(len(self.explain(f"commit:{old}", "cut by mistake", "bob", "-o", "json").lines), 2)
        self.assertNotIn(f"commit:{old}", self.found())

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
