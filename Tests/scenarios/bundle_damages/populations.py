"""Claims of a population: a period, what stands before and after it, and its subjects."""
from bundle_damages.hands import ELSEWHERE, LARGEST, drop, manifest, manifest_and_proofs, proofs, put
from bundle_maker import DEPLOYED, deployed, example, fold


def moment(number, microseconds=0):
    """The time of the number-th deployment, or one so many microseconds after it."""
    stated = deployed(example(), number)
    return stated if not microseconds else stated[:-8] + f".{microseconds:06}Z"


def type_proof(change):
    def of_type(value):
        for proof in value["complete"]:
            if proof["key"] == f"type:{DEPLOYED}":
                change(proof)
    return proofs(of_type)


def narrowed(first=0, last=None):
    """The proof with entries moved from its positions to those that stand before, or after."""
    def change(proof):
        log, positions = example(), proof["positions"]
        cut = positions[first:last]
        earlier, later = positions[:first], positions[len(positions) + last:] if last else []
        proof["before"] = fold((log.hashes[each] for each in earlier), proof["before"]["count"],
                               bytes.fromhex(proof["before"]["acc"]))
        proof["after"] = [log.hashes[each].hex() for each in later] + proof["after"]
        proof["positions"] = cut
    return change


def unbundled(position):
    """Takes an entry out of entries.jsonl and proofs.json, but not out of any key."""
    def damage(bundle):
        number = [entry["position"] for entry in bundle.proofs["entries"]].index(position)
        lines = bundle["entries.jsonl"].splitlines(True)
        bundle["entries.jsonl"] = b"".join(lines[:number] + lines[number + 1:])
        return bundle.edit("proofs.json", drop("entries", number))
    return damage


def only_boundary(bundle):
    """The first entry of the period is left out, with the one before it: both are said to stand before."""
    bundle = bundle.copy()
    position = [position for position, event in enumerate(example().events) if event["type"] == DEPLOYED][2]
    for each in bundle.proofs["complete"]:
        if each["key"] == f"type:{DEPLOYED}":
            assert each["positions"][1] == position
    bundle = unbundled(position)(bundle)

    def change(value):
        for each in value["complete"]:
            if each["key"] == f"type:{DEPLOYED}":
                narrowed(first=2)(each)
        value["complete"] = [each for each in value["complete"] if each["key"] != "subject:deploy/2"]
    bundle.edit("proofs.json", change)
    return bundle.edit("manifest.json", lambda value: value["query"]["complete"].remove("subject:deploy/2")).zip()


# Deployments 2 and 3 are in the period; 1 stands before it, 4 after it; 0 and 5 are not bundled.
POPULATION_DAMAGES = [
    ("a good population", lambda bundle: bundle.zip(), set()),
    ("a period that begins a microsecond after the entry before", manifest(put("scope", "since", to=moment(1, 1))), set()),
    ("a period that begins with the entry before", manifest(put("scope", "since", to=moment(1))), {"scope"}),
    ("a period that begins a microsecond later", manifest(put("scope", "since", to=moment(2, 1))), set()),
    ("a period that ends with the entry after", manifest(put("scope", "until", to=moment(4))), set()),
    ("a period that ends a microsecond after it", manifest(put("scope", "until", to=moment(4, 1))), {"scope"}),
    ("a period that ends with its last entry", manifest(put("scope", "until", to=moment(3))), set()),
    ("a period that ends after everything", manifest(put("scope", "until", to=moment(5, 1))), {"scope"}),
    ("a period without a beginning", manifest(put("scope", "since", to=None)), {"key", "scope"}),
    ("a period without an end", manifest(put("scope", "until", to=None)), {"key", "scope"}),
    ("the entry before is counted, but not shown", type_proof(narrowed(first=1)), {"scope"}),
    ("the entry after is counted, but not shown", type_proof(narrowed(last=-1)), {"scope"}),
    ("an entry of the period among those before", type_proof(narrowed(first=2)), {"key", "scope"}),
    ("an entry of the period among those after", type_proof(narrowed(last=-2)), {"key", "scope"}),
    ("an entry of the period left out, and said to be before", only_boundary, {"scope"}),
    ("nothing shown at all", type_proof(narrowed(first=4)), {"key", "scope"}),
    ("before without its count", type_proof(put("before", "count", to=0)), {"key"}),
    ("before without its accumulator", type_proof(put("before", "acc", to=ELSEWHERE)), {"key"}),
    ("before with a larger count", type_proof(put("before", "count", to=2)), {"key"}),
    ("before with the largest count", type_proof(put("before", "count", to=LARGEST)), {"key"}),
    ("after with one hash less", type_proof(put("after", to=[])), {"key"}),
    ("after with one hash more", type_proof(lambda proof: proof["after"].append(ELSEWHERE)), {"key"}),
    ("before for a subject", lambda bundle: proofs(lambda value: next(
        each for each in value["complete"] if each["key"] == "subject:deploy/2").update(
            positions=[bundle.proofs["complete"][0]["positions"][1]], before=fold([bundle.log.hashes[
                bundle.proofs["complete"][0]["positions"][0]]])))(bundle), {"key"}),
    ("a subject's entries not asked for", manifest_and_proofs(
        lambda value: value["query"]["complete"].remove("subject:deploy/2"), lambda value: value["complete"].pop(0)),
     {"scope"}),
    ("the population not asked for", manifest_and_proofs(
        lambda value: value["query"]["complete"].pop(), lambda value: value["complete"].pop()), {"scope"}),
    ("a population of another type", manifest(put("scope", "type", to="com.example.deploy.started")), {"key", "scope"}),
]
