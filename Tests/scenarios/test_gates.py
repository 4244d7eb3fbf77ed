"""Gates: freezes, events, where a release comes from, verification, overrides, and what a check answers."""
import datetime
import json
import time
from zoneinfo import ZoneInfo

from scenario import NO_INPUT, NOT_ALLOWED, USAGE
from shop import INCONCLUSIVE, OPEN_TRAIN, REFUSED, ROLLED_BACK, Shop, TRAIN, keys

GATED = ["cut", {"deploy": "stage"}, {"gate": ["freezes"]}, {"promote": "prod"}]


class Frozen(Shop):
    def freeze(self, *freezes):
        self.configure(GATED, gates={"freezes": list(freezes)})
        return self.cut()[0]

    @staticmethod
    def day(offset, zone="UTC"):
        return (datetime.datetime.now(ZoneInfo(zone)) + datetime.timedelta(days=offset)).strftime("%Y-%m-%d")

    @staticmethod
    def moment(minutes, zone="UTC"):
        return (datetime.datetime.now(ZoneInfo(zone)) + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M")

    def assert_frozen(self, *freezes, step="promote:prod"):
        reasons = self.check(self.freeze(*freezes), "--before", step, "--gate", "freezes", code=REFUSED)
        self.assertIn("daybook override grant", reasons[0]["remedy"])
        return reasons

    def assert_not_frozen(self, *freezes, step="promote:prod"):
        self.check(self.freeze(*freezes), "--before", step, "--gate", "freezes")

    def test_from_before_now_to_after_now(self):
        reasons = self.assert_frozen({"from": self.day(-1), "to": self.day(1), "reason": "Holidays"})
        self.assertIn("Holidays", reasons[0]["reason"])
        self.assert_frozen({"from": self.moment(-2), "to": self.moment(5)})

    def test_not_before_and_not_after(self):
        self.assert_not_frozen({"from": self.day(2), "to": self.day(3)}, {"from": self.day(-3), "to": self.day(-2)},
                               {"from": self.moment(30), "to": self.moment(60)},
                               {"from": self.moment(-60), "to": self.moment(-30)})

    def test_the_last_day_is_included_to_its_end(self):
        # Wherever one day has hours left; in UTC it may turn while the test runs.
        zone = "UTC" if datetime.datetime.now(ZoneInfo("UTC")).hour < 23 else "Asia/Tokyo"
        today = self.day(0, zone)
        self.assert_frozen({"from": today, "to": today, "zone": zone})

    def test_times_are_of_the_zone(self):
        for zone in ("Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata", "UTC"):
            with self.subTest(zone):
                window = {"from": self.moment(-30, zone), "to": self.moment(30, zone), "zone": zone}
                self.assert_frozen(window)
        # The same figures, read in a zone that is hours away, are another time.
        self.assert_not_frozen({"from": self.moment(-30, "Asia/Kolkata"), "to": self.moment(30, "Asia/Kolkata"),
                                "zone": "America/New_York"})

    def test_only_where_it_holds(self):
        freeze = {"from": self.day(-1), "to": self.day(1), "environments": ["prod"]}
        self.assert_frozen(freeze)
        self.assert_not_frozen(freeze, step="deploy:stage")

    def test_a_frozen_train_is_held_until_it_thaws(self):
        version = self.freeze({"from": self.day(-1), "to": self.day(1)})
        result = self.train(version, code=REFUSED)
        self.assertIn("frozen", result.out)
        self.assertIn("daybook override grant", result.out)
        self.assertIsNone(self.runs("prod"))
        self.configure(gates={"freezes": [{"from": self.day(5), "to": self.day(6)}]})
        self.train(version)
        self.assertEqual(self.runs("prod"), version)


class Events(Shop):
    SCAN = "com.example.scan.completed"

    def need(self, **members):
        self.configure(["cut", {"gate": ["events"]}, {"deploy": "stage"}],
                       gates={"events": [{"type": self.SCAN, **members}]})
        return self.cut()[0]

    def record(self, version, data="{}", kind=None, *arguments):
        self.append("--type", kind or self.SCAN, "--subject", f"release/shop/{version}", "--data", data, *arguments)

    def lacks(self, version):
        reasons = self.check(version, "--before", "deploy:stage", code=INCONCLUSIVE)
        self.assertEqual(reasons[0]["gate"], "events")
        self.assertIn(self.SCAN, reasons[0]["reason"])
        self.assertIn(f"daybook append --type {self.SCAN}", reasons[0]["remedy"])

    def has(self, version):
        self.check(version, "--before", "deploy:stage")

    def test_must_be_recorded_for_the_release(self):
        version = self.need()
        self.lacks(version)
        self.record("9.9.9")
        self.record(version, kind="com.example.scan.started")
        self.append("--type", self.SCAN, "--data", "{}")
        self.lacks(version)
        self.record(version)
        self.has(version)

    def test_must_have_the_data(self):
        version = self.need(data={"result": "passed", "critical": 0, "signed": True})
        for data in ("{}", '{"result":"failed","critical":0,"signed":true}', '{"result":"passed","critical":1,"signed":true}',
                     '{"result":"passed","critical":0,"signed":false}', '{"result":["passed"],"critical":0,"signed":true}'):
            self.record(version, data)
            self.lacks(version)
        self.record(version, '{"result":"passed","critical":0,"signed":true,"more":[1]}')
        self.has(version)

    def test_must_be_of_this_cut(self):
        version = self.need()
        self.record(version)
        self.has(version)
        self.write("x", "x")
        self.cut("--again", "--artifact", "x=x")
        self.lacks(version)

    def test_must_not_be_too_old(self):
        version = self.need(within="1s")
        self.record(version)
        time.sleep(1.1)
        self.lacks(version)
        self.configure(gates={"events": [{"type": self.SCAN, "within": "1h"}]})
        self.has(version)

    def test_with_data_that_are_no_object_hurt_nobody(self):
        version = self.need()
        self.record(version, '["a list"]', kind="com.example.note")
        self.lacks(version)
        self.record(version)
        self.has(version)


class ComingFrom(Shop):
    def test_prod_from_stage(self):
        self.configure(["cut", {"gate": ["promotedFrom"]}, {"promote": "prod"}], gates={"promotedFrom": {"prod": "stage"}})
        version, cut = self.cut()
        reasons = self.check(version, "--before", "promote:prod", code=REFUSED)
        self.assertEqual(reasons[0]["gate"], "promotedFrom")
        self.assertIn("stage", reasons[0]["reason"])
        self.assertIn("daybook ", reasons[0]["remedy"], "no command that would supply it")

    def test_a_train_by_way_of_stage_passes(self):
        self.configure([*OPEN_TRAIN[:3], {"gate": ["promotedFrom"]}, *OPEN_TRAIN[3:]],
                       gates={"promotedFrom": {"prod": "stage"}})
        self.train()

    def test_of_an_earlier_cut_it_says_nothing(self):
        self.configure([*OPEN_TRAIN[:3], {"gate": ["promotedFrom"]}, *OPEN_TRAIN[3:]],
                       gates={"promotedFrom": {"prod": "stage"}})
        self.train()
        self.check("0.1.0", "--before", "promote:prod")
        self.write("x", "x")
        self.cut("--again", "--artifact", "x=x")
        self.check("0.1.0", "--before", "promote:prod", code=REFUSED)


class Verified(Shop):
    def test_nothing_verified_is_inconclusive(self):
        self.configure(["cut", {"gate": ["verification"]}, {"promote": "prod"}])
        result = self.train(code=INCONCLUSIVE)
        self.assertIn("daybook train run", result.out)
        self.assertEqual(self.check("0.1.0", "--before", "promote:prod", code=INCONCLUSIVE)[0]["gate"], "verification")

    def test_the_newest_counts(self):
        self.configure(TRAIN)
        self.hook("smoke", "stage", "exit 1")
        self.train(code=ROLLED_BACK)
        reasons = self.check("0.1.0", "--gate", "verification", code=REFUSED)
        self.assertIn("no report", reasons[0]["reason"])
        self.assertIn("daybook ", reasons[0]["remedy"], "no command that would supply it")


class Overridden(Shop):
    def setUp(self):
        super().setUp()
        self.configure(GATED, gates={"freezes": [{"from": "2020-01-01", "to": "2099-12-31"}]})
        tomorrow = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        self.expires = tomorrow.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self.version, self.hash = self.cut()

    def grant(self, name="bob", *arguments, key=None, gate="freezes", reason="security fix", lasts="1h", code=0):
        return self.run_coded("override", "grant", self.version, "--gate", gate, "--reason", reason, "--for", lasts,
                              "--as", name, "--key", str(keys() / (key or name)), *arguments, code=code)

    def assert_stands(self):
        self.check(self.version, "--before", "promote:prod", code=REFUSED)

    def assert_set_aside(self):
        answer = self.run_coded("gate", "check", "--release", self.version, "--before", "promote:prod", "-o", "json").json
        self.assertEqual((answer["verdict"], answer["overridden"]), ("pass", ["freezes"]))

    def test_sets_one_gate_aside_and_is_seen(self):
        self.assert_stands()
        self.grant()
        self.assert_set_aside()
        self.assertIn("security fix", self.state(self.version)["overrides"][0])
        self.assertIn("freezes", self.run_coded("release", "status", self.version).out)
        self.train(self.version)
        self.assertEqual(self.last(self.version, "gate.evaluated")["details"]["overridden"], ["freezes"])
        self.assert_sound()

    def test_sets_no_other_gate_aside(self):
        self.grant(gate="approvals")
        self.assert_stands()

    def test_ends_with_its_time(self):
        self.grant(lasts="1s")
        time.sleep(1.1)
        self.assert_stands()

    def test_is_of_one_cut(self):
        self.grant()
        self.write("x", "x")
        self.cut("--again", "--artifact", "x=x")
        self.assert_stands()

    def test_by_an_author_is_refused(self):
        self.check_refusal(self.grant("alice", code=NOT_ALLOWED), NOT_ALLOWED, "alice is an author")
        self.assert_stands()

    def test_by_somebody_elses_key_is_refused(self):
        self.check_refusal(self.grant(key="mallory", code=NOT_ALLOWED), NOT_ALLOWED, "no key of bob")
        self.assert_stands()

    def test_needs_a_gate_a_reason_a_time_and_a_name(self):
        for more, says in (({"gate": "moon"}, "freezes"), ({"reason": "  "}, "reason"), ({"lasts": "8d"}, "7d"),
                           ({"lasts": "soon"}, "30m"), ({"name": "mallory"}, "people")):
            with self.subTest(more):
                self.check_refusal(self.grant(**{"code": USAGE, **more}), USAGE, says)
        self.assertNotIn("override.granted", self.kinds(self.version))

    def forged(self, signer="bob", namespace="daybook", signed=None, lasts_until=None, **members):
        """An override by hand; what is signed is what it says, unless stated. An end that is only stated later,
        lasts_until, is not what was signed."""
        says = {"gate": "freezes", "person": "bob", "cut": self.hash, "reason": "x", "expires": self.expires, **members}
        statement = {"as": says["person"], "cut": says["cut"], "deed": "override", "release": f"release/shop/{self.version}",
                     "details": {"expires": says["expires"], "gate": says["gate"], "reason": says["reason"]},
                     **(signed or {})}
        says["expires"] = lasts_until or says["expires"]
        self.forge(self.version, "override.granted", {**says, "signature": self.sign(statement, signer, namespace)})

    def test_forged_ones_set_nothing_aside(self):
        for forgery in ({"signer": "mallory"}, {"signer": "carol"}, {"namespace": "git"},
                        {"person": "alice", "signer": "alice"},
                        {"person": "mallory", "signer": "mallory"}, {"signed": {"release": "release/shop/9.9.9"}},
                        {"signed": {"deed": "approve"}}, {"signed": {"cut": "0" * 64}}, {"cut": "0" * 64},
                        {"signed": {"details": {}}}, {"expires": "2020-01-01T00:00:00.000000Z"}, {"gate": "approvals"},
                        {"lasts_until": "2098-01-01T00:00:00.000000Z"}):
            with self.subTest(forgery):
                self.forged(**forgery)
                self.assert_stands()

    def test_a_true_one_by_hand_does_so_that_the_others_fail_for_their_fault(self):
        self.forged()
        self.assert_set_aside()

    def test_an_approvals_signature_is_no_override(self):
        self.approve(self.version)
        approval = self.last(self.version, "approval.granted")
        self.forge(self.version, "override.granted", {
            "gate": "freezes", "person": "bob", "cut": self.hash, "reason": "x", "expires": self.expires,
            "signature": approval["signature"]})
        self.assert_stands()

    def test_data_that_cannot_be_read_set_nothing_aside(self):
        for data in ({}, {"gate": "freezes"}, {"gate": "freezes", "person": "bob", "cut": self.hash, "reason": "x",
                                               "expires": "never", "signature": ""}):
            self.forge(self.version, "override.granted", data)
        self.assert_stands()


class Checking(Shop):
    def test_answers_for_all_gates_and_records_nothing(self):
        version, _ = self.cut()
        size = self.size()
        reasons = self.check(version, "--before", "promote:prod", code=REFUSED)
        self.assertEqual({r["gate"] for r in reasons}, {"approvals", "verification"})
        self.assertEqual(self.size(), size)
        self.approve(version)
        self.assertEqual([r["gate"] for r in self.check(version, "--before", "promote:prod", code=INCONCLUSIVE)],
                         ["verification"])

    def test_the_table_says_the_same(self):
        version, _ = self.cut()
        result = self.run_coded("gate", "check", "--release", version, "--gate", "approvals", code=REFUSED)
        for words in ("approvals", "0 of 1", "daybook release approve"):
            self.assertIn(words, result.out)

    def test_asks_no_step_or_gate_that_is_not_there(self):
        version, _ = self.cut()
        check = ["gate", "check", "--release", version]
        self.check_refusal(self.run_raw(*check, "--before", "promote:moon"), USAGE, ["promote:prod", "deploy:stage"])
        self.check_refusal(self.run_raw(*check), USAGE, ["--before", "--gate"])
        self.check_refusal(self.run_raw(*check, "--before", "deploy:stage"), USAGE, "no gate stands before")
        self.check_refusal(self.run_raw("gate", "check", "--release", "9.9.9", "--gate", "approvals"), NO_INPUT, "9.9.9")
        self.check_refusal(self.run_raw(*check, "--gate", "moon"), USAGE, "no rules for moon")

    def test_a_train_records_what_its_gates_said(self):
        self.train(code=REFUSED)
        data = self.last("0.1.0", "gate.evaluated")
        self.assertEqual((data["outcome"], data["environment"]), ("refused", "prod"))
        self.assertEqual(data["details"]["gates"], ["approvals", "verification"])
        self.assertEqual(set(data["details"]["reasons"][0]), {"gate", "reason", "remedy"})
        self.assertNotIn("signature", json.dumps(data))

    def test_a_schema_change_asks_for_its_rehearsal_and_its_role(self):
        self.configure(["cut", {"gate": ["migrations"]}, {"deploy": "stage"}])
        self.path("migrations").mkdir()
        self.write("migrations/1.sql", "create table t(a);")
        self.git("add", "migrations")
        self.commit("feat: a table")
        version, _ = self.cut()
        reasons = self.check(version, "--before", "deploy:stage", code=REFUSED)
        self.assertEqual([r["gate"] for r in reasons], ["migrations", "migrations"])
        self.assertIn("dba", reasons[0]["reason"])
        self.assertIn("daybook release approve", reasons[0]["remedy"])
        self.assertIn("daybook migration dry-run", reasons[1]["remedy"])
        self.approve(version)
        self.check(version, "--before", "deploy:stage", code=REFUSED)
        self.approve(version, "carol")
        self.check(version, "--before", "deploy:stage", code=INCONCLUSIVE)
