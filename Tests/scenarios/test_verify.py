"""Verifying: what is caught, what is said, and what is brought from outside."""
import base64
import json
import shutil
import subprocess

from scenario import BAD_INPUT, NO_INPUT, ORIGIN, USAGE, Scenario, copy_ledger, damage


class Verify(Scenario):
    def setUp(self):
        super().setUp()
        self.init()
        self.fill(20, chunk=5)
        self.write("kept.checkpoint", self.ok("checkpoint").raw)

    def make_other_ledger(self, *arguments, events=20):
        self.init(*arguments, ledger="other.db")
        self.fill(events, *arguments, ledger="other.db")

    def test_the_report_has_the_stated_shape(self):
        report = self.verify().json
        self.assertEqual(set(report), {"origin", "size", "root", "checked", "unchecked", "findings"})
        head = self.ok("head", "-o", "json").json
        self.assertEqual((report["origin"], report["size"], report["root"]), (ORIGIN, 21, head["root"]))
        self.assertEqual(report["findings"], [])
        self.assertEqual(set(report["checked"]), {
            "file", "schema", "storage", "position", "hash", "canonical", "event", "created", "time", "stream", "key",
            "index", "subtree", "checkpoint", "attachment", "seal"})

    def test_findings_have_the_stated_shape_and_are_all_told(self):
        damage(self.path("evidence.db"),
               *(f"UPDATE entries SET event = replace(event, 'così', 'cosi') WHERE position = {p}" for p in (3, 7, 20)))
        result = self.verify()
        findings = result.json["findings"]
        for finding in findings:
            self.assertEqual(set(finding), {"position", "kind", "detail"})
        self.assertEqual([f["position"] for f in findings if f["kind"] == "hash"], [3, 7, 20])
        table = self.run_daybook("verify")
        self.assertEqual(table.code, 11)
        for position in (3, 7, 20):
            self.assertIn(f"position {position}: hash", table.out)
        self.assertIn("NOT verified", table.out)

    def test_says_what_was_not_checked_when_nothing_came_from_outside(self):
        unchecked = " ".join(self.verify().json["unchecked"])
        self.assertIn("--key", unchecked)
        self.assertIn("--checkpoint", unchecked)
        trusted = " ".join(self.verify("--key", self.vkey, "--checkpoint", "kept.checkpoint").json["unchecked"])
        self.assertNotIn("--key", trusted)
        self.assertNotIn("--checkpoint", trusted)

    def test_quick_says_what_it_left_out_and_finds_a_changed_event(self):
        report = self.assert_sound("--quick")
        self.assertEqual(set(report["checked"]), {
            "file", "schema", "storage", "position", "hash", "created", "subtree", "checkpoint"})
        self.assertIn("--quick", " ".join(report["unchecked"]))
        damage(self.path("evidence.db"), "UPDATE entries SET event = event || ' ' WHERE position = 7")
        self.assert_unsound("hash", "--quick")

    def test_the_key_may_be_a_text_a_file_or_the_signing_key(self):
        self.write("vkey", self.vkey + "\n")
        for key in (self.vkey, "vkey", "evidence.key"):
            with self.subTest(key):
                self.assertIn("trusted-key", self.assert_sound("--key", key)["checked"])

    def test_the_wrong_key_is_found(self):
        trusted = self.vkey
        self.make_other_ledger()
        for arguments in (["--key", self.vkey], ["--key", "other.key"]):
            self.assert_unsound("trusted-key", *arguments)
        self.assert_unsound("trusted-key", "--key", trusted, ledger="other.db")

    def test_a_key_under_another_name_is_not_this_ledgers_key(self):
        """A verifier key is a name and a key; the spec says that the name is the origin."""
        import hashlib
        public = base64.b64decode(self.vkey.split("+", 2)[2])
        name = "example.com/elsewhere"
        key_id = hashlib.sha256(name.encode() + b"\n" + public).hexdigest()[:8]
        findings = self.assert_unsound("trusted-key", "--key", f"{name}+{key_id}+{base64.b64encode(public).decode()}")
        self.assertEqual([(f["position"], f["kind"]) for f in findings], [(0, "trusted-key")])

    def test_keys_that_are_none_are_bad_input(self):
        name, key_id, public = self.vkey.split("+", 2)
        for text in (f"{name}+00000000+{public}", f"{name}+{key_id}+{public[:-4]}",
                     f"{name}+{key_id.upper()}x+{public}", f"+{key_id}+{public}", f"{name}+{key_id}+{public}\n",
                     f" {name}+{key_id}+{public}", f"{name}+{key_id}+{public[:-1]}"):
            with self.subTest(text):
                self.refused(BAD_INPUT, "verify", "--key", text, says="--key")
        for text in ("x", name, f"{name}+{key_id}", "none.key"):
            with self.subTest(text):
                self.refused(NO_INPUT, "verify", "--key", text, says="--key")
        self.refused(USAGE, "verify", "--key", "", says="--key")
        self.refused(BAD_INPUT, "verify", "--key", "evidence.db")

    def test_a_removed_tail_is_caught_by_a_kept_checkpoint_or_receipt_and_only_so(self):
        self.append("--receipt", "r.json")
        self.write("later.checkpoint", self.ok("checkpoint").raw)
        damage(self.path("evidence.db"), "DELETE FROM entries WHERE position > 20",
               "DELETE FROM checkpoints WHERE size > 21")
        self.assert_sound("--key", self.vkey)
        self.assert_sound("--key", self.vkey, "--checkpoint", "kept.checkpoint")
        for trust in (["--checkpoint", "later.checkpoint"], ["--receipt", "r.json"]):
            with self.subTest(trust):
                findings = self.assert_unsound(f"trusted-{trust[0][2:]}", *trust)
                self.assertIn("replaced", " ".join(f["detail"] for f in findings))

    def test_a_ledger_written_anew_with_another_key_is_caught_by_the_key(self):
        trusted = self.vkey
        self.make_other_ledger()
        self.assert_sound(ledger="other.db")
        self.assert_unsound("trusted-key", "--key", trusted, ledger="other.db")
        self.assert_unsound("trusted-checkpoint", "--checkpoint", "kept.checkpoint", ledger="other.db")

    def test_a_ledger_written_anew_with_the_real_key_is_caught_by_what_was_kept(self):
        self.append("--receipt", "r.json")
        self.write("later.checkpoint", self.ok("checkpoint").raw)
        trusted = self.vkey
        self.make_other_ledger("--key", "evidence.key", events=30)
        self.assert_sound("--key", trusted, ledger="other.db")
        for trust in (["--checkpoint", "kept.checkpoint"], ["--checkpoint", "later.checkpoint"], ["--receipt", "r.json"]):
            with self.subTest(trust):
                self.assert_unsound(f"trusted-{trust[0][2:]}", "--key", trusted, *trust, ledger="other.db")

    def test_every_receipt_and_checkpoint_that_is_brought_is_checked(self):
        receipts = self.fill(5, start=50)
        self.write("good.jsonl", "\n".join(json.dumps(r) for r in receipts) + "\n")
        self.assert_sound("--receipt", "good.jsonl", "--checkpoint", "kept.checkpoint")
        bad = [dict(r) for r in receipts]
        bad[2]["hash"] = "00" * 32
        bad[4]["previous"] = "11" * 32
        self.write("bad.jsonl", "\n".join(json.dumps(r) for r in bad))
        findings = self.assert_unsound("trusted-receipt", "--receipt", "good.jsonl", "--receipt", "bad.jsonl")
        self.assertEqual([f["position"] for f in findings], [bad[2]["position"], bad[4]["position"]])

    def test_a_receipt_with_a_forged_checkpoint_is_caught(self):
        receipt = self.append()
        lines = receipt["checkpoint"].split("\n")
        lines[1] = str(int(lines[1]) + 1)
        self.write("r.json", json.dumps({**receipt, "checkpoint": "\n".join(lines)}))
        self.assert_unsound("trusted-receipt", "--receipt", "r.json")
        older = self.path("kept.checkpoint").read_text()
        self.write("r.json", json.dumps({**receipt, "checkpoint": older}))
        self.assert_unsound("trusted-receipt", "--receipt", "r.json")

    def test_files_that_hold_no_evidence_are_bad_input_and_named(self):
        note = self.path("kept.checkpoint").read_text()
        bad = {"empty": "", "text": "hello\n", "no signature": note.split("\n\n")[0] + "\n\n", "cut": note[:-5],
               "leading zero": note.replace("\n21\n", "\n021\n"), "carriage returns": note.replace("\n", "\r\n"),
               "binary": b"\0\1\2", "latin": "è".encode("latin-1"), "no newline": note[:-1],
               "short root": note.replace("=\n\n", "\n\n", 1)}
        for name, content in bad.items():
            self.write("bad", content)
            with self.subTest(checkpoint=name):
                self.refused(BAD_INPUT, "verify", "--checkpoint", "bad", says="bad")
        for name, content in {"empty": "", "text": "hello", "array": "[]", "object": "{}", "null": "null",
                              "half": '{"position":1}', "negative": '{"position":-1}', "binary": b"\0"}.items():
            self.write("bad", content)
            with self.subTest(receipt=name):
                self.refused(BAD_INPUT, "verify", "--receipt", "bad", says="bad")
        for option in ("--checkpoint", "--receipt"):
            self.refused(NO_INPUT, "verify", option, "none", says="none")
            self.assertNotEqual(self.run_daybook("verify", option, ".").code, 0)
            self.assertNotEqual(self.run_daybook("verify", option, "").code, 0)

    def test_a_checkpoint_of_another_ledger_or_signer_is_a_finding(self):
        self.make_other_ledger("--key", "evidence.key", events=20)
        self.init("--key", "evidence.key", ledger="third.db", origin="example.com/third")
        for ledger in ("other.db", "third.db"):
            self.write("foreign", self.ok("checkpoint", ledger=ledger).raw)
            with self.subTest(ledger):
                self.assert_unsound("trusted-checkpoint", "--checkpoint", "foreign")
        note = self.path("kept.checkpoint").read_text()
        signature = base64.b64decode(note.split(" ")[-1])
        forged = base64.b64encode(signature[:-1] + bytes([signature[-1] ^ 1])).decode()
        self.write("forged", note.rsplit(" ", 1)[0] + f" {forged}\n")
        self.assert_unsound("trusted-checkpoint", "--checkpoint", "forged")

    def test_a_checkpoint_with_a_witness_signature_besides_is_good(self):
        note = self.path("kept.checkpoint").read_text()
        self.write("cosigned", note + "— witness.example/w " + base64.b64encode(bytes(80)).decode() + "\n")
        self.assert_sound("--checkpoint", "cosigned")

    def test_a_newer_format_is_refused_by_every_command(self):
        damage(self.path("evidence.db"), "PRAGMA user_version = 2")
        for command in (["verify"], ["verify", "--quick"], ["log"], ["head"], ["checkpoint"], ["prove", "0"],
                        ["append", "--type", "a.b"], ["backup", "b.db"], ["show", "0"], ["cat", "0" * 64],
                        ["attach", "kept.checkpoint"]):
            with self.subTest(command):
                self.refused(BAD_INPUT, *command, says=["format 2", "newer"])
        self.assertFalse(self.path("b.db").exists())

    def test_files_that_are_no_ledger_are_findings_to_verify_and_bad_input_to_others(self):
        subprocess.run(["sqlite3", str(self.path("plain.db")), "CREATE TABLE entries(x); INSERT INTO entries VALUES(1)"],
                       check=True)
        shutil.copy(self.path("evidence.db"), self.path("header.db"))
        self.path("header.db").write_bytes(self.path("evidence.db").read_bytes()[:4096])
        for name, content in {"text": b"hello\n" * 999, "empty": b"", "one": b"x", "zeros": bytes(8192)}.items():
            self.write(f"{name}.db", content)
        for name in ("plain", "text", "empty", "one", "zeros", "header"):
            with self.subTest(name):
                self.verify_damaged(f"{name}.db")
                if name != "header":
                    for command in (["head"], ["log"], ["append", "--type", "a.b", "--key", "evidence.key"]):
                        result = self.run_daybook(*command, ledger=f"{name}.db")
                        self.assertIn(result.code, (BAD_INPUT, 11), repr(result))
                        self.check_refusal(result, result.code)

    def verify_damaged(self, ledger):
        result = self.verify(ledger=ledger)
        self.assertTrue(result.json["findings"], repr(result))

    def test_an_emptied_ledger_does_not_verify(self):
        for statements in (["DELETE FROM entries"], ["DELETE FROM entries", "DELETE FROM checkpoints"],
                           ["DELETE FROM checkpoints"], ["DELETE FROM entries WHERE position = 0"]):
            copy_ledger(self.path("evidence.db"), self.path("cut.db"))
            damage(self.path("cut.db"), *statements)
            with self.subTest(statements):
                self.verify_damaged("cut.db")
                result = self.run_daybook("verify", "--quick", ledger="cut.db")
                self.assertEqual(result.code, 11, repr(result))

    def test_no_ledger_at_all_is_no_such_input(self):
        self.refused(NO_INPUT, "verify", ledger="none.db", says="none.db")
        self.assertEqual(self.path("none.db").exists(), False)

    def test_an_attachment_that_was_changed_or_removed_is_found(self):
        self.write("f", "x")
        self.append("--attach", "a=f")
        copy_ledger(self.path("evidence.db"), self.path("b.db"))
        damage(self.path("evidence.db"), "UPDATE attachments SET bytes = x'79'")
        damage(self.path("b.db"), "DELETE FROM attachments")
        self.assertEqual([(f["kind"], f["position"]) for f in self.verify().json["findings"]], [("attachment", None)])
        self.assertEqual([(f["kind"], f["position"]) for f in self.verify(ledger="b.db").json["findings"]],
                         [("attachment", 21)])

    def test_verifying_changes_nothing(self):
        before = self.path("evidence.db").read_bytes()
        self.assert_sound()
        self.assertEqual(self.path("evidence.db").read_bytes(), before)
