"""What the specification does not say in so many words."""
import struct

from bundle_damages.archives import archive, descriptor, first, with_member
from bundle_damages.hands import ELSEWHERE, added, attachment, made, manifest, proofs, put, replace, signed_text
from bundle_damages.populations import moment
from bundle_damages.statements import envelopes, statement, trusted
from bundle_maker import DEPLOYED, Member, example, release_bundle, sha256

STRICT_READINGS = [
    ("a file beside those of sigstore/", added("sigstore/more.json", signed=False), {"manifest"}),
    ("a size with a fraction", signed_text("manifest.json", replace('"size": 21', '"size": 21.0')), {"manifest"}),
    ("a size with an exponent", signed_text("manifest.json", replace('"size": 21', '"size": 21e0')), {"manifest"}),
    ("a count of -0", signed_text("proofs.json", replace('"count": 0', '"count": -0')), {"proof"}),
    ("a key that the index cannot have", manifest(put("query", "absent", to=["nothing"])), {"manifest"}),
    ("a period that ends before it begins", manifest(put("scope", to={
        "type": DEPLOYED, "since": moment(3), "until": moment(2)})), {"manifest"}),
    ("an empty period", manifest(put("scope", to={"type": DEPLOYED, "since": moment(3), "until": moment(3)})), {"manifest"}),
    ("no name of the tool", manifest(put("tool", "name", to="")), {"manifest"}),
    ("a size twice in consistency", proofs(lambda value: value["consistency"].append(value["consistency"][-1])), {"proof"}),
    ("consistency from nothing", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": ELSEWHERE, "path": []})), {"proof"}),
    ("consistency from nothing, with a path", proofs(lambda value: value["consistency"].insert(
        0, {"size": 0, "root": sha256(b""), "path": [ELSEWHERE]})), {"proof"}),
    ("a time before that of the entry before", made(lambda: example().changed(
        put(19, "recordedtime", to=example().events[3]["recordedtime"]))), {"entry"}),
    ("a streamversion twice", made(lambda: example().changed(put(19, "streamversion", to=2))), {"entry"}),
    ("source and id twice", made(lambda: example().changed(put(19, "id", to="e4"))), {"entry"}),
    ("withheld, and unknown", manifest(put("withheld", to=[ELSEWHERE])), {"attachment"}),
    ("a payload without a predicateType", statement(payload={"predicateType": None}), {"statement"}),
    ("the same statement twice", envelopes(lambda values: values.append(values[0])), {"statement"}),
    ("a trusted key with one member more", trusted(more=1), {"statement"}),
    ("a timestamp whose checkpoint is withheld", lambda bundle: release_bundle(
        withheld=[attachment(bundle, "checkpoint.txt")[-64:]]).zip(), {"timestamp"}),
    ("a file in a file", with_member("index.html/a"), {"archive"}),
    ("a folder of a file's name", with_member("index.html/", mode=0o040755), {"archive"}),
    ("something between two members", first(after=b"more"), {"archive"}),
    ("a member that is not in the central directory", first(after=Member("a").prepare() or b"PK\3\4" + bytes(26)),
     {"archive"}),
    ("something before the central directory", archive(between=b"more"), {"archive"}),
    ("another size in the local header", first(local={"size": 11}), {"archive"}),
    ("another CRC-32 in the local header", first(local={"crc": 7}), {"archive"}),
    ("other flags in the local header", first(local={"flags": 0x800}), {"archive"}),
    ("encrypted in the local header alone", first(local={"flags": 1}), {"archive"}),
    ("a flag that nobody has defined", first(flags=0x80), {"archive"}),
    ("another name in an extra field", first(extra=struct.pack("<2HBL", 0x7075, 8, 1, 0) + b"abc"), {"archive"}),
    ("an extra field that is cut short", first(extra=b"UT\5\0\1"), {"archive"}),
    ("a data descriptor", first(flags=8, local={"crc": 0, "packed": 0, "size": 0}, after=descriptor), set()),
    ("a data descriptor without its mark", first(flags=8, local={"crc": 0, "packed": 0, "size": 0},
                                                 after=lambda each: descriptor(each, b"")), set()),
    ("a data descriptor of other data", first(flags=8, after=b"PK\7\10" + bytes(12)), {"archive"}),
    ("no data descriptor", first(flags=8), {"archive"}),
    *[(f"a data descriptor, and another {name} in the local header", first(
        flags=8, local={"crc": 0, "packed": 0, "size": 0, name: 7}, after=descriptor), {"archive"})
      for name in ("crc", "packed", "size")],
    ("no data descriptor, and zeros in the local header", first(local={"crc": 0, "packed": 0, "size": 0}), {"archive"}),
]
