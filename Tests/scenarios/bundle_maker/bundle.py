"""The files of a bundle, which can be changed and signed again."""
import json

from bundle_maker.archive import Member, zip_file
from bundle_maker.keys import key
from bundle_maker.names import PAYLOAD_TYPE, STATEMENTS, sha256, to_base64
from forging import canonical


class Bundle(dict):
    """The files of a bundle by their paths. `signers` are the names of the keys that sign it."""

    def __init__(self, log, signers, files=()):
        super().__init__(files)
        self.log, self.signers = log, signers

    def copy(self):
        return Bundle(self.log, list(self.signers), self)

    @property
    def manifest(self):
        return json.loads(self["manifest.json"])

    @property
    def proofs(self):
        return json.loads(self["proofs.json"])

    def edit(self, name, change):
        """Changes the JSON of a file in place, by a function of its value, and makes manifest and signatures agree."""
        value = json.loads(self[name])
        change(value)
        return self.put(name, value)

    def put(self, name, value):
        self[name] = value if isinstance(value, bytes) else pretty(value)
        return self.list_files() if name != "manifest.json" else self.sign()

    def list_files(self):
        manifest = self.manifest
        manifest["files"] = [{"path": path, "size": len(self[path]), "sha256": sha256(self[path])}
                             for path in sorted(self) if not path.startswith(("manifest.json", STATEMENTS, "sigstore/"))]
        self["manifest.json"] = pretty(manifest)
        return self.sign()

    def sign(self):
        return self.put_envelopes([self.envelope(name) for name in self.signers])

    def payload(self, **other):
        subject = {"name": "manifest.json", "digest": {"sha256": sha256(self["manifest.json"])}}
        return canonical({"_type": "https://in-toto.io/Statement/v1", "subject": [subject],
                          "predicateType": "https://daybook.dev/evidence/v1", "predicate": {}, **other}).encode()

    def envelope(self, signer, payload=None, payload_type=PAYLOAD_TYPE, keyid=None):
        payload = self.payload() if payload is None else payload
        signed = f"DSSEv1 {len(payload_type)} {payload_type} {len(payload)} ".encode() + payload
        return {"payload": to_base64(payload), "payloadType": payload_type,
                "signatures": [{"keyid": keyid or key(signer).keyid, "sig": to_base64(key(signer).sign(signed))}]}

    def put_envelopes(self, envelopes):
        for path in [path for path in self if path.startswith("sigstore/")]:
            del self[path]
        self[STATEMENTS] = b"".join(canonical(each).encode() + b"\n" for each in envelopes)
        for number, each in enumerate(envelopes):
            self[f"sigstore/{number}.sigstore.json"] = sigstore(each)
        return self

    def zip(self):
        return zip_file([Member(path, self[path]) for path in sorted(self)])


def pretty(value):
    """Half of a surrogate pair, which no UTF-8 has, is written as such a half: who damages a bundle may want that."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "surrogatepass")


def sigstore(envelope):
    signer = (envelope["signatures"] or [{"keyid": "0" * 64}])[0]
    material = {"publicKey": {"hint": signer["keyid"]}, "tlogEntries": []}
    return canonical({"dsseEnvelope": envelope, "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                      "verificationMaterial": material}).encode() + b"\n"
