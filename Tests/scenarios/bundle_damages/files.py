"""Files of a bundle changed, left out, put in or swapped, by somebody without any key."""
import re

from bundle_damages.hands import (
    ELSEWHERE, added, attachment, flip, manifest, of_attachment, put, replace, signed_text, swapped, text, without)
from bundle_maker import STATEMENTS, release_bundle, sha256

PLAIN = [
    ("a good bundle", lambda bundle: bundle.zip(), set()),
    ("manifest.json changed", text("manifest.json", replace("0.1.0", "0.1.1")), {"statement"}),
    ("manifest.json changed to no JSON", text("manifest.json", replace("{", "[")), {"manifest", "statement"}),
    ("entries.jsonl changed", text("entries.jsonl", replace("4f1c", "4f1d")), {"manifest", "entry"}),
    ("proofs.json changed", lambda bundle: text("proofs.json", replace(
        bundle.proofs["entries"][1]["path"][0], ELSEWHERE))(bundle), {"manifest", "entry"}),
    ("checkpoint.txt changed", text("checkpoint.txt", lambda content: content[:-9] + b"AAAAA" + content[-4:]),
     {"manifest", "checkpoint"}),
    ("an attachment changed", of_attachment("signature", text, flip), {"manifest", "attachment"}),
    ("a timestamp's checkpoint changed", of_attachment("checkpoint.txt", text, replace("example.com", "example.org")),
     {"manifest", "attachment", "timestamp"}),
    ("index.html changed", text("index.html", replace("html", "htmm")), {"manifest"}),
    ("approvals.csv made longer", text("approvals.csv", lambda content: content + b"4,me\n"), {"manifest"}),
    ("a signature changed", text(STATEMENTS, lambda content: re.sub(
        rb'("sig":"....)(.)', lambda found: found[1] + (b"B" if found[2] == b"A" else b"A"), content)), {"statement"}),
    ("a file in sigstore/ changed", text("sigstore/0.sigstore.json", replace("v0.3", "v0.2")), {"statement"}),
    ("an entry's line added twice", text("entries.jsonl", lambda content: content + content.splitlines(True)[-1]),
     {"manifest", "entry"}),

    ("without manifest.json", without("manifest.json"), {"manifest"}),
    ("without entries.jsonl", without("entries.jsonl"), {"manifest"}),
    ("without proofs.json", without("proofs.json"), {"manifest"}),
    ("without checkpoint.txt", without("checkpoint.txt"), {"manifest"}),
    ("without index.html", without("index.html"), {"manifest"}),
    ("without the statements", without(STATEMENTS), {"manifest"}),
    ("without one file in sigstore/", without("sigstore/1"), {"statement"}),
    ("without sigstore/", without("sigstore/"), {"manifest", "statement"}),
    ("no statement", lambda bundle: bundle.copy().put_envelopes([]).zip(), {"manifest", "statement"}),
    ("without an attachment", of_attachment("signature", without), {"manifest", "attachment"}),
    ("without entries.jsonl, and signed", without("entries.jsonl", signed=True), {"manifest"}),
    ("without proofs.json, and signed", without("proofs.json", signed=True), {"manifest"}),
    ("without checkpoint.txt, and signed", without("checkpoint.txt", signed=True), {"manifest"}),
    ("without an attachment, and signed", of_attachment("signature", without, True), {"attachment"}),
    ("an unlisted file", added("more.csv", signed=False), {"manifest"}),
    ("an attachment that nobody refers to", added(f"attachments/sha256-{sha256(b'more')}"), {"attachment"}),
    ("an attachment without its name", added("attachments/more"), {"attachment"}),
    ("an attachment with other bytes", of_attachment("signature", signed_text, flip), {"attachment"}),
    ("withheld, but there", lambda bundle: manifest(put("withheld", to=[attachment(bundle, "sbom")[-64:]]))(bundle),
     {"attachment"}),
    ("withheld, and another", lambda bundle: release_bundle(withheld=[attachment(bundle, "sbom")[-64:]]).edit(
        "manifest.json", put("withheld", to=[ELSEWHERE])).zip(), {"attachment"}),

    ("another ledger's checkpoint", swapped("checkpoint.txt"), {"manifest", "checkpoint", "entry", "proof"}),
    ("another ledger's statements", swapped(STATEMENTS, "sigstore/"), {"statement"}),
    ("another ledger's statements alone", swapped(STATEMENTS), {"statement"}),
    ("another ledger's index.html", lambda bundle: text("index.html", lambda _: release_bundle()["proofs.json"])(bundle),
     {"manifest"}),
]
