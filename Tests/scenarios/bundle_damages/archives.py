"""The ZIP file itself."""
import struct
import zlib

from bundle_maker import STATEMENTS, Member, zip_file


def members(bundle, **options):
    return [Member(path, bundle[path], **options) for path in sorted(bundle)]


def with_member(name, content=b"", **options):
    return lambda bundle: zip_file(members(bundle) + [Member(name, content, **options)])


def first(**options):
    """The first member is another."""
    def damage(bundle):
        each, *others = members(bundle)
        for name, value in options.items():
            setattr(each, name, value(each) if callable(value) else value)
        return zip_file([each] + others)
    return damage


def archive(**options):
    return lambda bundle: zip_file(members(bundle), **options)


def overlapping(bundle):
    """Two members that share their data."""
    each, *others = members(bundle)
    each.prepare()
    return zip_file([each] + others + [Member("zz", each.data, offset=0, local={"name": "zz"})])


def nested(bundle):
    """A member inside the data of another, which is stored."""
    inner = Member("zz", b"inner", method=0)
    inner.prepare()
    outer = Member("aa", inner.local_header() + inner.packed, method=0)
    whole = zip_file([outer] + members(bundle) + [Member("zz", b"inner", method=0, offset=32)])
    return whole


def zip64(bundle):
    """With the records of ZIP64 between the central directory and its end."""
    whole = zip_file(members(bundle))
    count, length, offset = struct.unpack_from("<H2L", whole, len(whole) - 12)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, offset)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, len(whole) - 22, 1)
    return whole[:-22] + record + locator + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, 2**32 - 1, 2**32 - 1, 0)


def zeros(size):
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(deflater.compress(bytes(1 << 20)) for _ in range(size >> 20)) + deflater.flush()


def descriptor(each, mark=b"PK\7\10"):
    each.prepare()
    return mark + struct.pack("<3L", each.crc, len(each.packed), each.size)


ZIP64_EXTRA = struct.pack("<2H2Q", 1, 16, 4, 4)
BAD_NAMES = ["", "/", "/etc/passwd", "../escape", "a/../../escape", "..", ".", "./a", "a/./b", "a//b", "//a", "a\\b", "..\\a",
             "C:a", "C:/a", "a b", "a ", "\xe9", "a\0b", "a\n", "~", "a:b", "x" * 129, "a/" + "x" * 129, "a/..", "a*", "../"]
ARCHIVES = [(what, change, {"archive"}) for what, change in [
    *[(f"a member named {name!r:.30}", with_member(name)) for name in BAD_NAMES],
    ("a link", with_member("link", b"/etc/passwd", mode=0o120777)),
    ("a link under a good name", first(mode=0o120777)),
    *[(f"a member of the type {mode:#o}", with_member("a", mode=mode)) for mode in (0o010644, 0o020644, 0o060644, 0o140644)],
    ("a folder with the name of a file", with_member("a", mode=0o040755)),
    ("a file with the name of a folder", with_member("a/", mode=0o100644)),
    ("a folder with data", with_member("a/", b"data", mode=0o040755)),
    ("a name twice", with_member("index.html")), ("a name twice, in capitals", with_member("INDEX.html")),
    ("a name twice with the same data", lambda bundle: with_member("index.html", bundle["index.html"])(bundle)),
    ("two members with the same data", overlapping), ("a member inside another", nested),
    ("something before it", archive(before=b"#!/bin/sh\n")),
    ("something before it, with offsets from there", lambda bundle: b"#!/bin/sh\n" + bundle.zip()),
    ("something after it", archive(after=b"\0")), ("another ZIP file after it", lambda bundle: bundle.zip() * 2),
    ("a comment that is longer than stated", archive(comment=b"hello", comment_length=4)),
    ("a comment that is shorter than stated", archive(comment=b"hello", comment_length=6)),
    ("a comment with the mark of an end", archive(comment=b"PK\5\6" + bytes(40))),
    *[(f"a comment with such a mark {size} bytes before its end", archive(
        comment=b"more" + b"PK\5\6" + bytes(size - 4))) for size in (4, 5, 21, 22)],
    ("a comment with an end of its own", lambda bundle: archive(comment=b"more" + bundle.zip()[-22:])(bundle)),
    ("an end that is not all there", lambda bundle: bundle.zip()[:-18]),
    ("offsets beyond the file", archive(shift=1 << 30)), ("offsets one too far", archive(shift=1)),
    ("a count of members less", lambda bundle: archive(count=len(bundle) - 1)(bundle)),
    ("a count of members more", lambda bundle: archive(count=len(bundle) + 1)(bundle)),
    ("a count of members on this disk less", lambda bundle: archive(here=len(bundle) - 1)(bundle)),
    ("a second disk", archive(disk=1)), ("no members", lambda _: zip_file([])), ("no bytes", lambda _: b""),
    ("two bytes", lambda _: b"PK"), ("something else", lambda _: b"hello\n" * 99),
    ("without its last byte", lambda bundle: bundle.zip()[:-1]), ("cut in half", lambda bundle: bundle.zip()[:3000]),
    ("encrypted", first(flags=1)), ("strongly encrypted", first(flags=0x41)), ("ZIP64", zip64),
    ("ZIP64 in an extra field", first(extra=ZIP64_EXTRA)),
    ("ZIP64 in sizes", first(size=2**32 - 1, extra=struct.pack("<2HQ", 1, 8, 12))),
    *[(f"method {method}", first(method=method, packed=b"x")) for method in (1, 6, 9, 12, 14, 93, 99)],
    ("another name in the local header", first(local={"name": "approvals.csw"})),
    ("a longer name in the local header", first(local={"name": "approvals.csv2"})),
    ("another method in the local header", first(local={"method": 0})),
    ("no local header", first(local={"signature": b"PK\3\5"})),
    ("another CRC-32", first(crc=7)), ("another size", first(size=13)), ("a size of less", first(size=11)),
    ("a size of nothing", first(size=0)),
    ("stored in another size", first(method=0, size=11)),
    ("data that go on", first(packed=lambda each: (each.prepare(), each.packed + b"more")[1])),
    ("data that end early", first(packed=lambda each: (each.prepare(), each.packed[:-2])[1])),
    ("data that cannot be inflated", first(packed=b"\xff" * 9)), ("no data", first(packed=b"")),
    ("a bomb", with_member("bomb", packed=zeros(64 << 20), size=1000, crc=0)),
    ("more than 256 MiB", with_member("large", packed=zeros(1 << 20), size=(1 << 28) + 1)),
    *[(f"more than 64 MiB of {name}", lambda bundle, name=name: zip_file([each for each in members(
        bundle) if each.name != name] + [Member(name, bytes((1 << 26) + 1))])) for name in (
            "manifest.json", "proofs.json", "entries.jsonl", STATEMENTS, "sigstore/0.sigstore.json", "sigstore/more")],
    ("more than 1 GiB together", lambda bundle: zip_file(members(bundle) + [
        Member(f"large{number}", packed=zeros(1 << 20), size=1 << 28) for number in range(4)])),
]]
