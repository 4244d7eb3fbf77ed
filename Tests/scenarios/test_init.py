"""Making a ledger."""
import os
import stat
import subprocess

from scenario import BAD_INPUT, CANNOT_CREATE, NO_INPUT, ORIGIN, USAGE, Scenario


class Init(Scenario):
    def test_makes_a_ledger_that_verifies_and_prints_its_verifier_key(self):
        made = self.init()
        self.assertEqual(set(made), {"ledger", "key", "origin", "verifier"})
        self.assertEqual(made["origin"], ORIGIN)
        self.assertTrue(made["verifier"].startswith(f"{ORIGIN}+"))
        report = self.assert_sound("--key", made["verifier"])
        self.assertEqual(report["size"], 1)

    def test_the_first_entry_names_the_origin_the_key_and_the_format(self):
        made = self.init()
        first = self.log()[0]
        self.assertEqual(first["position"], 0)
        self.assertEqual(first["event"]["type"], "dev.daybook.ledger.created.v1")
        self.assertEqual(first["event"]["subject"], "ledger")
        self.assertEqual(first["event"]["streamversion"], 1)
        self.assertEqual(first["event"]["data"], {"format": 1, "key": made["verifier"], "origin": ORIGIN})

    def test_the_table_also_prints_the_verifier_key(self):
        result = self.ok("init", "--origin", ORIGIN)
        self.assertIn(f"{ORIGIN}+", result.out)

    def test_the_signing_key_is_for_its_owner_alone_and_outside_the_ledger(self):
        made = self.init()
        key = self.path(made["key"])
        self.assertEqual(stat.S_IMODE(os.stat(key).st_mode), 0o600)
        secret = subprocess.run(["openssl", "pkey", "-in", key, "-outform", "DER"], capture_output=True, check=True)
        for path in self.folder.iterdir():
            if path != key:
                self.assertNotIn(secret.stdout[-32:], path.read_bytes(), path)

    def test_the_key_is_private_whatever_the_umask(self):
        self.ok("init", "--origin", ORIGIN, preexec_fn=lambda: os.umask(0))
        self.assertEqual(stat.S_IMODE(os.stat(self.path("evidence.key")).st_mode), 0o600)

    def test_never_overwrites_a_ledger(self):
        self.init()
        before = self.path("evidence.db").read_bytes(), self.path("evidence.key").read_bytes()
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, says="there already")
        self.assertEqual(before, (self.path("evidence.db").read_bytes(), self.path("evidence.key").read_bytes()))

    def test_never_overwrites_any_other_file_either(self):
        self.write("evidence.db", "")
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN)
        self.assertEqual(self.path("evidence.db").read_bytes(), b"")
        self.assertFalse(self.path("evidence.key").exists())

    def test_never_overwrites_a_key_and_says_how_to_use_it(self):
        self.write("evidence.key", "precious")
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, says=["evidence.key", "--key"])
        self.assertEqual(self.path("evidence.key").read_bytes(), b"precious")
        self.assertFalse(self.path("evidence.db").exists())

    def test_never_follows_a_dangling_link(self):
        for name in ("evidence.db", "evidence.key"):
            with self.subTest(name):
                self.path(name).symlink_to("elsewhere")
                self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN)
                self.assertEqual([p.name for p in self.folder.iterdir()], [name])
                self.path(name).unlink()

    def test_takes_a_key_that_openssl_made(self):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path("own.pem")], check=True)
        self.init("--key", "own.pem")
        self.assertFalse(self.path("evidence.key").exists())
        self.append("--key", "own.pem")
        self.assert_sound("--key", self.vkey)

    def test_refuses_keys_that_are_none(self):
        openssl = lambda *a: subprocess.run(["openssl", *a], check=True, cwd=self.folder, capture_output=True)
        openssl("genpkey", "-algorithm", "RSA", "-out", "rsa.pem")
        openssl("genpkey", "-algorithm", "ed448", "-out", "ed448.pem")
        openssl("genpkey", "-algorithm", "x25519", "-out", "x25519.pem")
        openssl("genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x", "-out", "locked.pem")
        openssl("genpkey", "-algorithm", "ed25519", "-out", "own.pem")
        openssl("pkey", "-in", "own.pem", "-pubout", "-out", "public.pem")
        self.write("empty.pem", "")
        self.write("garbage.pem", os.urandom(4000))
        own = self.path("own.pem").read_bytes()
        self.write("cut.pem", own[:60])
        for name in ("rsa", "ed448", "x25519", "locked", "public", "empty", "garbage", "cut"):
            with self.subTest(name):
                self.refused(BAD_INPUT, "init", "--origin", ORIGIN, "--key", f"{name}.pem", says=f"{name}.pem",
                             timeout=10)
                self.assertFalse(self.path("evidence.db").exists())

    def test_an_encrypted_key_never_asks_for_a_passphrase(self):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:x", "-out",
                        self.path("locked.pem")], check=True, capture_output=True)
        result = self.refused(BAD_INPUT, "init", "--origin", ORIGIN, "--key", "locked.pem", stdin=b"x\n", timeout=10,
                              start_new_session=True)
        self.assertNotIn("pass phrase:", result.err)

    def test_refuses_a_key_file_that_is_not_there(self):
        self.refused(NO_INPUT, "init", "--origin", ORIGIN, "--key", "none.pem", says="none.pem")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_warns_of_a_key_that_others_can_read(self):
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path("own.pem")], check=True)
        os.chmod(self.path("own.pem"), 0o644)
        result = self.ok("init", "--origin", ORIGIN, "--key", "own.pem")
        self.assertIn("chmod 600", result.err)

    def test_refuses_origins_that_cannot_name_a_ledger(self):
        for origin in ("", " ", "a b", "a+b", "a\nb", "a\tb", "a\u00a0b", "a\u2028b", "<x>", "ex ample.com/", "\x7f"):
            with self.subTest(origin):
                self.refused(USAGE, "init", "--origin", origin, says="origin")
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_needs_an_origin(self):
        self.check_refusal(self.run_daybook("init"), USAGE, "--origin")

    def test_says_what_stands_in_the_way_of_making_the_file(self):
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, ledger="no/such/folder/evidence.db")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path("own.pem")], check=True)
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, "--key", "own.pem", ledger="no/such/folder/evidence.db")
        self.write("plain", "")
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, ledger="plain/evidence.db")
        self.refused(CANNOT_CREATE, "init", "--origin", ORIGIN, ledger=".")

    def test_leaves_nothing_behind_but_the_ledger_and_the_key(self):
        self.init()
        names = {p.name for p in self.folder.iterdir()}
        self.assertEqual({n for n in names if "new" in n or "journal" in n}, set())
        self.assertLessEqual(names, {"evidence.db", "evidence.key", "evidence.db-wal", "evidence.db-shm",
                                     "evidence.db-lock"})

    def test_a_log_left_by_a_ledger_that_is_gone_does_not_get_into_a_new_one(self):
        """Somebody removes evidence.db, forgets evidence.db-wal, and starts anew."""
        self.init()
        self.fill(20)
        self.path("evidence.db").unlink()
        self.path("evidence.key").unlink()
        result = self.run_daybook("init", "--origin", "example.com/new", "-o", "json")
        if result.code == 0:
            self.assert_sound("--key", result.json["verifier"])
            self.append("--subject", "a")
            self.assertEqual(self.size(), 2)
        else:
            self.check_refusal(result, CANNOT_CREATE, "-wal")

    def test_two_at_once_make_one_ledger(self):
        from scenario import binary
        command = [binary(), "init", "--ledger", "evidence.db", "--origin", ORIGIN, "-o", "json"]
        running = [subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE) for _ in range(8)]
        ends = [(p.communicate(timeout=30), p.returncode) for p in running]
        self.assertEqual(sorted(code for _, code in ends), [0] + [CANNOT_CREATE] * 7, ends)
        self.append("--subject", "a")
        self.assert_sound()
