"""Copies, and what happens when an older one is put back."""
import os
import shutil
import subprocess

from scenario import CANNOT_CREATE, FAILED_VERIFICATION, NO_INPUT, Scenario, binary, damage


class Backup(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(20)

    def put_back(self, backup):
        """The documented way: the copy takes the place of the lost ledger, and of the files beside it."""
        for suffix in ("", "-wal", "-shm"):
            self.path(f"evidence.db{suffix}").unlink(missing_ok=True)
        shutil.copy(self.path(backup), self.path("evidence.db"))

    def test_the_copy_is_a_ledger_like_the_first(self):
        made = self.ok("backup", "copy.db", "-o", "json").json
        head = self.ok("head", "-o", "json").json
        self.assertEqual((made["size"], made["root"]), (head["size"], head["root"]))
        self.assertEqual(self.ok("head", "-o", "json", ledger="copy.db").json, head)
        self.assertEqual(self.log(ledger="copy.db"), self.log())
        self.assert_sound("--key", self.vkey, ledger="copy.db")

    def test_the_copy_can_be_appended_to(self):
        self.ok("backup", "copy.db")
        receipt = self.append("--subject", "a", "--key", "evidence.key", ledger="copy.db")
        self.assertEqual(receipt["position"], 21)
        self.assert_sound(ledger="copy.db")

    def test_attachments_are_in_it(self):
        self.write("f", os.urandom(100_000))
        digest = self.ok("attach", "f").out.strip()
        self.ok("backup", "copy.db")
        self.assertEqual(self.ok("cat", digest, ledger="copy.db").raw, self.path("f").read_bytes())

    def test_never_overwrites(self):
        for name in ("taken", "evidence.db", "evidence.key"):
            if name == "taken":
                self.write("taken", "precious")
            before = self.path(name).read_bytes()
            with self.subTest(name):
                self.refused(CANNOT_CREATE, "backup", name, says="there already")
                self.assertEqual(self.path(name).read_bytes(), before)
        self.refused(CANNOT_CREATE, "backup", ".")

    def test_says_where_it_cannot_write(self):
        self.refused(CANNOT_CREATE, "backup", "no/such/folder/copy.db", says="no/such/folder")
        self.refused(NO_INPUT, "backup", "copy.db", ledger="none.db", says="none.db")
        result = self.run_daybook("backup", "")
        self.assertNotEqual(result.code, 0, repr(result))

    def test_a_damaged_ledger_is_not_backed_up_as_if_it_were_whole(self):
        damage(self.path("evidence.db"), "UPDATE entries SET event = event || ' ' WHERE position = 7")
        self.refused(FAILED_VERIFICATION, "backup", "copy.db", says="verify")
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith("copy.db")], [])

    def test_leaves_only_the_copy_behind(self):
        self.ok("backup", "copy.db")
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith("copy.db")], ["copy.db"])

    def test_a_log_left_by_an_older_copy_of_that_name_does_not_get_into_the_new_one(self):
        self.ok("backup", "copy.db")
        self.append("--key", "evidence.key", "--subject", "elsewhere", ledger="copy.db")
        self.path("copy.db").unlink()
        result = self.run_daybook("backup", "copy.db")
        if result.code == 0:
            self.assertEqual(self.ok("head", "-o", "json", ledger="copy.db").json, self.ok("head", "-o", "json").json)
        else:
            self.check_refusal(result, CANNOT_CREATE, "-wal")

    def test_an_older_copy_put_back_is_caught_by_any_later_receipt_or_checkpoint(self):
        self.ok("backup", "copy.db")
        self.write("before.checkpoint", self.ok("checkpoint").raw)
        self.append("--subject", "a", "--receipt", "r.json")
        self.write("after.checkpoint", self.ok("checkpoint").raw)
        self.put_back("copy.db")
        self.assert_sound("--key", self.vkey)
        self.assert_sound("--key", self.vkey, "--checkpoint", "before.checkpoint")
        self.assert_unsound("trusted-receipt", "--key", self.vkey, "--receipt", "r.json")
        self.assert_unsound("trusted-checkpoint", "--key", self.vkey, "--checkpoint", "after.checkpoint")

    def test_an_older_copy_that_went_on_differently_is_caught_too(self):
        self.ok("backup", "copy.db")
        self.append("--subject", "a", "--receipt", "r.json")
        self.write("after.checkpoint", self.ok("checkpoint").raw)
        self.put_back("copy.db")
        self.append("--subject", "b")
        self.append("--subject", "c")
        self.assert_sound("--key", self.vkey)
        self.assert_unsound("trusted-receipt", "--receipt", "r.json")
        self.assert_unsound("trusted-checkpoint", "--checkpoint", "after.checkpoint")

    def test_a_copy_put_back_beside_a_forgotten_log_is_never_taken_for_sound_and_older(self):
        """Whoever copies over evidence.db and leaves evidence.db-wal must see either state whole, or findings."""
        old = self.ok("head", "-o", "json").json
        self.ok("backup", "copy.db")
        self.fill(300, start=500)
        self.append("--subject", "a")
        new = self.ok("head", "-o", "json").json
        shutil.copy(self.path("copy.db"), self.path("evidence.db"))
        result = self.run_daybook("verify", "-o", "json")
        self.assertIn(result.code, (0, 11), repr(result))
        if result.code == 0:
            self.assertIn(result.json["root"], (old["root"], new["root"]))

    def test_backs_up_while_others_append(self):
        writers = [subprocess.Popen(
            ["sh", "-c", f'for i in $(seq 15); do "{binary()}" append --ledger evidence.db --type a.b --subject s{n} '
             '>/dev/null || exit 1; done'], cwd=self.folder, env=self.environment) for n in range(2)]
        for number in range(5):
            self.ok("backup", f"copy{number}.db")
        self.assertEqual([w.wait(60) for w in writers], [0, 0])
        sizes = [self.size(ledger=f"copy{number}.db") for number in range(5)]
        self.assertEqual(sizes, sorted(sizes))
        self.assert_sound()
        self.assertEqual(self.size(), 51)
