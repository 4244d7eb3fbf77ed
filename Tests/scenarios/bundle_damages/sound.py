"""What is unusual, and leaves a bundle good."""
import json
import struct

from bundle_damages.archives import archive, descriptor, first, members
from bundle_damages.checkpoints import checkpoint
from bundle_damages.hands import OWN, added, attachment, made, proofs, put, replace, signed_text
from bundle_damages.statements import GOOD_SUBJECT, statement
from bundle_maker import Member, example, example_log, key, release_bundle, sha256, zip_file

SOUND = [
    ("stored", lambda bundle: zip_file(members(bundle, method=0))),
    ("in another order", lambda bundle: zip_file(members(bundle)[::-1])),
    ("with folders", lambda bundle: zip_file([Member("attachments/", mode=0o040755), Member("sigstore/", method=0, mode=0)] +
                                             members(bundle))),
    ("with a comment", archive(comment=b"hello")), ("with other permissions", first(mode=0o100755)),
    ("64 MiB and a byte of another file", added("more.bin", bytes((1 << 26) + 1))),
    ("a data descriptor as bsdtar writes it, with the size in the local header", first(
        flags=8, local={"crc": 0, "packed": 0}, after=descriptor)),
    ("a data descriptor, with all of it in the local header", first(flags=8, after=descriptor)),
    ("a data descriptor, with the CRC-32 in the local header", first(
        flags=8, local={"packed": 0, "size": 0}, after=descriptor)),
    ("made by DOS", lambda bundle: zip_file(members(bundle, system=0, mode=0))),
    ("with times in extra fields", first(extra=struct.pack("<2HBL", 0x5455, 5, 1, 0))),
    ("a manifest without white space", signed_text("manifest.json", lambda content: json.dumps(
        json.loads(content)).encode())),
    ("a manifest of escapes", signed_text("manifest.json", replace('"daybook"', '"\\u0064aybook"'))),
    ("proofs in another order of members", lambda bundle: bundle.copy().put("proofs.json", dict(
        reversed(bundle.proofs.items()))).zip()),
    ("an attachment withheld", lambda bundle: release_bundle(withheld=[attachment(bundle, "sbom")[-64:]]).zip()),
    ("one statement", lambda bundle: bundle.copy().put_envelopes([bundle.envelope("ledger")]).zip()),
    ("a statement with a digest of another algorithm beside", lambda bundle: statement(payload={"subject": [
        *json.loads(bundle.payload())["subject"], {"digest": {"gitCommit": "4f1c"}, "uri": "git+https://x"}]})(bundle)),
    ("a statement of several subjects", lambda bundle: statement(payload={"subject": [GOOD_SUBJECT, *json.loads(
        bundle.payload())["subject"]]})(bundle)),
    ("two names for the statement's files", lambda bundle: (lambda other: (other.update(
        {"sigstore/a-b_c.sigstore.json": other.pop("sigstore/0.sigstore.json")}), other.zip())[1])(bundle.copy())),
    ("an Ed25519 key that is trusted", made(lambda: example_log(trusted=key("ed25519").trusted()),
                                            signers=["ledger", "ed25519"])),
    ("no absence, and no consistency but what a timestamp needs", made(example, absent=[], consistency=[5])),
    ("consistency from nothing, by its one root", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": sha256(b""), "path": []}))),
    ("entries beyond those that it asks for", made(example, positions=[1, 2, 6, 9, 10])),
    ("consistency with its own size", made(example, consistency=[5, 22])),
    *[(f"{value} for a {name}", made(lambda name=name, value=value: example().changed(put(19, name, to=value))))
      for name, value in (("source", "#"), ("source", "x#y"), ("source", "[?#/"), ("dataschema", "x:"), ("dataschema", "x:#y"))],
    ("no timestamp", made(example, positions=[1], consistency=[])),
    ("several keys", made(example, complete=[OWN, "subject:build/7", "type:com.example.later"])),
    ("a file more that is listed", added("more.csv")),
    ("a checkpoint with an extension", checkpoint(more="hello\n")),
    ("a checkpoint that a witness has signed", lambda bundle: signed_text(
        "checkpoint.txt", lambda content: content + "\u2014 witness AAAAAAA=\n".encode())(bundle)),
]
SOUND = [(what, change, set()) for what, change in SOUND]
