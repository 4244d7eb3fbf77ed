"""Keys and signatures are those of `cryptography` and of OpenSSL."""
import base64
import hashlib
import os
import subprocess
import unittest

from common import ORIGIN, Scenario, seeded

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
except ImportError:
    Ed25519PrivateKey = None


def raw_public(key):
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def verifier_key(name, public):
    key_id = hashlib.sha256(name.encode() + b"\n\1" + public).hexdigest()[:8]
    return "+".join((name, key_id, base64.b64encode(b"\1" + public).decode()))


@unittest.skipUnless(Ed25519PrivateKey, "the package cryptography is not installed")
class KeysAndSignatures(Scenario):
    def public(self):
        return base64.b64decode(self.vkey.split("+", 2)[2])[1:]

    def assert_signed(self, note, public):
        text, _, signatures = note.rpartition("\n\n")
        text += "\n"
        name, blob = signatures.removeprefix("— ").rstrip("\n").split(" ")
        blob = base64.b64decode(blob, validate=True)
        self.assertEqual(name, ORIGIN)
        self.assertEqual(blob[:4], hashlib.sha256(name.encode() + b"\n\1" + public).digest()[:4])
        key = Ed25519PublicKey.from_public_bytes(public)
        key.verify(blob[4:], text.encode())
        with self.assertRaises(InvalidSignature):
            key.verify(blob[4:], text.encode() + b"x")

    def test_checkpoints_carry_good_ed25519_signatures(self):
        self.init()
        notes = {r["checkpoint"] for r in self.fill(60, chunk=3)}
        self.assertEqual(len(notes), 20)
        for note in [*notes, self.ok("checkpoint").out]:
            self.assert_signed(note, self.public())

    def test_our_key_file_is_read_by_cryptography_and_by_openssl(self):
        self.init()
        pem = self.path("evidence.key").read_bytes()
        key = serialization.load_pem_private_key(pem, None)
        self.assertEqual(raw_public(key.public_key()), self.public())
        self.assertEqual(verifier_key(ORIGIN, self.public()), self.vkey)
        der = subprocess.run(["openssl", "pkey", "-in", self.path("evidence.key"), "-pubout", "-outform", "DER"],
                             capture_output=True, check=True).stdout
        self.assertEqual(der[-32:], self.public())
        self.assertEqual(pem, key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    def test_keys_made_elsewhere_are_taken(self):
        draw = seeded("keys")
        for number in range(10):
            key = Ed25519PrivateKey.from_private_bytes(draw.randbytes(32))
            self.write("c.pem", key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path("o.pem")], check=True)
            for name in ("c.pem", "o.pem"):
                os.chmod(self.path(name), 0o600)
                self.ledger = f"{number}{name}.db"
                self.init("--key", name)
                public = raw_public(serialization.load_pem_private_key(self.path(name).read_bytes(), None).public_key())
                self.assertEqual(self.public(), public)
                self.append("--key", name)
                self.assert_signed(self.ok("checkpoint").out, public)
                self.assert_sound("--key", verifier_key(ORIGIN, public))

    def test_checkpoints_signed_elsewhere_are_taken_and_false_ones_are_not(self):
        self.init()
        self.fill(20)
        key = serialization.load_pem_private_key(self.path("evidence.key").read_bytes(), None)
        head = self.ok("head", "-o", "json").json
        text = f"{ORIGIN}\n{head['size']}\n{base64.b64encode(bytes.fromhex(head['root'])).decode()}\n"

        def note(body, signature):
            key_id = hashlib.sha256(ORIGIN.encode() + b"\n\1" + self.public()).digest()[:4]
            return f"{body}\n— {ORIGIN} {base64.b64encode(key_id + signature).decode()}\n"

        for body in (text, text + "an extension line\n"):
            self.assert_sound("--checkpoint", self.write("c", note(body, key.sign(body.encode()))))
        signature = key.sign(text.encode())
        order = 2**252 + 27742317777372353535851937790883648493
        s = int.from_bytes(signature[32:], "little") + order
        malleable = signature[:32] + s.to_bytes(32, "little")
        for bad in (key.sign(text.encode() + b"x"), signature[:-1] + bytes([signature[-1] ^ 1]), bytes(64), malleable):
            self.assert_unsound("trusted-checkpoint", "--checkpoint", self.write("c", note(text, bad)))
