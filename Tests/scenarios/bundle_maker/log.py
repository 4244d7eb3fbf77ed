"""A ledger in memory, with its key, and the example that most bundles are of."""
import copy
import functools

from bundle_maker.keys import authority, key
from bundle_maker.names import CREATED, DEPLOYED, KEY_TRUSTED, RELEASE, SEALED, TIMESTAMPED, sha256
from bundle_maker.proofs import Index
from forging import canonical, note
from scenario import ORIGIN
from trees import entry_hash, root_of


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
