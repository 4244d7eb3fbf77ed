"""Go's golang.org/x/mod/sumdb takes our checkpoints and proofs, and we take the notes it signs.

Needs Debian's golang-go and golang-golang-x-mod-dev; without them it is skipped.
"""
import base64
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from common import ORIGIN, Scenario, parse_checkpoint, parse_consistency, parse_proof, seeded

GOPATH = "/usr/share/gocode"
SOURCE = Path(__file__).with_name("sumdb_check.go")
PREFIX_OF_PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


def build():
    """The program's path; raises SkipTest with the reason where Go or the package is missing."""
    if not shutil.which("go"):
        raise unittest.SkipTest("there is no go command (Debian: apt-get install golang-go golang-golang-x-mod-dev)")
    if not os.path.isdir(f"{GOPATH}/src/golang.org/x/mod/sumdb/tlog"):
        raise unittest.SkipTest(f"{GOPATH} has no golang.org/x/mod/sumdb (Debian: golang-golang-x-mod-dev)")
    folder = tempfile.mkdtemp(prefix="daybook-go-")
    unittest.addModuleCleanup(shutil.rmtree, folder)
    program = os.path.join(folder, "sumdb_check")
    subprocess.run(["go", "build", "-o", program, str(SOURCE)], check=True, env={
        **os.environ, "GO111MODULE": "off", "GOPATH": GOPATH, "GOFLAGS": "", "GOCACHE": os.path.join(folder, "cache"),
        "CGO_ENABLED": "0"})
    return program


def setUpModule():
    global program
    program = build()


class SumDB(Scenario):
    def ask(self, requests):
        """The answers of Go, one a request."""
        text = "".join(json.dumps(r, default=lambda b: base64.b64encode(b).decode()) + "\n" for r in requests)
        done = subprocess.run([program], input=text, capture_output=True, text=True, timeout=60, check=True)
        return [line.replace("\\n", "\n") for line in done.stdout.splitlines()]

    def leaf_data(self):
        """Previous hash and event bytes of every entry."""
        data, previous = [], bytes(32)
        for line in self.ok("log", "-o", "json").raw.splitlines():
            data.append(previous + line[len(b'{"event":'):line.rindex(b',"hash":"')])
            previous = bytes.fromhex(json.loads(line)["hash"])
        return data

    def test_checkpoints_and_proofs_of_fifty_ledgers(self):
        draw = seeded("sumdb")
        sizes = [1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257, 511, 512, 513] + [draw.randint(6, 600) for _ in range(36)]
        requests, wrong = [], []
        for number, size in enumerate(sizes):
            self.ledger = f"{number}.db"
            self.init(origin=f"example.com/ledger-{number}")
            older = {1: self.ok("checkpoint").out}
            left = size - 1
            while left:
                step = draw.randint(1, left)
                for receipt in self.fill(step, start=left * 1000, chunk=100):
                    older[parse_checkpoint(receipt["checkpoint"])[1]] = receipt["checkpoint"]
                left -= step
            data = self.leaf_data()
            for position in {0, size - 1, draw.randrange(size), draw.randrange(size)}:
                index, path, note = parse_proof(self.ok("prove", str(position)).out)
                good = {"Do": "record", "Key": self.vkey, "Checkpoint": note, "Index": index, "Leaf": data[position],
                        "Path": path}
                requests.append(good)
                wrong.append({**good, "Leaf": data[position] + b" "})
                wrong.append({**good, "Path": path + [bytes(32)]})
                wrong.append({**good, "Checkpoint": note.replace(f"\n{size}\n", f"\n{size + 1}\n", 1)})
            for old in {1, size, *draw.sample(sorted(older), min(3, len(older)))}:
                old_note = older[old]
                _, path, note = parse_consistency(self.ok("prove", "--from", str(old)).out)
                good = {"Do": "tree", "Key": self.vkey, "Checkpoint": note, "Old": old_note, "Path": path}
                requests.append(good)
                wrong.append({**good, "Path": path + [bytes(32)]})
        for request, answer in zip(requests, self.ask(requests), strict=True):
            self.assertEqual(answer, "ok", request)
        for request, answer in zip(wrong, self.ask(wrong), strict=True):
            self.assertTrue(answer.startswith("error"), request)

    def use_go_key(self):
        """A ledger with a key that Go made; its signer key in Go's form."""
        skey, vkey = self.ask([{"Do": "newkey", "Name": ORIGIN, "Text": str(draw_seed())}])[0].split(" ")
        seed = base64.b64decode(skey.split("+", 4)[4])[1:]  # PRIVATE+KEY+name+hash+base64
        der = base64.b64encode(PREFIX_OF_PKCS8 + seed).decode()
        self.write("go.pem", f"-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n")
        os.chmod(self.path("go.pem"), 0o600)
        self.init("--key", "go.pem")
        self.assertEqual(self.vkey, vkey)
        return skey

    def test_notes_that_go_signs_are_trusted_like_our_own(self):
        skey = self.use_go_key()
        kept = [self.ok("checkpoint").out]
        for number in range(5):
            self.fill(50, "--key", "go.pem", start=number * 100)
            kept.append(self.ok("checkpoint").out)
        texts = [note[:note.rindex("\n\n") + 1] for note in kept]
        signed = self.ask([{"Do": "sign", "Key": skey, "Text": text} for text in texts])
        for ours, theirs in zip(kept, signed, strict=True):
            self.assertEqual(theirs, ours, "Ed25519 is deterministic, so the notes are the same to the byte")
            self.assert_sound("--key", self.vkey, "--checkpoint", self.write("c", theirs))
        origin, size, root = texts[-1].split("\n")[:3]
        for text in (f"{origin}\n{size}\n{base64.b64encode(bytes(32)).decode()}\n", f"{origin}\n{int(size) + 1}\n{root}\n"):
            note = self.ask([{"Do": "sign", "Key": skey, "Text": text}])[0]
            self.assert_unsound("trusted-checkpoint", "--checkpoint", self.write("c", note))
        other = self.ask([{"Do": "newkey", "Name": ORIGIN, "Text": "another"}])[0].split(" ")[0]
        note = self.ask([{"Do": "sign", "Key": other, "Text": texts[-1]}])[0]
        self.assert_unsound("trusted-checkpoint", "--checkpoint", self.write("c", note))


def draw_seed():
    return seeded("go key").getrandbits(64)
