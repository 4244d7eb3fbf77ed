"""What a bundle signs, as other people's libraries read it."""
import base64
import csv
import hashlib
import io
import json
import subprocess
import unittest
import zipfile
from pathlib import Path

from common import *

from cryptography.hazmat.primitives.serialization import load_der_public_key
from google.protobuf.json_format import ParseDict
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from trestle.common.err import TrestleError
from trestle.oscal.assessment_results import AssessmentResults
from sigstore_protobuf_specs.dev.sigstore.bundle.v1 import Bundle

from shop import OPEN_TRAIN, Shop  # noqa: E402  (common has put the scenarios in reach)

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"


def spki(public):
    """The DER of a raw Ed25519 key."""
    return bytes.fromhex("302a300506032b6570032100") + public


class Statements(Shop):
    def setUp(self):
        super().setUp()
        self.configure([*OPEN_TRAIN, "bundle"])
        self.train()
        subprocess.run("openssl ecparam -name prime256v1 -genkey -noout -out ec.pem; "
                       "openssl genpkey -algorithm ed25519 -out ed.pem; touch own.pem", shell=True, check=True,
                       cwd=self.folder, capture_output=True)

    def bundles(self):
        """Files by name and the key that signed, for each kind of key."""
        vkey = self.run_daybook("show", "0", "-o", "json").json["event"]["data"]["key"]
        for name in ("own", "ed", "ec"):
            chosen = () if name == "own" else ("--evidence-key", f"{name}.pem")
            self.run_coded("bundle", "export", "0.1.0", "--to", f"{name}.zip", *chosen)
            if name == "own":
                der = spki(base64.b64decode(vkey.split("+", 2)[2])[1:])
            else:
                der = subprocess.run(["openssl", "pkey", "-in", f"{name}.pem", "-pubout", "-outform", "DER"],
                                     cwd=self.folder, check=True, capture_output=True).stdout
            with zipfile.ZipFile(self.path(f"{name}.zip")) as archive:
                yield name, {n: archive.read(n) for n in archive.namelist()}, der

    def test_securesystemslib_verifies_every_envelope_and_refuses_a_changed_one(self):
        for name, files, der in self.bundles():
            keyid = hashlib.sha256(der).hexdigest()
            key = SSlibKey.from_crypto(load_der_public_key(der), keyid=keyid)
            lines = files["statement.intoto.jsonl"].splitlines()
            self.assertGreater(len(lines), 3)
            for line in lines:
                with self.subTest(name):
                    envelope = Envelope.from_dict(json.loads(line))
                    self.assertEqual(list(envelope.verify([key], 1)), [keyid])
                    envelope.payload = envelope.payload.replace(b"manifest.json", b"manifest.jsom")
                    with self.assertRaises(VerificationError):
                        envelope.verify([key], 1)

    def test_in_toto_reads_every_statement_and_each_names_the_manifest(self):
        kinds = set()
        for name, files, _ in self.bundles():
            digest = hashlib.sha256(files["manifest.json"]).hexdigest()
            for line in files["statement.intoto.jsonl"].splitlines():
                value = json.loads(base64.b64decode(json.loads(line)["payload"]))
                message = ParseDict(value, statement_pb2.Statement())
                Statement.copy_from_pb(message).validate()
                self.assertEqual({s.name: s.digest["sha256"] for s in message.subject}["manifest.json"], digest)
                kinds.add(message.predicate_type)
                if message.predicate_type == TEST_RESULT:
                    result = ParseDict(value["predicate"], test_result_pb2.TestResult())
                    self.assertEqual(result.result, "PASSED")
        self.assertEqual(kinds, {TEST_RESULT, "https://in-toto.io/attestation/svr/v0.2",
                                 "https://in-toto.io/attestation/release/v0.2"})

    def test_sigstores_own_types_read_each_bundle(self):
        for name, files, der in self.bundles():
            for path in (p for p in files if p.startswith("sigstore/")):
                with self.subTest(f"{name} {path}"):
                    bundle = Bundle.from_dict(json.loads(files[path]))
                    self.assertEqual(bundle.media_type, "application/vnd.dev.sigstore.bundle.v0.3+json")
                    self.assertEqual(bundle.verification_material.public_key.hint, hashlib.sha256(der).hexdigest())
                    self.assertEqual(len(bundle.dsse_envelope.signatures), 1)

    def test_trestle_reads_the_assessment_and_every_control_says_why(self):
        for name, files, _ in self.bundles():
            path = self.write("results.json", files["oscal/assessment-results.json"])
            results = AssessmentResults.oscal_read(Path(path))
            self.assertEqual(len(results.results), 1)
            findings = {f.title: getattr(f.target.status.state, "value", f.target.status.state) for f in results.results[0].findings}
            rows = list(csv.DictReader(io.StringIO(files["controls.csv"].decode())))
            stated = {f"{row['framework']} {row['control']}": row["status"].replace(" ", "-") for row in rows}
            self.assertEqual(findings, stated)
            # Nobody approved it, and nothing was ever restored.
            self.assertEqual(stated["SOC 2 CC8.1"], "not-satisfied")
            self.assertEqual(stated["NIST SP 800-53 r5 CP-10"], "not-satisfied")
            self.assertEqual(stated["ISO/IEC 27001:2022 A.8.29"], "satisfied")
            self.assertTrue(all(row["reason"] for row in rows))
            wrong = json.loads(files["oscal/assessment-results.json"])
            wrong["assessment-results"]["more"] = 1
            with self.assertRaises(TrestleError):
                AssessmentResults.oscal_read(Path(self.write("wrong.json", json.dumps(wrong))))


if __name__ == "__main__":
    unittest.main()
