"""Evidence bundles made from docs/spec/bundle.md and index.md alone: good ones, and what a forger would make of them.

A `Log` is a ledger in memory, with its key; `release_bundle` and `population_bundle` make a `Bundle` of one. A `Bundle`
is a dictionary of its files which can be changed, signed again, and put into a ZIP file that may be a bad one.
"""
import base64
import copy
import dataclasses
import datetime
import functools
import hashlib
import json
import os
import struct
import subprocess
import tempfile
import zlib

from forging import canonical, note
from scenario import ORIGIN
from trees import entry_hash, leaf_hash, root_of

CREATED, SEALED = "dev.daybook.ledger.created.v1", "dev.daybook.ledger.sealed.v1"
KEY_TRUSTED, TIMESTAMPED = "dev.daybook.key.trusted.v1", "dev.daybook.checkpoint.timestamped.v1"
OVERRIDE = "type:dev.daybook.override.granted.v1"
RELEASE, DEPLOYED = "release/shop/1.5.0", "com.example.deploy.done"
STATEMENTS, PAYLOAD_TYPE = "statement.intoto.jsonl", "application/vnd.in-toto+json"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def to_base64(data):
    return base64.b64encode(data).decode()


# Keys, and a time-stamping authority

@functools.cache
def workshop():
    """A folder for keys, for as long as the tests run."""
    return tempfile.TemporaryDirectory(prefix="daybook-keys-")


def openssl(command, **files):
    """Runs openssl in the workshop; names in the command are those of files there."""
    for name, content in files.items():
        with open(os.path.join(workshop().name, name), "wb") as file:
            file.write(content)
    return subprocess.run(["openssl", *command.split()], cwd=workshop().name, capture_output=True, check=True).stdout


class Key:
    """A private key of openssl's, by its file."""

    def __init__(self, name, algorithm="ed25519"):
        self.algorithm = algorithm
        kind = "ed25519" if algorithm == "ed25519" else "EC -pkeyopt ec_paramgen_curve:P-256"
        openssl(f"genpkey -algorithm {kind} -out {name}")
        self.path = os.path.join(workshop().name, name)
        self.der = openssl(f"pkey -in {name} -pubout -outform DER")
        self.keyid = sha256(self.der)

    def sign(self, data):
        digest = "" if self.algorithm == "ed25519" else "-digest sha256"
        return openssl(f"pkeyutl -sign -inkey {self.path} -rawin {digest} -in signed", signed=data)

    def verifier(self, origin=ORIGIN):
        data = b"\1" + self.der[-32:]
        return f"{origin}+{sha256(origin.encode() + bytes([10]) + data)[:8]}+{to_base64(data)}"

    def trusted(self):
        """The data of the event that names this key."""
        return {"algorithm": self.algorithm, "keyid": self.keyid, "publickey": to_base64(self.der)}


@functools.cache
def key(name):
    """`ledger` and `other` are Ed25519, `evidence` and `stranger` ECDSA."""
    return Key(name, "ed25519" if name in ("ledger", "other", "ed25519") else "ecdsa-p256")


class Authority:
    """A time-stamping authority; its clock is the machine's."""

    CONFIGURATION = b"""
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
[stamping]
extendedKeyUsage = critical, timeStamping
[root]
basicConstraints = critical, CA:true
[req]
distinguished_name = name
[name]
"""

    def __init__(self, name):
        self.name = name
        new = "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf"
        openssl(f"{new} -x509 -keyout {name}-root.key -out {name}-root.pem -subj /CN=root-{name} -days 3650 "
                "-extensions root", **{"tsa.cnf": self.CONFIGURATION, "serial": b"01\n"})
        openssl(f"{new} -keyout {name}.key -out {name}.csr -subj /CN={name}")
        openssl(f"x509 -req -in {name}.csr -CA {name}-root.pem -CAkey {name}-root.key -CAcreateserial -out {name}.pem "
                "-days 3650 -extfile tsa.cnf -extensions stamping")
        self.certificates = os.path.join(workshop().name, f"{name}-root.pem")

    def reply(self, query):
        """The response to a request."""
        return openssl(f"ts -reply -config tsa.cnf -section authority -queryfile query -signer {self.name}.pem "
                       f"-inkey {self.name}.key", query=query)

    def stamp(self, data, digest="sha256"):
        """The response, and its time in the form of recordedtime."""
        response = self.reply(openssl(f"ts -query -data stamped -{digest} -cert", stamped=data))
        text = openssl("ts -reply -in response -text", response=response).decode()
        stated = next(line for line in text.splitlines() if line.startswith("Time stamp: "))
        moment = datetime.datetime.strptime(stated, "Time stamp: %b %d %H:%M:%S %Y GMT")
        return response, moment.strftime("%Y-%m-%dT%H:%M:%S.000000Z")


@functools.cache
def authority(name="authority"):
    return Authority(name)


# Proofs

def inclusion_path(leaves, index):
    """RFC 6962 §2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1 << (len(leaves) - 1).bit_length() - 1
    if index < k:
        return inclusion_path(leaves[:k], index) + [root_of(leaves[k:])]
    return inclusion_path(leaves[k:], index - k) + [root_of(leaves[:k])]


def consistency_path(leaves, size):
    """RFC 6962 §2.1.2."""
    def subproof(leaves, size, whole):
        if size == len(leaves):
            return [] if whole else [root_of(leaves)]
        k = 1 << (len(leaves) - 1).bit_length() - 1
        if size <= k:
            return subproof(leaves[:k], size, whole) + [root_of(leaves[k:])]
        return subproof(leaves[k:], size - k, False) + [root_of(leaves[:k])]
    return [] if size == 0 else subproof(leaves, size, True)


def fold(hashes, count=0, accumulator=bytes(32)):
    for each in hashes:
        count, accumulator = count + 1, hashlib.sha256(b"\2" + accumulator + each).digest()
    return {"count": count, "acc": accumulator.hex()}


class Index:
    """The index over some entries, given as (keys, hash)."""

    def __init__(self, entries):
        members = {}
        for keys, each in entries:
            for name in keys:
                members.setdefault(name, []).append(each)
        self.keys = sorted(members, key=str.encode)
        self.folded = {name: fold(members[name]) for name in self.keys}
        self.leaves = [leaf_hash(canonical({"key": name, **self.folded[name]}).encode()) for name in self.keys]
        self.root = root_of(self.leaves).hex()

    def leaf(self, name):
        number = self.keys.index(name)
        path = [each.hex() for each in inclusion_path(self.leaves, number)]
        return {"key": name, "index": number, **self.folded[name], "path": path}

    def absence(self, name):
        after = sum(each.encode() < name.encode() for each in self.keys)
        return {"key": name, "left": self.leaf(self.keys[after - 1]) if after else None,
                "right": self.leaf(self.keys[after]) if after < len(self.keys) else None}


# The ledger

class Log:
    def __init__(self, origin=ORIGIN, owner="ledger"):
        self.origin, self.owner, self.key = origin, owner, key(owner)
        self.events, self.raw, self.previous, self.hashes = [], [], [], []
        self.attachments, self.seconds = {}, 0
        self.append(CREATED, "ledger", {"format": 1, "key": self.key.verifier(origin), "origin": origin})

    def append(self, type, subject=None, data=None, attach=None, **members):
        """One event, a minute after the one before. `attach` is a dictionary of names and contents."""
        self.seconds += 60
        event = {"specversion": "1.0", "id": f"e{len(self.events)}", "source": "//tests/bundles", "type": type,
                 "recordedtime": self.time(self.seconds)}
        if subject is not None:
            event["subject"] = subject
            event["streamversion"] = 1 + sum(each.get("subject") == subject for each in self.events)
        attached = [{"digest": "sha256:" + sha256(content), "name": name} for name, content in (attach or {}).items()]
        self.attachments.update({sha256(content): content for content in (attach or {}).values()})
        if data is not None or attached:
            event["data"] = {**(data or {}), **({"attachments": attached} if attached else {})}
        self.add({**event, **members})
        return len(self.events) - 1

    @staticmethod
    def time(seconds):
        return f"2026-02-01T{seconds // 3600 + 10:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.000000Z"

    def add(self, event):
        raw = canonical(event).encode()
        self.events.append(event)
        self.raw.append(raw)
        self.previous.append(self.hashes[-1] if self.hashes else bytes(32))
        self.hashes.append(entry_hash(self.previous[-1], raw))

    def changed(self, change):
        """The same ledger from another list of events, as its owner could have written it. The seal at its end is made
        anew, unless it is what was changed."""
        events, seal = copy.deepcopy(self.events), self.events[-1]
        change(events)
        other = copy.copy(self)
        other.events, other.raw, other.previous, other.hashes = [], [], [], []
        for event in events[:-1]:
            other.add(event)
        other.add({**seal, "data": other.state()} if events[-1] == seal else events[-1])
        return other

    def keys(self, position):
        event = self.events[position]
        return [f"type:{event['type']}"] + ([f"subject:{event['subject']}"] if "subject" in event else [])

    def index(self, size):
        return Index([(self.keys(position), self.hashes[position]) for position in range(size)])

    def having(self, name, size):
        return [position for position in range(size) if name in self.keys(position)]

    def state(self):
        """The data of a seal of all there is."""
        index = self.index(len(self.events))
        return {"keys": len(index.keys), "root": index.root, "size": len(self.events)}

    def seal(self, **other):
        return self.append(SEALED, "ledger", {**self.state(), **other})

    def root(self, size):
        return root_of(self.hashes[:size])

    def checkpoint(self, size, signer=None, origin=None, root=None, more=""):
        signer = key(signer) if signer else self.key
        return note(signer.path, origin or self.origin, size, root or self.root(size), signer.der[-32:], more).encode()

    def stamp(self, size, /, text=None, stamped=None, response=None, digest="sha256", **data):
        """A timestamp of the checkpoint at a size; or of another text, or with another response, beside this one."""
        text = text or self.checkpoint(size)
        token, time = authority().stamp(stamped or text, digest)
        return self.append(TIMESTAMPED, "ledger", {
            "authority": "https://tsa.example.com", "root": self.root(size).hex(), "size": size, "time": time, **data},
            attach={"checkpoint.txt": text, "timestamp.tsr": response or token})


def example_log(stamp=lambda log: log.stamp(5), trusted=None, seal=lambda log: log.seal(), **options):
    """Two releases, the evidence of one, six deployments, a trusted key, a timestamp, a seal."""
    log = Log(**options)
    log.append(KEY_TRUSTED, "ledger", trusted or key("evidence").trusted())
    log.append("com.example.build.done", "build/7", {"number": 7}, attach={"log": b"built\n"})
    log.append("dev.daybook.release.cut.v1", RELEASE, {"commit": "4f1c"}, attach={"sbom": b"{}"})
    log.append("dev.daybook.approval.recorded.v1", RELEASE, {"by": "così"}, attach={"signature": b"signed\n" * 50})
    log.append("dev.daybook.release.cut.v1", "release/shop/1.4.0")
    stamp(log)
    for number in range(6):
        log.append("com.example.deploy.started", f"deploy/{number}")
        log.append(DEPLOYED, f"deploy/{number}" if number != 3 else None, {"number": number})
    log.append("dev.daybook.approval.recorded.v1", RELEASE, {"by": "b"})
    log.append("com.example.later", "later")
    seal(log)
    return log


@functools.cache
def example():
    """The example, made once: nobody may change it."""
    return example_log()


def deployed(log, number):
    """When the number-th deployment was done."""
    return [event for event in log.events if event["type"] == DEPLOYED][number]["recordedtime"]


# The bundle

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
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def sigstore(envelope):
    signer = (envelope["signatures"] or [{"keyid": "0" * 64}])[0]
    material = {"publicKey": {"hint": signer["keyid"]}, "tlogEntries": []}
    return canonical({"dsseEnvelope": envelope, "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
                      "verificationMaterial": material}).encode() + b"\n"


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


# The ZIP file, member by member, as right or wrong as is asked for

@dataclasses.dataclass
class Member:
    name: str
    data: bytes = b""
    method: int = 8
    mode: int = 0o100644
    flags: int = 0
    packed: bytes | None = None  # what stands in the file; by default the data, deflated or stored
    size: int | None = None
    crc: int | None = None
    extra: bytes = b""
    before: bytes = b""  # bytes that stand before the local header
    after: bytes = b""  # and after the data
    system: int = 3
    local: dict = dataclasses.field(default_factory=dict)  # what is different in the local header
    offset: int | None = None  # where the central directory says it is

    def prepare(self):
        if self.packed is None:
            deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
            self.packed = deflater.compress(self.data) + deflater.flush() if self.method == 8 else self.data
        self.size = len(self.data) if self.size is None else self.size
        self.crc = zlib.crc32(self.data) if self.crc is None else self.crc

    def local_header(self):
        has = {"name": self.name, "flags": self.flags, "method": self.method, "crc": self.crc, "size": self.size,
               "packed": len(self.packed), "extra": self.extra, "signature": b"PK\3\4", **self.local}
        name = has["name"].encode("latin-1")
        return struct.pack("<4s5H3L2H", has["signature"], 20, has["flags"], has["method"], 0, 33, has["crc"],
                           has["packed"], has["size"], len(name), len(has["extra"])) + name + has["extra"]

    def central_header(self, offset):
        name = self.name.encode("latin-1")
        offset = self.offset if self.offset is not None else offset
        return struct.pack("<4s6H3L5H2L", b"PK\1\2", self.system << 8 | 20, 20, self.flags, self.method, 0, 33, self.crc,
                           len(self.packed), self.size, len(name), len(self.extra), 0, 0, 0, self.mode << 16,
                           offset) + name + self.extra


def zip_file(members, before=b"", between=b"", after=b"", comment=b"", comment_length=None, disk=0, here=None,
             count=None, shift=0):
    """A ZIP file with bytes before it, before its central directory, and after it. `shift` is added to all offsets."""
    body, directory = before, b""
    for member in members:
        member.prepare()
        body += member.before
        directory += member.central_header(len(body) + shift)
        body += member.local_header() + member.packed + member.after
    body += between
    count = len(members) if count is None else count
    end = struct.pack("<4s4H2LH", b"PK\5\6", disk, disk, count if here is None else here, count, len(directory),
                      len(body) + shift, len(comment) if comment_length is None else comment_length)
    return body + directory + end + comment + after
