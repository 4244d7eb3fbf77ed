"""Putting a backup in the place of a ledger."""
import os

from scenario import FAILED_VERIFICATION, NO_INPUT, USAGE, Scenario, damage


class Restore(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(20)
        self.ok("backup", "copy.db")
        self.old = self.head()
        self.append("--subject", "after", "--receipt", "r.json")
        self.write("after.checkpoint", self.ok("checkpoint").raw)

    def head(self, **more):
        return self.ok("head", "-o", "json", **more).json

    def test_puts_the_backup_in_place_and_moves_aside_what_was_there(self):
        new = self.head()
        done = self.ok("restore", "copy.db", "-o", "json").json
        self.assertEqual(set(done), {"ledger", "size", "root", "replaced"})
        self.assertEqual((done["size"], done["root"]), (self.old["size"], self.old["root"]))
        self.assertEqual(self.head(), self.old)
        self.assertEqual(self.head(ledger=done["replaced"]), new, "what was there is whole, with its log")
        self.assertEqual(self.head(ledger="copy.db"), self.old, "the backup stays")

    def test_what_was_kept_since_the_backup_shows_that_entries_are_gone(self):
        self.ok("restore", "copy.db")
        self.assert_sound("--key", self.vkey)
        self.assert_unsound("trusted-receipt", "--receipt", "r.json")
        self.assert_unsound("trusted-checkpoint", "--checkpoint", "after.checkpoint")

    def test_the_restored_ledger_goes_on(self):
        self.ok("restore", "copy.db")
        self.assertEqual(self.append("--subject", "next")["position"], self.old["size"])
        self.assert_sound("--key", self.vkey)

    def test_a_lost_ledger_comes_back_whatever_it_left_beside_it(self):
        self.path("evidence.db").unlink()
        self.assertTrue(self.path("evidence.db-wal").exists())
        self.ok("restore", "copy.db")
        self.assertEqual(self.head(), self.old)
        self.assert_sound("--key", self.vkey)

    def test_a_ruined_ledger_is_moved_aside_too(self):
        self.write("evidence.db", os.urandom(10_000))
        replaced = self.ok("restore", "copy.db", "-o", "json").json["replaced"]
        self.assertEqual(self.path(replaced).stat().st_size, 10_000)
        self.assertEqual(self.head(), self.old)

    def test_twice_moves_aside_twice(self):
        first = self.ok("restore", "copy.db", "-o", "json").json["replaced"]
        second = self.ok("restore", "copy.db", "-o", "json").json["replaced"]
        self.assertNotEqual(first, second)
        self.assertTrue(self.path(first).exists() and self.path(second).exists())

    def test_what_cannot_be_restored_changes_nothing(self):
        before = self.head()
        self.write("text.db", "hello")
        copy = self.path("copy.db").read_bytes()
        self.write("damaged.db", copy)
        damage(self.path("damaged.db"), "UPDATE entries SET event = event || ' ' WHERE position = 7")
        self.refused(FAILED_VERIFICATION, "restore", "damaged.db", says="damaged.db")
        self.refused(NO_INPUT, "restore", "none.db", says="none.db")
        for name in ("text.db", ".", "evidence.key"):
            self.assertNotIn(self.run_daybook("restore", name, timeout=10).code, (0, USAGE))
        self.assertEqual(self.head(), before)
        self.assert_sound("--receipt", "r.json")

    def test_a_ledger_is_not_restored_from_itself(self):
        before = self.head()
        self.assertNotEqual(self.run_daybook("restore", "evidence.db").code, 0)
        self.path("link.db").symlink_to("evidence.db")
        self.assertNotEqual(self.run_daybook("restore", "link.db").code, 0)
        self.assertEqual(self.head(), before)
