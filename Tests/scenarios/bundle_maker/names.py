"""The names that bundles are made of, and the text of hashes and bytes."""
import base64
import hashlib

CREATED, SEALED = "dev.daybook.ledger.created.v1", "dev.daybook.ledger.sealed.v1"
KEY_TRUSTED, TIMESTAMPED = "dev.daybook.key.trusted.v1", "dev.daybook.checkpoint.timestamped.v1"
OVERRIDE = "type:dev.daybook.override.granted.v1"
RELEASE, DEPLOYED = "release/shop/1.5.0", "com.example.deploy.done"
STATEMENTS, PAYLOAD_TYPE = "statement.intoto.jsonl", "application/vnd.in-toto+json"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def to_base64(data):
    return base64.b64encode(data).decode()
