"""What the tests of `daybook reconcile` share: a shop whose log is compared with what others count."""
import hashlib

from scenario import DONE, FAILED_VERIFICATION
from shop import Shop, keys

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
