"""Forging: the chain, the subtrees and the checkpoints written anew, signed with a key."""
import base64
import hashlib
import json
import subprocess
import tempfile

from trees import entry_hash, root_of


def sign(key, text):
    with tempfile.NamedTemporaryFile() as message:
        message.write(text.encode())
        message.flush()
        return subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", message.name],
                              capture_output=True, check=True).stdout


def public_key(key):
    return subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], capture_output=True,
                          check=True).stdout[-32:]


def note(key, origin, size, root, public=None, more=""):
    """A signed checkpoint, with extension lines if more is given."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n{more}"
    key_id = hashlib.sha256(origin.encode() + b"\n\1" + (public or public_key(key))).digest()[:4]
    return f"{text}\n— {origin} {base64.b64encode(key_id + sign(key, text)).decode()}\n"


def forge(connection, key, change=lambda events: None, origin=None):
    """Changes the list of event texts and makes everything that is computed from it agree with it."""
    events = [row[0] for row in connection.execute("SELECT event FROM entries ORDER BY position")]
    origin = origin or json.loads(events[0])["data"]["origin"]
    sizes = [row[0] for row in connection.execute("SELECT size FROM checkpoints ORDER BY size")]
    change(events)
    for table in ("entries", "subtree_hashes", "checkpoints"):
        connection.execute(f"DELETE FROM {table}")
    leaves, previous = [], bytes(32)
    for position, text in enumerate(events):
        previous = entry_hash(previous, text.encode("utf-8", "surrogatepass"))
        leaves.append(previous)
        connection.execute("INSERT INTO entries (position, hash, event) VALUES (?, ?, ?)", (position, previous, text))
    for number in range(len(leaves) // 256):
        connection.execute("INSERT INTO subtree_hashes VALUES (1, ?, ?)",
                           (number, root_of(leaves[number * 256:number * 256 + 256])))
    public = public_key(key)
    for size in sorted({s for s in sizes if s < len(leaves)} | {len(leaves)}):
        connection.execute("INSERT INTO checkpoints VALUES (?, ?)",
                           (size, note(key, origin, size, root_of(leaves[:size]), public)))


def edit(position, change):
    """A forgery of one event, by a function of its text."""
    def forgery(connection, key):
        def one(events):
            events[position] = change(events[position])
        forge(connection, key, one)
    return forgery


def members(position, **values):
    """A forgery of one event's members; None removes one."""
    def change(text):
        event = json.loads(text)
        event.update(values)
        return canonical({k: v for k, v in event.items() if v is not None})
    return edit(position, change)


def canonical(event):
    """Good for events without numbers beyond integers and without names beyond ASCII."""
    return json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
