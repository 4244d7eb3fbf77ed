#!/usr/bin/env python3
"""Holds the CDEvents of bundles against the JSON Schemas that CDEvents itself publishes. No package carries them: they lie
in its specification (https://github.com/cdevents/spec), of which SPEC is a checkout at the tag of a version.

    .venv/bin/python tools/lib/check_cdevents.py SPEC BUNDLE.zip...

Prints a line for each type and what is wrong. Exits with 0 if every event of every bundle is as its type's schema has it,
else with 1; an event without a schema is wrong, and so is a bundle without events.
"""
import argparse
import collections
import json
import pathlib
import sys
import zipfile

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

CUSTOM = "dev.cdeventsx."


def without_contradictions(schema, place, dropped):
    """The schema less what no value can satisfy: members that one object both requires and forbids. Version 0.5.0 of
    testsuiterun.finished requires `context.version`, which it has renamed."""
    if isinstance(schema, list):
        return [without_contradictions(item, place, dropped) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("additionalProperties") is False and isinstance(schema.get("required"), list):
        impossible = [name for name in schema["required"] if name not in schema.get("properties", {})]
        dropped += [f"{place}.{name}".lstrip(".") for name in impossible]
        schema = {**schema, "required": [name for name in schema["required"] if name not in impossible]}
    return {name: {member: without_contradictions(inner, f"{place}.{member}", dropped) for member, inner in value.items()}
            if name == "properties" else without_contradictions(value, place, dropped) for name, value in schema.items()}


class Published:
    """The validators of a checkout, by the type of the events that they are for."""

    def __init__(self, folder):
        self.notices = []
        self.by_type = {}
        schemas = {path: json.loads(path.read_text()) for path in sorted(pathlib.Path(folder).rglob("*.json"))}
        schemas = {path: schema for path, schema in schemas.items() if isinstance(schema, dict) and "$id" in schema}
        registry = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas.values())
        for path, schema in schemas.items():
            kind = schema.get("properties", {}).get("context", {}).get("properties", {}).get("type", {})
            types = kind.get("enum") or ([CUSTOM] if CUSTOM in kind.get("pattern", "").replace("\\", "") else [])
            dropped = []
            able = without_contradictions(schema, "", dropped)
            if types and dropped:
                self.notices.append(f"{path}: requires {', '.join(dropped)}, which it forbids; left out")
            for name in types:
                self.by_type[name] = path, Draft202012Validator(
                    able, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def of(self, event):
        """The file and the validator for an event; None if there is none."""
        kind = event["context"]["type"]
        return self.by_type.get(CUSTOM if kind.startswith(CUSTOM) else kind)


def events(bundle):
    """The line and the CDEvent of each line of a bundle's cdevents.jsonl."""
    with zipfile.ZipFile(bundle) as archive:
        for number, line in enumerate(archive.read("cdevents.jsonl").splitlines(), 1):
            yield number, json.loads(line)["data"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("spec")
    parser.add_argument("bundles", nargs="+")
    given = parser.parse_args()
    published = Published(given.spec)
    found, faults = collections.Counter(), []
    for bundle in given.bundles:
        before = found.total()
        for number, event in events(bundle):
            place, schema = f"{bundle}: cdevents.jsonl:{number}", published.of(event)
            found[event["context"]["type"], str(schema[0]) if schema else "no schema"] += 1
            if not schema:
                faults.append(f"{place}: {event['context']['type']} has no schema in {given.spec}")
            else:
                faults += [f"{place}: {fault.json_path}: {fault.message}" for fault in schema[1].iter_errors(event)]
        if found.total() == before:
            faults.append(f"{bundle}: tells nothing")
    for (kind, schema), count in sorted(found.items()):
        print(f"{count:6}  {kind}  {schema}")
    print(*published.notices, *faults, sep="\n", file=sys.stderr)
    print(f"{found.total()} events, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
