"""The ZIP file, member by member, as right or wrong as is asked for."""
import dataclasses
import struct
import zlib


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
