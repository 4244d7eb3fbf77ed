"""Keys, and a time-stamping authority, by openssl."""
import datetime
import functools
import os
import subprocess
import tempfile

from bundle_maker.names import sha256, to_base64
from scenario import ORIGIN


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
