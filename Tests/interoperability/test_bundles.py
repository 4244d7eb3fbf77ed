"""What a bundle holds, signs and proves, as other people's libraries read it."""
import base64
import csv
import hashlib
import io
import json
import re
import subprocess
import unittest
import zipfile
from pathlib import Path

from common import *

import test_merkle_tree
from cryptography.x509 import load_pem_x509_certificate
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key
from google.protobuf.json_format import ParseDict
from in_toto_attestation.predicates.test_result.v0 import test_result_pb2
from in_toto_attestation.v1 import statement_pb2
from in_toto_attestation.v1.statement import Statement
from jsonschema import Draft202012Validator
from pymerkle import InmemoryTree, verify_consistency, verify_inclusion
from rfc3161_client import VerificationError as TimestampError, VerifierBuilder, decode_timestamp_response
from rfc8785 import dumps as canonical
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey
from trestle.common.err import TrestleError
from trestle.oscal.assessment_results import AssessmentResults
from sigstore_protobuf_specs.dev.sigstore.bundle.v1 import Bundle

from bundle_maker import TIMESTAMPED, authority  # noqa: E402  (common has put the scenarios in reach)
from shop import OPEN_TRAIN, Shop  # noqa: E402
from stamping import AuthorityServer  # noqa: E402

TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"


def spki(public):
    """The DER of a raw Ed25519 key."""
    return bytes.fromhex("302a300506032b6570032100") + public


class Statements(Shop):
    def setUp(self):
        super().setUp()
        self.configure([*OPEN_TRAIN, "bundle"])
        self.write("shop.tar", "bytes")
        self.cut("--artifact", "shop.tar=shop.tar")
        self.train("0.1.0")
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
                self.assertEqual({s.name: dict(s.digest) for s in message.subject}["manifest.json"], {"sha256": digest})
                kinds.add(message.predicate_type)
                if message.predicate_type == TEST_RESULT:
                    result = ParseDict(value["predicate"], test_result_pb2.TestResult())
                    self.assertEqual(result.result, "PASSED")
                elif "/release/" in message.predicate_type:
                    self.assertEqual(value["predicate"], {"purl": "pkg:generic/shop@0.1.0", "packageId": "release/shop"})
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

    def test_the_key_as_PEM_that_the_bundle_tells_how_to_make_verifies_its_envelopes(self):
        name, files, der = next(self.bundles())
        self.assertEqual(name, "own")
        (command,) = [line.strip() for line in files["VERIFY.md"].decode().splitlines() if "openssl pkey" in line]
        key = self.run_daybook("show", "0", "-o", "json").json["event"]["data"]["key"]
        subprocess.run(["sh", "-c", command], check=True, cwd=self.folder, env={**self.environment, "KEY": key})
        made = load_pem_public_key(self.path("KEY.pem").read_bytes())
        self.assertEqual(made, load_der_public_key(der))
        keyid = hashlib.sha256(der).hexdigest()
        told = set(re.findall("https://in-toto.io/attestation/[a-z0-9/.-]+", files["VERIFY.md"].decode()))
        for line in files["statement.intoto.jsonl"].splitlines():
            envelope = Envelope.from_dict(json.loads(line))
            self.assertEqual(list(envelope.verify([SSlibKey.from_crypto(made, keyid=keyid)], 1)), [keyid])
            self.assertIn(json.loads(envelope.payload)["predicateType"], told)
        self.assertIn("sigstore/svr.sigstore.json", files)

    def test_trestle_reads_the_assessment_and_every_control_says_why(self):
        for name, files, _ in self.bundles():
            path = self.write("results.json", files["oscal/assessment-results.json"])
            results = AssessmentResults.oscal_read(Path(path))
            self.assertEqual(len(results.results), 1)
            findings = {f.title: getattr(f.target.status.state, "value", f.target.status.state)
                        for f in results.results[0].findings}
            rows = list(csv.DictReader(io.StringIO(files["controls.csv"].decode())))
            states = {"evidence shown": "satisfied", "not shown here": "not-satisfied"}
            stated = {f"{row['framework']} {row['control']}": states[row["status"]] for row in rows}
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


class Evidence(Shop):
    """Bundles of a log with a stamp, two releases and some hundred other entries."""

    def setUp(self):
        super().setUp()
        self.configure(OPEN_TRAIN)
        self.train()
        self.run_coded("checkpoint", "--timestamp", AuthorityServer(self).url)
        self.fill(300)
        self.old = self.size()
        self.commit("fix: second")
        self.train()

    def export(self, *arguments):
        path = f"{len(list(self.folder.glob('*.zip')))}.zip"
        self.run_coded("bundle", "export", *arguments, "--to", path)
        with zipfile.ZipFile(self.path(path)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def bundles(self):
        for arguments in (("0.1.0",), ("0.1.1", "--from", str(self.old)), ("--type", "release.promoted"),
                          ("--type", "release.promoted", "--since", "2020-01-01", "--until", "2020-02-01"),
                          ("--type", "com.example.step.done", "--since", "2020-01-01")):
            with self.subTest(arguments):
                yield self.export(*arguments)


class Schemas(Evidence):
    def validator(self, name):
        schema = json.loads((REPOSITORY / f"schema/bundle/{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        return Draft202012Validator(schema)

    def test_exported_files_keep_their_schemas(self):
        consistent = set()
        for files in self.bundles():
            for name in ("manifest", "proofs"):
                self.validator(name).validate(json.loads(files[f"{name}.json"]))
            consistent |= {each["size"] for each in json.loads(files["proofs.json"])["consistency"]}
        self.assertIn(self.old, consistent)
        self.assertGreater(len(consistent), 1, "the stamp's")

    def refuses(self, name, value, table):
        validator = self.validator(name)
        validator.validate(value)
        for what, change in table.items():
            with self.subTest(f"{name}: {what}"):
                wrong = json.loads(json.dumps(value))
                change(wrong)
                self.assertFalse(validator.is_valid(wrong), wrong)

    def test_a_malformed_manifest_does_not(self):
        manifest = json.loads(self.export("0.1.0")["manifest.json"])
        a_file = {"path": "a", "size": 0, "sha256": "0" * 64}

        def listing(**members):
            return lambda m: m["files"].append({**a_file, **members})

        def scope(value):
            return lambda m: m.update(scope=value)
        period = {"type": "a", "since": None, "until": None}
        self.validator("manifest").validate({**manifest, "scope": {
            **period, "since": "2026-01-31T12:00:00.000000Z"}, "withheld": ["0" * 64], "files": [a_file]})
        self.refuses("manifest", manifest, {
            **{f"without {name}": lambda m, name=name: m.pop(name) for name in manifest},
            "another version": lambda m: m.update(bundle=2), "a member more": lambda m: m.update(note="hello"),
            "a tool without a version": lambda m: m["tool"].pop("version"),
            "an empty name": lambda m: m["tool"].update(name=""),
            "a key that is none": lambda m: m["ledger"].update(key="example.com/shop"),
            "no scope": scope({}), "two scopes": scope({"release": "release/shop/1", **period}),
            "a period without an end": scope({"type": "a", "since": None}),
            "a day as a time": scope({**period, "since": "2026-01-31"}),
            "a month that is none": scope({**period, "since": "2026-13-01T12:00:00.000000Z"}),
            "a root with a line feed": lambda m: m["seal"].update(root="0" * 64 + "\n"),
            "a release that is none": scope({"release": None}), "a list as a scope": scope([]),
            "a key of no kind": lambda m: m["query"]["complete"].append("release/shop/1"),
            "a key of nothing": lambda m: m["query"]["absent"].append("type:"),
            "a key twice": lambda m: m["query"]["complete"].append(m["query"]["complete"][0]),
            "a size as a text": lambda m: m["seal"].update(size="1"),
            "a size below 0": lambda m: m["checkpoint"].update(size=-1),
            "a size with a half": lambda m: m["checkpoint"].update(size=1.5),
            "a size above 2^53": lambda m: m["checkpoint"].update(size=2 ** 53),
            "a root in capitals": lambda m: m["checkpoint"].update(root="A" * 64),
            "a short root": lambda m: m["seal"].update(root="0" * 63),
            "a reference for a hash": lambda m: m.update(withheld=["sha256:" + "0" * 64]),
            "something withheld twice": lambda m: m.update(withheld=["0" * 64] * 2),
            "a file without a size": lambda m: m["files"][0].pop("size"), "a file's mode": listing(mode=420),
            **{f"the path {path}": listing(path=path) for path in (
                "", "/a", "a/", "a//b", "../a", "a/./b", "a b", "a\\b", "x" * 129, "/".join(["x"] * 129), "manifest.json",
                "statement.intoto.jsonl", "sigstore/0.sigstore.json")}})

    def test_malformed_proofs_do_not(self):
        proofs = json.loads(self.export("0.1.1", "--from", str(self.old))["proofs.json"])
        absent = proofs["absent"][0]
        side = "left" if absent["left"] else "right"
        self.refuses("proofs", proofs, {
            **{f"without {name}": lambda p, name=name: p.pop(name) for name in proofs},
            **{f"{part} without {name}": lambda p, part=part, name=name: p[part][0].pop(name)
               for part in proofs for name in proofs[part][0]},
            **{f"{part} with a member more": lambda p, part=part: p[part][0].update(more=1) for part in proofs},
            "a member more": lambda p: p.update(more=[]),
            "a path of texts": lambda p: p["entries"][0].update(path=["hello"]),
            "a path in base64": lambda p: p["entries"][0].update(path=["A" * 43 + "="]),
            "a position as a text": lambda p: p["entries"][0].update(position="0"),
            "a position below 0": lambda p: p["complete"][0].update(positions=[-1]),
            "a key of no kind": lambda p: p["complete"][0].update(key="deploy/1"),
            "nothing before": lambda p: p["complete"][0].update(before=None),
            "before without a count": lambda p: p["complete"][0]["before"].pop("count"),
            "after as a fold": lambda p: p["complete"][0].update(after={"count": 0, "acc": "0" * 64}),
            "no neighbour": lambda p: p["absent"][0].update(left=None, right=None),
            "a neighbour of no entries": lambda p: p["absent"][0][side].update(count=0),
            "a key of no entries": lambda p: p["complete"][0].update(count=0),
            "a neighbour that is a key": lambda p: p["absent"][0].update({side: absent[side]["key"]}),
            "a neighbour without its path": lambda p: p["absent"][0][side].pop("path"),
            "a neighbour with positions": lambda p: p["absent"][0][side].update(positions=[]),
            "a null for a list": lambda p: p.update(consistency=None)})


class Proofs(Evidence):
    other, inclusion, consistency = (
        getattr(test_merkle_tree.MerkleTree, name) for name in ("other", "inclusion", "consistency"))

    def index(self, size):
        """docs/spec/index.md: the keys in order, and pymerkle's tree over their leaves."""
        folded = {}
        for line in self.log("--limit", str(size)):
            event = line["event"]
            for key in [f"type:{event['type']}"] + ([f"subject:{event['subject']}"] if "subject" in event else []):
                count, acc = folded.get(key, (0, bytes(32)))
                folded[key] = count + 1, hashlib.sha256(b"\2" + acc + bytes.fromhex(line["hash"])).digest()
        tree, leaves = InmemoryTree(algorithm="sha256"), []
        for key in sorted(folded, key=str.encode):
            leaves.append({"acc": folded[key][1].hex(), "count": folded[key][0], "key": key})
            tree.append_entry(canonical(leaves[-1]))
        return tree, leaves

    def holds(self, tree, index, size, path):
        """pymerkle makes the same path, and finds that it leads to the root."""
        self.assertEqual([bytes.fromhex(each) for each in path], self.inclusion(tree, index, size))
        verify_inclusion(tree.get_leaf(index + 1), tree.get_state(size), tree.prove_inclusion(index + 1, size))

    def test_pymerkle_finds_every_entry_and_every_leaf_of_the_index_where_it_is_said_to_be(self):
        seen = {"entries": 0, "complete": 0, "absent": 0, "consistency": 0}
        for files in self.bundles():
            manifest, proofs = (json.loads(files[f"{name}.json"]) for name in ("manifest", "proofs"))
            _, size, root = parse_checkpoint(files["checkpoint.txt"].decode())
            tree = self.other()
            self.assertEqual((root, root.hex()), (tree.get_state(size), manifest["checkpoint"]["root"]))
            for entry, line in zip(proofs["entries"], files["entries.jsonl"].splitlines(), strict=True):
                self.assertEqual(tree.get_leaf(entry["position"] + 1), bytes.fromhex(entry["hash"]))
                self.assertEqual(hashlib.sha256(b"\0" + bytes.fromhex(entry["previous"]) + line).hexdigest(),
                                 entry["hash"])
                self.holds(tree, entry["position"], size, entry["path"])
            for each in proofs["consistency"]:
                self.assertEqual(tree.get_state(each["size"]).hex(), each["root"])
                self.assertEqual([bytes.fromhex(node) for node in each["path"]],
                                 self.consistency(tree, each["size"], size))
                verify_consistency(tree.get_state(each["size"]), root, tree.prove_consistency(each["size"], size))
            index, leaves = self.index(manifest["seal"]["size"])
            self.assertEqual({"root": index.get_state().hex(), "keys": len(leaves)},
                             {name: manifest["seal"][name] for name in ("root", "keys")})
            sides = [leaf for absent in proofs["absent"] for leaf in (absent["left"], absent["right"]) if leaf]
            for leaf in proofs["complete"] + sides:
                self.assertEqual({name: leaf[name] for name in ("acc", "count", "key")}, leaves[leaf["index"]])
                self.holds(index, leaf["index"], len(leaves), leaf["path"])
            keys = [leaf["key"] for leaf in leaves]
            self.assertFalse({absent["key"] for absent in proofs["absent"]} & set(keys))
            seen = {part: count + len(proofs[part]) for part, count in seen.items()}
        self.assertTrue(all(seen.values()), seen)


class Timestamps(Evidence):
    def test_rfc3161_client_verifies_the_stamp_by_the_authoritys_own_root(self):
        files = self.export("0.1.0")
        data = next(event["data"] for event in map(json.loads, files["entries.jsonl"].splitlines())
                    if event["type"] == TIMESTAMPED)
        note, token = (files["attachments/sha256-" + each["digest"][7:]] for each in data["attachments"])
        response = decode_timestamp_response(token)
        self.assertEqual(response.tst_info.gen_time.strftime("%Y-%m-%dT%H:%M:%S.000000Z"), data["time"])

        def verifier(who):
            root = load_pem_x509_certificate(Path(who.certificates).read_bytes())
            return VerifierBuilder().add_root_certificate(root).build()
        ours, strangers = verifier(authority()), verifier(authority("stranger"))
        self.assertTrue(ours.verify_message(response, note))
        turned = decode_timestamp_response(token[:-1] + bytes([token[-1] ^ 1]))
        for who, stamp, text in ((ours, response, note + b"\n"), (strangers, response, note), (ours, turned, note)):
            with self.assertRaises(TimestampError):
                who.verify_message(stamp, text)


if __name__ == "__main__":
    unittest.main()
