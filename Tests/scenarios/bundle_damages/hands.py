"""The hands that damage a bundle: changes of JSON and bytes, with or without the manifest and the signatures agreeing."""
from bundle_maker import RELEASE, example_log, release_bundle

APPROVALS = (4, 19)  # the positions of the release's approvals; that at 19 has no attachment
OWN, ELSEWHERE = f"subject:{RELEASE}", "00" * 32
LARGEST = 2**53 - 1


def put(*path, to):
    """A change of one value somewhere in JSON."""
    def change(value):
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = to
    return change


def drop(*path):
    def change(value):
        for step in path[:-1]:
            value = value[step]
        del value[path[-1]]
    return change


def both(*changes):
    def change(value):
        for each in changes:
            each(value)
    return change


def edited(name, change):
    """A JSON file changed; the manifest and the signatures agree with it."""
    return lambda bundle: bundle.copy().edit(name, change).zip()


def manifest(*changes):
    return edited("manifest.json", both(*changes))


def proofs(*changes):
    return edited("proofs.json", both(*changes))


def manifest_and_proofs(change_manifest, change_proofs):
    return lambda bundle: bundle.copy().edit("proofs.json", change_proofs).edit("manifest.json", change_manifest).zip()


def text(name, change):
    """The bytes of a file changed, and nothing else."""
    def damage(bundle):
        bundle = bundle.copy()
        bundle[name] = change(bundle[name])
        return bundle.zip()
    return damage


def signed_text(name, change):
    """The bytes of a file changed; the manifest and the signatures agree with them."""
    return lambda bundle: bundle.copy().put(name, change(bundle[name])).zip()


def replace(old, new):
    old, new = (part if isinstance(part, bytes) else part.encode() for part in (old, new))

    def change(content):
        assert old in content, f"{old} is not in {content[:400]}"
        return content.replace(old, new, 1)
    return change


def without(name, signed=False):
    def damage(bundle):
        bundle = bundle.copy()
        for path in [path for path in bundle if path.startswith(name)]:
            del bundle[path]
        return (bundle.list_files() if signed else bundle).zip()
    return damage


def added(name, content=b"more", signed=True):
    def damage(bundle):
        bundle = bundle.copy()
        bundle[name] = content
        return (bundle.list_files() if signed else bundle).zip()
    return damage


def swapped(*names):
    """Files of another release's bundle, of another ledger with the same key, in place of this one's."""
    def damage(bundle):
        other, bundle = release_bundle(example_log(seal=lambda log: (log.append("one.more"), log.seal()))), bundle.copy()
        for path in [path for path in bundle if path.startswith(names)]:
            del bundle[path]
        bundle.update({path: content for path, content in other.items() if path.startswith(names)})
        return bundle.zip()
    return damage


def attachment(bundle, name):
    """The path of an attachment by its name in the event."""
    for event in bundle.log.events:
        for each in (event.get("data") or {}).get("attachments", []):
            if each["name"] == name and f"attachments/{each['digest'].replace(':', '-')}" in bundle:
                return f"attachments/{each['digest'].replace(':', '-')}"
    raise AssertionError(f"no {name}")


def of_attachment(name, damage, *more):
    return lambda bundle: damage(attachment(bundle, name), *more)(bundle)


def made(log, bundle=release_bundle, **options):
    """A bundle of another ledger, made by its owner. `log` is a function, so that nothing is made before it is needed."""
    return lambda _: bundle(log(), **options).zip()


def flip(content):
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
