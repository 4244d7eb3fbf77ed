"""Statements, their copies in sigstore/, and the keys that are trusted to sign them."""
import base64
import json

from bundle_damages.hands import ELSEWHERE, added, drop, made, put, replace, text
from bundle_maker import STATEMENTS, example, example_log, key, sha256, to_base64
from forging import canonical


def envelopes(change):
    """The list of envelopes, changed after they were signed; the files in sigstore/ follow."""
    def damage(bundle):
        values = [json.loads(each) for each in bundle[STATEMENTS].splitlines()]
        change(values)
        return bundle.copy().put_envelopes(values).zip()
    return damage


def statement(**options):
    """A third statement besides the good ones."""
    def damage(bundle):
        values = [json.loads(each) for each in bundle[STATEMENTS].splitlines()]
        signer, payload = options.get("signer", "evidence"), options.get("payload", bundle.payload())
        payload = bundle.payload(**payload) if isinstance(payload, dict) else payload
        more = {name: value for name, value in options.items() if name in ("payload_type", "keyid")}
        return bundle.copy().put_envelopes(values + [bundle.envelope(signer, payload, **more)]).zip()
    return damage


def loose(field):
    """Base64 whose unused bits are not zero, of the same bytes."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    def change(values):
        where = values[0] if field == "payload" else values[0]["signatures"][0]
        assert "=" in where[field], "there are no unused bits"
        digits = where[field].rstrip("=")
        where[field] = digits[:-1] + alphabet[alphabet.index(digits[-1]) + 1] + where[field][len(digits):]
    return change


def resized_payload(bundle):
    """A payload whose length leaves unused bits in its base64."""
    spaces = " " * ((1 - len(bundle.payload())) % 3)
    values = [bundle.envelope("ledger", bundle.payload() + spaces.encode())]
    loose("payload")(values)
    return bundle.copy().put_envelopes(values).zip()


def signature(number, change):
    def change_all(values):
        where = values[number]["signatures"][0]
        where["sig"] = to_base64(change(base64.b64decode(where["sig"])))
    return envelopes(change_all)


def raw_ecdsa(der):
    """r and s, 32 bytes each."""
    length = der[3]
    r, s = der[4:4 + length], der[6 + length:]
    return b"".join(part[-32:].rjust(32, b"\0") for part in (r, s))


def trusted(**other):
    return made(lambda: example_log(trusted={**key("evidence").trusted(), **other}))


def sigstore_changed(change):
    def damage(bundle):
        bundle = bundle.copy()
        value = json.loads(bundle["sigstore/0.sigstore.json"])
        change(value)
        bundle["sigstore/0.sigstore.json"] = canonical(value).encode() + b"\n"
        return bundle.zip()
    return damage


GOOD_SUBJECT = {"name": "manifest.json", "digest": {"sha256": ELSEWHERE}}
STATEMENT_DAMAGES = [(what, change, {"statement"}) for what, change in [
    ("signed by a stranger", statement(signer="stranger")),
    ("signed by a stranger in the name of a trusted key", statement(signer="stranger", keyid=key("evidence").keyid)),
    ("signed by a stranger in the ledger's name", statement(signer="other", keyid=key("ledger").keyid)),
    ("signed by one trusted key in the name of another", statement(signer="evidence", keyid=key("ledger").keyid)),
    ("signed by a stranger alone", lambda bundle: bundle.copy().put_envelopes([bundle.envelope("stranger")]).zip()),
    ("a statement of another manifest", statement(payload={"subject": [GOOD_SUBJECT]})),
    ("a statement of another file", lambda bundle: statement(payload={"subject": [
        {"name": "manifest.jso", "digest": {"sha256": sha256(bundle["manifest.json"])}}]})(bundle)),
    ("a digest of another algorithm", lambda bundle: statement(payload={"subject": [
        {"name": "manifest.json", "digest": {"sha512": sha256(bundle["manifest.json"])}}]})(bundle)),
    *[(f"a statement with the subject {subject!r}", statement(payload={"subject": subject})) for subject in (
        [], None, {}, "manifest.json", [[]], [{"name": "manifest.json"}], [{"name": "manifest.json", "digest": ELSEWHERE}])],
    *[(f"another subject {what} beside the good one", lambda bundle, other=other: statement(payload={"subject": [
        *json.loads(bundle.payload())["subject"], other]})(bundle)) for what, other in (
            ("without a digest", {"name": "a"}), ("with no digest", {"name": "a", "digest": {}}),
            ("with a number for a digest", {"name": "a", "digest": {"sha256": 7}}),
            ("with an empty digest", {"name": "a", "digest": {"sha256": ""}}), ("that is no object", "a"),
            ("with a digest that is a text", {"name": "a", "digest": ELSEWHERE}), ("that is null", None))],
    ("a statement of another version", statement(payload={"_type": "https://in-toto.io/Statement/v0.1"})),
    ("a payload that is no JSON", statement(payload=b"hello")), ("no payload", statement(payload=b"")),
    ("a payload that is no object", statement(payload=b"[]")),
    ("a payload with a member twice", lambda bundle: statement(
        payload=bundle.payload().replace(b'"subject"', b'"subject":[],"subject"'))(bundle)),
    ("a payload with something after it", lambda bundle: statement(payload=bundle.payload() + b"1")(bundle)),
    ("another payloadType, signed", statement(payload_type="application/json")),
    ("another payloadType, not signed", envelopes(put(0, "payloadType", to="application/json"))),
    ("no signature", envelopes(put(0, "signatures", to=[]))),
    ("two signatures", envelopes(lambda values: values[0]["signatures"].append(values[1]["signatures"][0]))),
    ("the same signature twice", envelopes(lambda values: values[0]["signatures"].append(values[0]["signatures"][0]))),
    ("a signature with one member more", envelopes(put(0, "signatures", 0, "more", to=1))),
    ("an envelope with one member more", envelopes(put(0, "more", to=1))),
    ("an envelope without a payload", envelopes(drop(0, "payload"))),
    ("a key ID in capitals", envelopes(lambda values: put(0, "signatures", 0, "keyid", to=values[0]["signatures"][0][
        "keyid"].upper())(values))),
    ("no key ID", envelopes(put(0, "signatures", 0, "keyid", to=""))),
    ("loose base64 of a signature", envelopes(loose("sig"))), ("loose base64 of a payload", resized_payload),
    ("base64 for URLs", envelopes(lambda values: put(0, "signatures", 0, "sig", to="-_" * 43 + "==")(values))),
    ("base64 without padding", envelopes(lambda values: put(0, "signatures", 0, "sig", to=values[0]["signatures"][0][
        "sig"].rstrip("="))(values))),
    ("an Ed25519 signature of 63 bytes", signature(0, lambda each: each[:-1])),
    ("an Ed25519 signature of 65 bytes", signature(0, lambda each: each + b"\0")),
    ("an Ed25519 signature of zeros", signature(0, lambda each: bytes(64))),
    ("an ECDSA signature that is not DER", signature(1, raw_ecdsa)),
    ("an ECDSA signature with something after it", signature(1, lambda each: each + b"\0")),
    ("an ECDSA signature of zeros", signature(1, lambda each: bytes.fromhex("3006020100020100"))),
    ("an empty signature", signature(1, lambda each: b"")),
    ("statements without the last line feed", text(STATEMENTS, lambda content: content[:-1])),
    ("statements with an empty line", text(STATEMENTS, lambda content: content + b"\n")),
    ("statements with carriage returns", text(STATEMENTS, lambda content: content.replace(b"\n", b"\r\n"))),
    ("statements with spaces", text(STATEMENTS, replace('{"payload"', '{ "payload"'))),
    ("statements that are no JSON", text(STATEMENTS, lambda content: content + b"hello\n")),
    ("another medium in sigstore/", sigstore_changed(put("mediaType", to="application/json"))),
    ("another hint in sigstore/", sigstore_changed(
        put("verificationMaterial", "publicKey", "hint", to=key("evidence").keyid))),
    ("an entry of a log in sigstore/", sigstore_changed(put("verificationMaterial", "tlogEntries", to=[{}]))),
    ("one member more in sigstore/", sigstore_changed(put("more", to=1))),
    ("another envelope in sigstore/", sigstore_changed(put("dsseEnvelope", "signatures", 0, "sig", to="AAAA"))),
    ("no envelope in sigstore/", sigstore_changed(drop("dsseEnvelope"))),
    ("no line feed in sigstore/", text("sigstore/0.sigstore.json", lambda content: content[:-1])),
    ("spaces in sigstore/", text("sigstore/0.sigstore.json", replace("{", "{ "))),
    ("no JSON in sigstore/", text("sigstore/0.sigstore.json", lambda _: b"hello\n")),
    ("an envelope twice in sigstore/", lambda bundle: added(
        "sigstore/2.sigstore.json", bundle["sigstore/0.sigstore.json"], signed=False)(bundle)),
    ("a trusted key with another key ID", trusted(keyid=ELSEWHERE)),
    ("a trusted key with another algorithm", trusted(algorithm="ed25519")),
    ("a trusted key with an unknown algorithm", trusted(algorithm="rsa")),
    ("a trusted key that is none", trusted(publickey="AAAA")),
    ("a trusted key of another subject", made(lambda: example().changed(put(1, "subject", to="ledgers")), positions=[1],
                                                consistency=[])),
    ("a trusted key whose entry is not bundled", made(example, positions=[6])),
]]
