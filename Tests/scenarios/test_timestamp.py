"""Checkpoints that a time-stamping authority has seen: asked over HTTP, recorded, and checked by both verifiers."""
import datetime
import hashlib
import json
import os
import re
import socket
import subprocess
import time
from pathlib import Path

import forging
from bundle_maker import TIMESTAMPED, authority, key, openssl
from scenario import BAD_INPUT, BUSY, FAILED_VERIFICATION, NO_INPUT, ORIGIN, USAGE, copy_ledger, damage
from shop import OPEN_TRAIN, Shop
from stamping import Stamping, granted
from test_bundle import UNPROVEN, BundleCase, kinds
from trees import root_of

UNAVAILABLE = BUSY
LIMIT = 1 << 20  # of what is read of an answer
STATUS = re.compile(b"\x02\x01\x00")  # the INTEGER 0, which comes first in a response that was granted
REJECTED = bytes.fromhex("30053003020102")


def granted_otherwise(query):
    """With modifications."""
    return STATUS.sub(b"\x02\x01\x01", granted(query), count=1)


def to_another(data, options):
    """The answer to a request that daybook has not made."""
    return lambda query: granted(openssl(f"ts -query -data data {options} -cert", data=data))


def turned(response):
    """A bit of the signature, which is the last element of a token, is another."""
    return response[:-1] + bytes([response[-1] ^ 1])


class Ledger(Stamping):
    """Entries 0 to 20, of which the newest checkpoint is stamped, and then some more."""

    def setUp(self):
        super().setUp()
        self.init()
        self.fill(20)

    def agree(self, *arguments, ledger=None, expected=frozenset(), ca=None, stamped=True):
        """Both verifiers find the same places, and have looked at the stamps if they found nothing else. That there are
        none is no success."""
        ledger, ca = str(ledger or self.ledger), ca or self.ours
        result = self.run_daybook("verify", "-o", "json", "--timestamp-ca", ca, *arguments, ledger=ledger)
        code, ours = FAILED_VERIFICATION if expected else 0 if stamped else UNPROVEN, result.json
        done = self.verifiers.run(self.folder, ledger, "-o", "json", "--timestamp-ca", ca, *arguments)
        self.assertEqual(done.stderr, b"")
        theirs = json.loads(done.stdout)
        for report in (ours, theirs):
            self.assertEqual({(f["position"], f["kind"]) for f in report["findings"]}, set(expected),
                             f"\ndaybook: {ours['findings']}\nverify.py: {theirs['findings']}")
            is_sound = all(kind == "timestamp" for _, kind in expected)
            self.assertEqual("timestamp" in report["checked"], is_sound)
        self.assertEqual((result.code, done.returncode), (code, code))
        return ours, theirs

    def recorded(self):
        """How many entries and attachments there are."""
        counts = []
        damage(self.path(self.ledger), lambda connection: counts.extend(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("entries", "attachments")))
        return counts

    # Asking

    def test_the_newest_checkpoint_is_stamped_and_recorded(self):
        note = self.ok("checkpoint").raw
        result = self.ok("checkpoint", "--timestamp", self.server.url, "--timestamp-ca", self.ours, "-o", "json").json
        self.assertEqual((result["checkpoint"].encode(), result["position"]), (note, 21))
        event = self.ok("show", "21", "-o", "json").json["event"]
        self.assertEqual((event["type"], event["subject"]), (TIMESTAMPED, "ledger"))
        data = event["data"]
        self.assertEqual((data["size"], data["authority"], data["time"]), (21, self.server.url, result["time"]))
        self.assertEqual(self.attached(21), [note, *self.server.answered])
        self.assertEqual([each["name"] for each in data["attachments"]], ["checkpoint.txt", "timestamp.tsr"])
        self.agree("--key", self.vkey)
        self.agree("--quick")
        table = self.ok("checkpoint", "--timestamp", self.server.url)
        self.assertEqual((table.raw, "recorded at position 22" in table.err), (self.attached(22)[0], True), repr(table))
        self.assertIn("was not checked: --timestamp-ca does", table.err)
        unchecked = self.ok("checkpoint", "--timestamp", self.server.url, "-o", "json").json
        self.assertEqual((result["verified"], unchecked["verified"]), (True, False))
        self.agree()

    def test_the_request_is_one_of_rfc_3161_and_never_the_same(self):
        for _ in range(2):
            self.stamp()
        (first, headers), (second, _) = self.server.asked
        self.assertEqual(headers["Content-Type"], "application/timestamp-query")
        text = openssl("ts -query -in query -text", query=first).decode()
        for words in ("Version: 1", "Hash Algorithm: sha256", "Nonce: 0x", "Certificate required: yes"):
            self.assertIn(words, text)
        nonces = {re.search("Nonce: (.*)", openssl("ts -query -in query -text", query=each).decode())[1]
                  for each in (first, second)}
        self.assertEqual(len(nonces), 2)

    def test_openssl_itself_verifies_what_was_recorded(self):
        position = self.stamp()
        for name, content in zip(("checkpoint.txt", "timestamp.tsr"), self.attached(position)):
            self.write(name, content)
        verify = ["openssl", "ts", "-verify", "-data", "checkpoint.txt", "-in", "timestamp.tsr", "-CAfile"]
        for ca, code in ((self.ours, 0), (self.strangers, 1)):
            done = subprocess.run([*verify, ca], cwd=self.folder, capture_output=True, text=True)
            self.assertEqual((done.returncode, "Verification: OK" in done.stdout), (code, code == 0), done)

    def test_a_strangers_certificates_do_not_do(self):
        first = self.stamp()
        self.fill(3, start=20)
        second = self.stamp()
        self.agree()
        ours, theirs = self.agree(ca=self.strangers, expected={(first, "timestamp"), (second, "timestamp")})
        for report in (ours, theirs):
            self.assertIn("none of these authorities", report["findings"][0]["detail"])
        self.write("both.pem", b"".join(Path(each).read_bytes() for each in (self.strangers, self.ours)))
        self.agree(ca="both.pem")
        table = self.run_daybook("verify", "--timestamp-ca", self.strangers)
        self.assertIn(f"position {first}: timestamp", table.out)

    def test_without_stamps_and_without_certificates_it_is_said(self):
        for report in self.agree(stamped=False):
            self.assertRegex(" ".join(report["unchecked"]), "time ?stamps")
            self.assertEqual(report["timestamps"], [])
        position = self.stamp()
        for report in self.agree():
            data = self.data(position)
            self.assertEqual(report["timestamps"], [{"position": position, "size": data["size"], "time": data["time"]}])
            self.assertNotRegex(" ".join(report["unchecked"]), "time ?stamps")
        self.assertNotIn("timestamp", self.verify().json["checked"])

    # Answers that are none

    def refused_answer(self, answer, code, *arguments, says=(), asked=1):
        self.server.answer, before = answer, len(self.server.asked)
        self.refused(code, "checkpoint", "--timestamp", self.server.url, *arguments, says=says)
        self.assertEqual(len(self.server.asked) - before, asked)
        self.assertEqual(self.recorded(), [21, 0])

    def test_what_is_no_answer_to_the_request_is_refused_and_records_nothing(self):
        note = self.ok("checkpoint").raw
        for name, answer, says in (
                ("rejected", lambda query: REJECTED, "status 2"),
                ("granted with modifications", granted_otherwise, "status 1"),
                ("granted without a token", lambda query: bytes.fromhex("30053003020100"), "RFC 3161"),
                ("to a request for other data", to_another(b"other", "-sha256"), "another request"),
                ("to a request with another nonce", to_another(note, "-sha256"), "another request"),
                ("to a request without a nonce", to_another(note, "-sha256 -no_nonce"), "another request"),
                ("to a request by SHA-512", to_another(note, "-sha512"), "SHA-256"),
                ("garbage", lambda query: b"hello\n", "RFC 3161"), ("empty", lambda query: b"", "RFC 3161"),
                ("a page", lambda query: b"<!doctype html>\n" * 99, "RFC 3161"),
                ("the request", lambda query: query, "RFC 3161"),
                ("cut short", lambda query: granted(query)[:-1], "RFC 3161"),
                ("with a byte after it", lambda query: granted(query) + b"\0", "RFC 3161"),
                ("twice", lambda query: granted(query) * 2, "RFC 3161"),
                ("by another authority", lambda query: authority("stranger").reply(query), "--timestamp-ca"),
                ("with a signature that was changed", lambda query: turned(granted(query)), "--timestamp-ca")):
            with self.subTest(name):
                self.refused_answer(answer, FAILED_VERIFICATION, "--timestamp-ca", self.ours, says=says)

    def test_a_time_that_nobody_vouches_for_and_that_is_far_from_now_is_refused(self):
        year = datetime.datetime.now(datetime.timezone.utc).strftime("%Y").encode()

        def of_old(query):
            return re.sub(rb"(\x18.)" + year, rb"\g<1>2001", granted(query), count=1, flags=re.DOTALL)
        self.refused_answer(of_old, FAILED_VERIFICATION, says=("its time is 2001-", "nothing was recorded"))

    def test_an_answer_that_was_given_before_is_refused(self):
        """The same checkpoint, another nonce: the first answer is not recorded since a stranger gave it."""
        self.refused_answer(granted, FAILED_VERIFICATION, "--timestamp-ca", self.strangers, says="--timestamp-ca")
        old = self.server.answered[0]
        self.refused_answer(lambda query: old, FAILED_VERIFICATION, says="another request")

    def test_an_authority_that_does_not_answer_is_unavailable_and_records_nothing(self):
        for name, answer, asked in (
                ("500", lambda query: (500, b""), 3), ("503 with an answer", lambda query: (503, granted(query)), 3),
                ("404", lambda query: (404, b"no"), 1), ("a huge body", lambda query: bytes(LIMIT + 1), 1)):
            with self.subTest(name):
                self.refused_answer(answer, UNAVAILABLE, says=self.server.url, asked=asked)
        answers = iter([(500, b""), (502, b"")])
        self.server.answer = lambda query: next(answers, None) or granted(query)
        self.assertEqual(self.stamp(), 21, "what passes is tried again")

    def test_a_connection_that_is_refused_is_told_soon(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{probe.getsockname()[1]}"
            start = time.monotonic()
            self.refused(UNAVAILABLE, "checkpoint", "--timestamp", url, says=url)
        self.assertLess(time.monotonic() - start, 20)
        self.assertEqual(self.recorded(), [21, 0])

    def test_wrong_usage_is_refused_in_words(self):
        self.write("none.pem", "hello\n")
        self.write("empty.pem", "")
        private = self.write("key.pem", openssl("genpkey -algorithm ed25519"))
        good = Path(self.ours).read_text()
        bad = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        self.write("broken.pem", bad + good)
        self.write("labelled.pem", good.replace("CERTIFICATE", "TRUSTED CERTIFICATE"))
        url = self.server.url
        for arguments, code, says in (
                (["--timestamp", ""], BAD_INPUT, "no address"),
                (["--timestamp", "ftp://example.com"], BAD_INPUT, "ftp:"),
                (["--timestamp", "example.com"], BAD_INPUT, "no address"),
                (["--timestamp", "http://"], BAD_INPUT, "http:"),
                (["--timestamp-ca", self.ours], USAGE, "--timestamp"),
                (["--timestamp", url, "--timestamp-ca", ""], USAGE, "--timestamp-ca"),
                (["--timestamp", url, "--timestamp-ca", "none.pem"], BAD_INPUT, "none.pem"),
                (["--timestamp", url, "--timestamp-ca", "missing.pem"], NO_INPUT, "missing.pem")):
            with self.subTest(arguments):
                self.refused(code, "checkpoint", *arguments, says=says)
        for path, code in (("none.pem", BAD_INPUT), ("empty.pem", BAD_INPUT), (private, BAD_INPUT),
                           ("broken.pem", BAD_INPUT), ("labelled.pem", BAD_INPUT), ("missing.pem", NO_INPUT)):
            with self.subTest(verify=path):
                self.refused(code, "verify", "--timestamp-ca", path, says=os.path.basename(path))
                done = self.verifiers.run(self.folder, self.ledger, "--timestamp-ca", path)
                self.assertEqual((done.returncode, done.stdout), (code, b""), done)
        self.assertEqual((self.server.asked, self.recorded()), ([], [21, 0]))

    # Forged stamps

    def forged(self, note=None, response=None, change=lambda event: None, **data):
        """A ledger whose owner has put other attachments or data into the stamp at position 21."""
        ledger = self.path("forged.db")
        copy_ledger(self.path(self.ledger), ledger)

        def change_stamp(events):
            event = json.loads(events[21])
            for content, attachment in zip((note, response), event["data"]["attachments"]):
                if content is not None:
                    attachment["digest"] = "sha256:" + hashlib.sha256(content).hexdigest()
            event["data"].update(data)
            change(event)
            events[21] = forging.canonical(event)

        def forge(connection):
            for content in (note, response):
                if content is not None:
                    connection.execute("INSERT OR IGNORE INTO attachments VALUES (?, ?)",
                                       (hashlib.sha256(content).digest(), content))
            forging.forge(connection, str(self.path("evidence.key")), change_stamp)
        damage(ledger, forge)
        return ledger

    def stamped(self, size, root, signer=None, origin=ORIGIN):
        """What to forge with: a checkpoint, signed by the ledger's key, that the authority has seen; and its data."""
        text = forging.note(signer or str(self.path("evidence.key")), origin, size, root).encode()
        response, moment = authority().stamp(text)
        return {"note": text, "response": response, "size": size, "root": root.hex(), "time": moment}

    def leaves(self):
        found = []
        damage(self.path(self.ledger), lambda connection: found.extend(
            row[0] for row in connection.execute("SELECT hash FROM entries ORDER BY position")))
        return found

    def test_every_forged_stamp_is_found_by_both(self):
        self.assertEqual(self.stamp(), 21)
        self.fill(5, start=20)
        leaves, other = self.leaves(), key("other").path
        root = root_of(leaves[:21])
        data, (note, response) = self.data(21), self.attached(21)
        elsewhere = b"hello\n"
        by_a_stranger, at = authority("stranger").stamp(note)
        of_another_text, then = authority().stamp(elsewhere)
        by_sha512, later = authority().stamp(note, "sha512")
        another_year = "2001" + data["time"][4:]
        for name, forgery in (
                ("of another root", self.stamped(21, bytes(32))),
                ("of the root at another size", self.stamped(21, root_of(leaves[:20]))),
                ("of a size above its position", self.stamped(27, root_of(leaves[:27]))),
                ("of the size after its position", self.stamped(22, root_of(leaves[:22]))),
                ("of a size without a checkpoint", self.stamped(10, root_of(leaves[:10]))),
                ("of size 0", self.stamped(0, root_of([]))),
                ("of another key's checkpoint", self.stamped(21, root, signer=other)),
                ("of another origin's checkpoint", self.stamped(21, root, origin="example.com/b")),
                ("of no checkpoint", {"note": elsewhere, "response": of_another_text, "time": then}),
                ("stated as of another size", {"size": 1}), ("stated as of another root", {"root": "0" * 64}),
                ("stated at another time", {"time": another_year}),
                ("stated a second later", {"time": a_second_after(data["time"])}),
                ("stated in the year 0", {"time": "0000-01-01T00:00:00.000000Z"}),
                ("with a stranger's token", {"response": by_a_stranger, "time": at}),
                ("with the token of another text", {"response": of_another_text, "time": then}),
                ("with a token by SHA-512", {"response": by_sha512, "time": later}),
                ("with a token that is none", {"response": elsewhere}), ("with an empty token", {"response": b""}),
                ("with its checkpoint as a token", {"response": note}),
                ("with a rejection as a token", {"response": REJECTED}),
                ("granted with modifications", {"response": STATUS.sub(b"\x02\x01\x01", response, count=1)}),
                ("with a byte after its token", {"response": response + b"\n"}),
                ("with its token twice", {"response": response * 2}),
                ("with a token cut short", {"response": response[:-1]}),
                ("with a signature that was changed", {"response": turned(response)}),
                ("with one member more", {"more": 1}), ("with a size as a text", {"size": "21"}),
                ("with a root in capitals", {"root": root.hex().upper()}), ("at no time", {"time": "2026-02-01"}),
                ("with another authority's number", {"authority": 1}),
                ("without an authority", {"change": lambda event: event["data"].pop("authority")}),
                ("without data", {"change": lambda event: event.pop("data")}),
                ("with its attachments swapped", {"change": lambda event: event["data"]["attachments"].reverse()}),
                ("without its token", {"change": lambda event: event["data"]["attachments"].pop()}),
                ("with an attachment more", {"change": lambda event: event["data"]["attachments"].append(
                    event["data"]["attachments"][0])}),
                ("with an attachment's member more", {"change": lambda event: event["data"]["attachments"][0].update(
                    size=1)})):
            with self.subTest(name):
                self.agree(ledger=self.forged(**forgery), expected={(21, "timestamp")})
                self.assert_sound(ledger="forged.db")
        for name, forgery in (("as it was", {}), ("stamped again", self.stamped(21, root)),
                              ("of an older checkpoint", self.stamped(1, root_of(leaves[:1]))),
                              ("with parts of a second", {"time": data["time"].replace(".000000Z", ".999999Z")})):
            with self.subTest(name):
                self.agree(ledger=self.forged(**forgery))

    def test_a_stamp_of_another_subject_is_none(self):
        self.stamp()
        ledger = self.forged(response=b"hello\n", change=lambda event: event.update(subject="ledgers", streamversion=1))
        for report in self.agree(ledger=ledger, stamped=False):
            self.assertRegex(" ".join(report["unchecked"]), "time ?stamps")

    def test_in_a_ledger_that_is_unsound_otherwise_no_stamp_is_looked_at(self):
        self.stamp()
        damage(self.path(self.ledger), "DELETE FROM attachments")
        self.agree(expected={(21, "attachment")}, ca=self.strangers)


class Bundle(Stamping, Shop, BundleCase):
    """Of a release whose ledger was stamped when it was done."""

    def setUp(self):
        super().setUp()
        self.configure([*OPEN_TRAIN, "bundle"])
        self.train()
        self.vkey = self.ok("show", "0", "-o", "json").json["event"]["data"]["key"]

    def export(self, name="bundle.zip"):
        self.run_coded("bundle", "export", "0.1.0", "--to", name)
        return str(self.path(name))

    def verify_both(self, path, *arguments, expected=frozenset()):
        report = self.verify(path, "--key", self.vkey, *arguments, code=FAILED_VERIFICATION if expected else 0)
        code, other = self.verify_in_python(path, "--key", self.vkey, *arguments)
        self.assertEqual((kinds(report), kinds(other)), (set(expected), set(expected)), report["findings"])
        self.assertEqual(code, FAILED_VERIFICATION if expected else 0)
        return report, other

    def test_a_bundle_carries_the_stamp_to_both_verifiers(self):
        position = self.stamp("--timestamp-ca", self.ours)
        path = self.export()
        for report in self.verify_both(path, "--timestamp-ca", self.ours):
            self.assertIn("timestamp", report["checked"])
            self.assertNotIn("--timestamp-ca", " ".join(report["unchecked"]))
        for report in self.verify_both(path, "--timestamp-ca", self.strangers, expected={"timestamp"}):
            self.assertEqual([finding["position"] for finding in report["findings"]], [position])
        for report in self.verify_both(path):
            self.assertIn("--timestamp-ca", " ".join(report["unchecked"]))

    def test_the_first_stamp_that_covers_the_release_is_the_one_carried(self):
        before = self.export("before.zip")
        for report in self.verify_both(before):
            self.assertNotIn("--timestamp-ca", " ".join(report["unchecked"]))
        position = self.stamp()
        self.server.answer = lambda query: authority("stranger").reply(query)
        self.stamp()
        self.verify_both(self.export(), "--timestamp-ca", self.ours)
        for report in self.verify_both(str(self.path("bundle.zip")), "--timestamp-ca", self.strangers,
                                       expected={"timestamp"}):
            self.assertEqual([finding["position"] for finding in report["findings"]], [position])


def a_second_after(moment):
    """Of a time in the form of recordedtime, on the same minute's clock."""
    second = int(moment[17:19])
    return f"{moment[:17]}{second + 1 if second < 59 else second - 1:02}{moment[19:]}"
