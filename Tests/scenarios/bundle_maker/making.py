"""Bundles of what a scope and a query ask for."""
from bundle_maker.bundle import Bundle, pretty
from bundle_maker.log import deployed, example
from bundle_maker.names import DEPLOYED, KEY_TRUSTED, OVERRIDE, RELEASE, TIMESTAMPED
from bundle_maker.proofs import consistency_path, fold, inclusion_path


def make(log, scope, complete, absent, seal=None, positions=None, withheld=(), signers=None,
         consistency=(5, 8), index=None, size_of_checkpoint=None):
    """A bundle of what the scope and the query ask for. `positions` are of the entries that are bundled besides, `index`
    is one to prove with instead of the true one, `seal` is the seal's position, by default the last."""
    seal = len(log.events) - 1 if seal is None else seal
    stated = log.events[seal]["data"]
    size, index = stated["size"], index or log.index(stated["size"])
    period, own = (scope.get("since"), scope.get("until")), f"type:{scope.get('type')}"
    proofs = [{**index.leaf(name), **shown(log, name, size, *(period if name == own else (None, None)))}
              for name in sorted(complete, key=str.encode)]
    bundled = {0, seal, *[position for proof in proofs for position in proof["positions"]]}
    bundled |= set(positions if positions is not None else log.having(f"type:{KEY_TRUSTED}", size) +
                   log.having(f"type:{TIMESTAMPED}", size))
    bundled = sorted(bundled)
    head = size_of_checkpoint or seal + 1
    leaves = log.hashes[:head]
    bundle = Bundle(log, signers or [log.owner, "evidence"])
    bundle["entries.jsonl"] = b"".join(log.raw[position] + b"\n" for position in bundled)
    bundle["proofs.json"] = pretty({
        "entries": [{"position": position, "previous": log.previous[position].hex(), "hash": log.hashes[position].hex(),
                     "path": [each.hex() for each in inclusion_path(leaves, position)]} for position in bundled],
        "complete": proofs, "absent": [index.absence(name) for name in sorted(absent, key=str.encode)],
        "consistency": [{"size": smaller, "root": log.root(smaller).hex(),
                         "path": [each.hex() for each in consistency_path(leaves, smaller)]} for smaller in consistency]})
    bundle["checkpoint.txt"] = log.checkpoint(head)
    for digest in {each["digest"][7:] for position in bundled
                   for each in (log.events[position].get("data") or {}).get("attachments", [])}:
        if digest not in withheld:
            bundle[f"attachments/sha256-{digest}"] = log.attachments[digest]
    bundle["index.html"], bundle["approvals.csv"] = b"<!doctype html>\n", b"position,by\n"
    bundle["manifest.json"] = pretty({
        "bundle": 1, "tool": {"name": "daybook", "version": "0.1.0"},
        "ledger": {"origin": log.origin, "key": log.key.verifier(log.origin)}, "scope": scope,
        "query": {"complete": sorted(complete, key=str.encode), "absent": sorted(absent, key=str.encode)},
        "seal": {"position": seal, "size": size, "keys": stated["keys"], "root": stated["root"]},
        "checkpoint": {"size": head, "root": log.root(head).hex()}, "withheld": sorted(withheld), "files": []})
    return bundle.list_files()


def shown(log, name, size, since=None, until=None):
    """The entries of a key that are in a period, with the one before it and the one after it; what the others fold to."""
    positions = log.having(name, size)
    times = [log.events[position]["recordedtime"] for position in positions]
    first = sum(time < since for time in times) if since else 0
    last = sum(time < until for time in times) if until else len(times)
    first, last = max(0, first - 1), min(len(times), last + 1)
    return {"positions": positions[first:last], "before": fold(log.hashes[position] for position in positions[:first]),
            "after": [log.hashes[position].hex() for position in positions[last:]]}


def release_bundle(log=None, **options):
    """Of a release; nobody overrode anything, and two keys are absent at the ends of the index."""
    log = log or example()
    return make(log, {"release": RELEASE}, **{
        "complete": [f"subject:{RELEASE}"], "absent": ["subject:!nobody", OVERRIDE, "type:~"], **options})


def population_bundle(log=None, since=1, until=4, **options):
    """Of the deployments from one number up to another; the whole population with None."""
    log = log or example()
    since, until = (None if number is None else deployed(log, number) for number in (since, until))
    subjects = {f"subject:{event['subject']}" for event in log.events if event["type"] == DEPLOYED and "subject" in event
                and (since or "") <= event["recordedtime"] < (until or "9")}
    return make(log, {"type": DEPLOYED, "since": since, "until": until}, **{
        "complete": [f"type:{DEPLOYED}", *subjects], "absent": [OVERRIDE], **options})
