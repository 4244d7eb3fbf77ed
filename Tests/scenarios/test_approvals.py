"""Who may approve what, and what counts as an approval."""
import json
import subprocess

from scenario import BAD_INPUT, NO_INPUT, NOT_ALLOWED, USAGE
from shop import OPEN_TRAIN, REFUSED, Shop, keys, person, public_key


class Independent(Shop):
    """An approver is neither an author nor the cutter, and can be told from them."""

    def test_somebody_else_with_the_role_may(self):
        version, cut = self.cut()
        self.assert_approvals_lack(version, "0 of 1", "release-manager")
        self.approve(version)
        self.assert_approved(version)
        data = self.last(version, "approval.granted")
        self.assertEqual((data["person"], data["cut"], data["signed"]), ("bob", cut, True))
        self.assertEqual(self.state(version)["approvals"], ["bob"])
        self.assert_sound()

    def test_ssh_keygen_agrees_with_the_signature(self):
        version, cut = self.cut()
        self.approve(version)
        statement = {"as": "bob", "cut": cut, "deed": "approve", "details": {}, "release": f"release/shop/{version}"}
        self.write("sig", self.last(version, "approval.granted")["signature"])
        self.write("signers", f'bob namespaces="daybook" {public_key("bob")}\n')
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "bob", "-n", "daybook", "-s", "sig"],
                              cwd=self.folder, capture_output=True,
                              input=json.dumps(statement, sort_keys=True, separators=(",", ":")).encode())
        self.assertEqual(done.returncode, 0, done)

    def refused(self, version, name, *says):
        size = self.size()
        self.check_refusal(self.approve(version, name, code=NOT_ALLOWED), NOT_ALLOWED, says)
        self.assertEqual(self.size(), size)

    def test_an_author_may_not(self):
        self.as_author("bob")
        self.commit()
        self.as_author("alice")
        version, _ = self.cut()
        self.refused(version, "bob", "bob is an author")
        self.approve(version, "carol")
        self.assert_approved(version)

    def test_an_author_by_another_address_or_letter_case_may_not(self):
        self.config["people"]["bob"] = person("bob", emails=["bob@example.com", "bob@home.example"])
        self.configure()
        self.git("commit", "--quiet", "--allow-empty", "--author", "B <BOB@Home.Example>", "-m", "fix: x")
        version, _ = self.cut()
        self.refused(version, "bob", "bob is an author")

    def test_a_co_author_may_not(self):
        self.commit("fix: x\n\nCo-authored-by: Bob <bob@example.com>")
        self.refused(self.cut()[0], "bob", "bob is an author")

    def test_the_cutter_may_not(self):
        version, _ = self.cut("--actor", "bob")
        self.refused(version, "bob", "cutter")
        self.approve(version, "carol")

    def test_the_cutter_of_a_ci_may_not(self):
        version, _ = self.cut(env={
            "GITHUB_REPOSITORY": "a/shop", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_ACTOR": "Bob",
            "GITHUB_RUN_ID": "1"})
        self.refused(version, "bob", "cutter")

    def test_nobody_may_where_an_author_is_unknown(self):
        self.as_author("stranger")
        self.commit()
        self.as_author("alice")
        self.refused(self.cut()[0], "bob", "unknown", "stranger")

    def test_nobody_may_where_the_cutter_is_unknown(self):
        self.refused(self.cut("--actor", "robot")[0], "bob", "unknown", "robot")

    def test_an_author_who_is_taken_from_people_afterwards_stops_the_approval(self):
        version, _ = self.cut()
        self.approve(version)
        del self.config["people"]["alice"]
        self.configure()
        self.assert_approvals_lack(version, "bob's approval does not count", "unknown")

    def test_somebody_who_is_not_among_people_may_not(self):
        version, _ = self.cut()
        self.check_refusal(self.approve(version, "mallory", code=USAGE), USAGE, ["mallory", "bob"])

    def test_somebody_elses_key_is_refused(self):
        version, _ = self.cut()
        for key in ("mallory", "carol"):
            self.check_refusal(self.approve(version, "bob", key=key, code=NOT_ALLOWED), NOT_ALLOWED, "no key of bob")
        self.assertNotIn("approval.granted", self.kinds(version))

    def test_a_key_that_is_not_there_is_said(self):
        version, _ = self.cut()
        result = self.run_raw("release", "approve", version, "--as", "bob", "--key", "none")
        self.check_refusal(result, NO_INPUT, "none")
        self.check_refusal(self.run_raw("release", "approve", version, "--as", "bob"), USAGE, "--key")

    def test_a_release_that_was_not_cut_is_said(self):
        self.check_refusal(self.approve("9.9.9", code=NO_INPUT), NO_INPUT, "9.9.9")


class TheConfiguration(Shop):
    def refused(self, *says):
        self.configure()
        self.check_refusal(self.run_raw("gate", "check", "--release", "0.1.0", "--gate", "approvals"), BAD_INPUT, says)

    def test_two_people_with_one_key_are_refused(self):
        self.config["people"]["carol"]["keys"] = [public_key("bob")]
        self.refused("daybook.yaml", "carol", "bob")

    def test_the_same_key_with_another_comment_is_the_same_key(self):
        self.config["people"]["carol"]["keys"] = [public_key("bob") + " carol@laptop"]
        self.refused("daybook.yaml", "carol", "bob")

    def test_two_people_with_one_address_or_login_are_refused(self):
        self.config["people"]["carol"]["emails"] = ["BOB@example.com"]
        self.refused("daybook.yaml", "bob")
        self.config["people"]["carol"]["emails"] = ["carol@example.com"]
        self.config["people"]["carol"]["logins"] = ["Bob"]
        self.refused("daybook.yaml", "bob")


class Counting(Shop):
    def rule(self, **rule):
        self.configure(gates={"approvals": rule})

    def test_two_are_two_people(self):
        self.rule(required=2, roles=["release-manager"])
        version, _ = self.cut()
        self.approve(version)
        self.approve(version)
        self.assert_approvals_lack(version, "1 of 2")
        self.approve(version, "carol")
        self.assert_approved(version)

    def test_only_those_with_the_role_count(self):
        version, _ = self.cut()
        self.approve(version, "dave")
        self.assert_approvals_lack(version, "0 of 1", "dave's approval does not count", "roles")
        self.rule(required=1)
        self.assert_approved(version)

    def test_a_role_that_is_taken_away_counts_no_more(self):
        version, _ = self.cut()
        self.approve(version)
        self.config["people"]["bob"]["roles"] = ["developer"]
        self.configure()
        self.assert_approvals_lack(version, "0 of 1", "bob's approval does not count")

    def test_a_key_that_is_taken_away_counts_no_more(self):
        version, _ = self.cut()
        self.approve(version)
        self.config["people"]["bob"]["keys"] = [public_key("mallory")]
        self.configure()
        self.assert_approvals_lack(version, "no key of bob")

    def test_each_environment_may_have_a_rule_of_its_own(self):
        self.rule(required=1, environments={"prod": {"required": 2, "roles": ["dba", "release-manager"]}})
        version, _ = self.cut()
        self.approve(version, "dave")
        self.check(version, "--before", "deploy:stage", "--gate", "approvals")
        self.assert_approvals_lack(version, "0 of 2")
        self.approve(version)
        self.approve(version, "carol")
        self.assert_approved(version)

    def test_the_train_asks_by_the_rule_of_where_it_goes_next(self):
        self.rule(required=1, environments={"prod": {"required": 2}})
        self.configure(["cut", {"gate": ["approvals"]}, {"deploy": "stage"}, {"gate": ["approvals"]}, {"promote": "prod"}])
        version, _ = self.cut()
        self.approve(version)
        self.assertIn("1 of 2", self.train(version, code=REFUSED).out)
        self.assertEqual((self.runs("stage"), self.runs("prod")), (version, None))

    def test_an_approval_that_is_taken_back_counts_no_more(self):
        version, _ = self.cut()
        self.approve(version)
        self.run_coded("release", "revoke", version, "--as", "bob", "--reason", "found a race")
        self.assert_approvals_lack(version, "0 of 1")
        self.assertEqual(self.state(version)["approvals"], [], "a revoked approval is still shown")

    def test_after_a_revocation_one_may_approve_again(self):
        version, _ = self.cut()
        self.approve(version)
        self.run_coded("release", "revoke", version, "--as", "bob", "--reason", "found a race")
        self.approve(version)
        self.assert_approved(version)

    def test_who_has_not_approved_cannot_revoke(self):
        version, _ = self.cut()
        result = self.run_raw("release", "revoke", version, "--as", "bob", "--reason", "x")
        self.check_refusal(result, NO_INPUT, "bob has not approved")

    def test_without_a_signature_only_where_it_is_allowed_and_it_is_marked(self):
        version, _ = self.cut()
        self.approve(version, "bob", "--unsigned", code=NOT_ALLOWED)
        self.rule(required=1, allowUnsigned=True)
        self.approve(version, "bob", "--unsigned")
        self.assert_approved(version)
        self.rule(required=1)
        self.assert_approvals_lack(version, "not signed")
        self.assertEqual(self.state(version)["approvals"], ["bob (UNSIGNED)"])
        self.assertIn("UNSIGNED", self.run_coded("release", "status", version).out)
        self.assertIs(self.last(version, "approval.granted")["signed"], False)

    def test_without_a_signature_an_author_still_may_not(self):
        self.rule(required=1, allowUnsigned=True)
        version, _ = self.cut()
        self.approve(version, "alice", "--unsigned", code=NOT_ALLOWED)


class Stale(Shop):
    """Approvals are of one cut."""

    def again(self):
        self.write("shop.tar", "other bytes")
        return self.cut("--again", "--artifact", "shop.tar=shop.tar")

    def test_a_new_cut_makes_them_stale(self):
        version, _ = self.cut()
        self.approve(version)
        self.assert_approved(version)
        self.again()
        self.assert_approvals_lack(version, "0 of 1", "earlier cut")
        self.assertEqual(self.state(version)["approvals"], [])
        self.approve(version)
        self.assert_approved(version)


class Forged(Shop):
    """What somebody with the ledger's key appends by hand is no approval."""

    def setUp(self):
        super().setUp()
        self.version, self.hash = self.cut()
        self.release = f"release/shop/{self.version}"

    def statement(self, **members):
        return {"as": "bob", "cut": self.hash, "deed": "approve", "details": {}, "release": self.release, **members}

    def forged(self, signature, *says, **members):
        self.forge(self.version, "approval.granted",
                   {"person": "bob", "cut": self.hash, "signature": signature, "signed": True, **members})
        self.assert_approvals_lack(self.version, "0 of 1", "bob's approval does not count", *says)

    def test_the_very_signature_counts_so_that_the_others_fail_for_their_fault(self):
        self.forge(self.version, "approval.granted", {
            "person": "bob", "cut": self.hash, "signature": self.sign(self.statement()), "signed": True})
        self.assert_approved(self.version)

    def test_none_though_it_says_signed(self):
        self.forged(None, "not signed")

    def test_junk(self):
        for junk in ("", "x", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"):
            self.forged(junk, "signature")

    def test_by_another_key(self):
        self.forged(self.sign(self.statement(), "mallory"), "no key of bob")

    def test_by_another_person_of_the_role(self):
        self.forged(self.sign(self.statement(), "carol"), "no key of bob")

    def test_in_another_namespace(self):
        for namespace in ("git", "file", "daybook.example"):
            self.forged(self.sign(self.statement(), namespace=namespace))

    def test_of_another_release_another_cut_another_deed_another_name(self):
        for member in ({"release": "release/shop/9.9.9"}, {"cut": "0" * 64}, {"deed": "override"}, {"as": "carol"},
                       {"details": {"gate": "approvals"}}):
            with self.subTest(member):
                self.forged(self.sign(self.statement(**member)), "signature")

    def test_with_a_byte_that_was_changed(self):
        signature = self.sign(self.statement())
        lines = signature.splitlines()
        lines[-2] = lines[-2][:-4] + ("AAA=" if lines[-2][-4:] != "AAA=" else "BBB=")
        self.forged("\n".join(lines) + "\n")

    def test_the_approval_of_another_release_says_nothing_here(self):
        self.approve(self.version)
        approval = self.last(self.version, "approval.granted")
        self.commit("fix: evil")
        other, cut = self.cut()
        self.forge(other, "approval.granted", approval)
        self.assert_approvals_lack(other, "0 of 1", "earlier cut")
        self.forge(other, "approval.granted", {**approval, "cut": cut})
        self.assert_approvals_lack(other, "0 of 1", "signature")

    def test_the_approval_of_an_earlier_cut_says_nothing_of_this(self):
        self.approve(self.version)
        approval = self.last(self.version, "approval.granted")
        self.write("shop.tar", "other")
        _, cut = self.cut("--again", "--artifact", "shop.tar=shop.tar")
        self.forge(self.version, "approval.granted", approval)
        self.assert_approvals_lack(self.version, "earlier cut")
        self.forge(self.version, "approval.granted", {**approval, "cut": cut})
        self.assert_approvals_lack(self.version, "signature")

    def test_an_approval_before_the_cut_says_nothing(self):
        self.forge("0.1.1", "approval.granted", {"person": "bob", "cut": self.hash, "signature": None, "signed": True})
        self.commit()
        self.assert_approvals_lack(self.cut("--again")[0], "0 of 1")

    def test_by_an_author_by_hand(self):
        self.forge(self.version, "approval.granted", {
            "person": "alice", "cut": self.hash, "signed": True,
            "signature": self.sign(self.statement(**{"as": "alice"}), "alice")})
        self.config["people"]["alice"]["roles"] = ["release-manager"]
        self.configure()
        self.assert_approvals_lack(self.version, "alice is an author")

    def test_by_nobody_of_ours(self):
        self.forge(self.version, "approval.granted", {
            "person": "mallory", "cut": self.hash, "signed": True,
            "signature": self.sign(self.statement(**{"as": "mallory"}), "mallory")})
        self.assert_approvals_lack(self.version, "mallory", "not among people")

    def test_data_that_cannot_be_read_count_for_nothing_and_hurt_nobody(self):
        for data in (None, {}, [], {"person": 1}, {"person": "bob", "cut": "x"}, {"person": "bob", "cut": self.hash,
                                                                                 "signature": 5}):
            self.forge(self.version, "approval.granted", data)
        self.assert_approvals_lack(self.version, "0 of 1")
        self.approve(self.version)
        self.assert_approved(self.version)
        self.run_coded("release", "status", self.version)

    def test_a_forgery_does_not_put_a_true_approval_out_of_force(self):
        self.approve(self.version)
        self.forge(self.version, "approval.granted",
                   {"person": "bob", "cut": self.hash, "signature": "x", "signed": True})
        self.assert_approved(self.version)

    def test_a_forgery_is_not_shown_as_an_approval(self):
        self.forge(self.version, "approval.granted",
                   {"person": "bob", "cut": self.hash, "signature": "x", "signed": True})
        self.assertNotIn("bob", self.state(self.version)["approvals"])


class Ridden(Shop):
    def test_a_train_without_the_gate_asks_nobody(self):
        self.configure(OPEN_TRAIN)
        self.train()

    def test_a_train_does_not_go_on_a_forgery(self):
        version, cut = self.cut()
        self.forge(version, "approval.granted", {"person": "bob", "cut": cut, "signature": None, "signed": True})
        self.train(version, code=REFUSED)
        self.assertIsNone(self.runs("prod"))

    def test_the_keys_variable_of_the_ledger_signs_no_approval(self):
        version, _ = self.cut()
        env = {"DAYBOOK_KEY": str(self.path("evidence.key"))}
        self.approve(version, env=env)
        self.assert_approved(version)
        self.assertTrue((keys() / "bob").exists())
