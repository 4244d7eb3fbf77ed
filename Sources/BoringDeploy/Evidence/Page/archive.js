// The ZIP file (docs/spec/bundle.md, "The ZIP file"): all headers are looked at before anything is inflated, and
// nothing inflates beyond the size that its header states.
//
// Every byte of the file belongs to a member, to the central directory or to its end: there is no second way to read
// it, and no place to hide anything in it.

const MEMBER_BYTES = 2 ** 28, JSON_BYTES = 2 ** 26, ARCHIVE_BYTES = 2 ** 30;
const STORED_METHOD = 0, DEFLATED = 8, HAS_DESCRIPTOR = 0x0008, USED_FLAGS = 0x080e;
const END_BYTES = 22; // of an end-of-central-directory record without its comment
const FOLDER_TYPE = 0o040000, FILE_TYPE = 0o100000, TYPE_MASK = 0o170000, UNIX = 3;
// One byte of deflated data holds at most 1,032: what is given to the inflater at a time bounds what it can hold.
const INFLATED_AT_ONCE = 1 << 14;

/** Whether a file is JSON that is read into memory, as a whole. */
const isReadWhole = name =>
    /^(?:(?:manifest|proofs)\.json|(?:entries|statement\.intoto)\.jsonl|sigstore\/.*)$/.test(name);

const isMemberName = name => name.length <= 255 && name.split("/").every(
    part => /^[A-Za-z0-9._-]{1,128}$/.test(part) && part !== "." && part !== "..");

/** A view of the file's bytes whose every read is within them. */
class Octets {
    constructor(bytes) {
        this.bytes = bytes;
        this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    slice(at, length) {
        need(at >= 0 && at + length <= this.bytes.length, "it is cut short");
        return this.bytes.subarray(at, at + length);
    }

    u16(at) {
        this.slice(at, 2);
        return this.view.getUint16(at, true);
    }

    u32(at) {
        this.slice(at, 4);
        return this.view.getUint32(at, true);
    }

    /** Whether "PK" and two more bytes stand there. */
    isMark(at, third, fourth) {
        return equalBytes(this.slice(at, 4), Uint8Array.of(0x50, 0x4b, third, fourth));
    }
}

/** The files of an archive, each inflated to its end once: their sizes and hashes by name, without folders. */
async function openArchive(bytes) {
    const octets = new Octets(bytes);
    const {count, start, end} = readEnd(octets);
    need(count > 0, "it has no members");
    const members = readDirectory(octets, count, start, end);
    need(members.reduce((sum, {size}) => sum + size, 0) <= ARCHIVE_BYTES, "more than 1 GiB uncompressed");
    checkNames(members);
    let following = 0;
    for (const member of members.sort((one, other) => one.offset - other.offset)) {
        need(member.offset >= following, `${member.name}: its data overlap another's`);
        need(member.offset === following, `${member.name}: something that is no member stands before it`);
        following = readLocal(octets, member, start);
    }
    need(following === start, "something between the members and the central directory");
    return new Archive(octets, members).opened();
}

class Archive {
    constructor(octets, members) {
        this.octets = octets;
        this.members = new Map(members.map(member => [member.name, member]));
        this.digests = new Map();
    }

    async opened() {
        for (const name of [...this.members.keys()].sort()) {
            const content = await this.inflated(this.members.get(name));
            if (!name.endsWith("/")) {
                this.digests.set(name, {size: content.length, sha256: toHex(await sha256(content))});
            }
        }
        return this;
    }

    /** Its names in byte order. */
    get names() {
        return [...this.digests.keys()];
    }

    has(name) {
        return this.digests.has(name);
    }

    /** What a file holds, inflated anew: an archive may hold more than a browser should keep. Null if there is none. */
    async read(name) {
        return this.has(name) ? this.inflated(this.members.get(name)) : null;
    }

    async inflated(member) {
        const packed = this.octets.slice(member.data, member.packed);
        const content = member.method === DEFLATED ? await inflate(packed, member) : packed;
        need(content.length === member.size && crc32(content) === member.crc,
            `${member.name}: another size or CRC-32 than stated`);
        return content;
    }
}

/** How many members there are, and where the central directory begins and ends. */
function readEnd(octets) {
    const {length} = octets.bytes, earliest = Math.max(0, length - END_BYTES - 0xffff);
    // The last mark counts, even one whose record does not fit: a comment that holds one is read this way by one reader
    // and that way by another.
    let at = length - 4;
    while (at >= earliest && !octets.isMark(at, 5, 6)) at -= 1;
    need(at >= earliest && at + END_BYTES <= length, "no end-of-central-directory record");
    need(at + END_BYTES + octets.u16(at + 20) === length, "something after the end-of-central-directory record");
    const [disk, firstDisk, here, count] = [4, 6, 8, 10].map(place => octets.u16(at + place));
    need(disk === 0 && firstDisk === 0 && here === count, "more than one disk");
    const start = octets.u32(at + 16);
    need(start + octets.u32(at + 12) === at, "something between the central directory and its end, as with ZIP64");
    return {count, start, end: at};
}

function readDirectory(octets, count, start, end) {
    const members = [];
    let at = start;
    for (let number = 0; number < count; number += 1) {
        need(at + 46 <= end && octets.isMark(at, 1, 2), "no header in the central directory where one should be");
        const [nameLength, extraLength, commentLength] = [28, 30, 32].map(place => octets.u16(at + place));
        const name = readName(octets.slice(at + 46, nameLength));
        const [flags, method, disk] = [8, 10, 34].map(place => octets.u16(at + place));
        const [crc, packed, size, offset] = [16, 20, 24, 42].map(place => octets.u32(at + place));
        checkExtra(name, octets.slice(at + 46 + nameLength, extraLength));
        need((flags & ~USED_FLAGS) === 0, `${name}: encrypted, or with other flags`);
        need(method === STORED_METHOD || method === DEFLATED, `${name}: method ${method}`);
        need(disk === 0, `${name}: on another disk`);
        const limit = isReadWhole(name) ? JSON_BYTES : MEMBER_BYTES;
        need(size <= limit, `${name}: more than ${limit / 2 ** 20} MiB uncompressed`);
        need(method === DEFLATED || packed === size, `${name}: stored, in two sizes`);
        need(size === 0 || !name.endsWith("/"), `${name}: a folder with data`);
        const system = octets.u16(at + 4) >> 8, type = octets.u16(at + 40) & TYPE_MASK;
        const wanted = name.endsWith("/") ? FOLDER_TYPE : FILE_TYPE;
        need(system !== UNIX || type === 0 || type === wanted, `${name}: a link, or no regular file`);
        members.push({name, flags, method, crc, packed, size, offset});
        at += 46 + nameLength + extraLength + commentLength;
    }
    need(at === end, "the central directory has another length than it states");
    return members;
}

function readName(bytes) {
    const name = toText(bytes);
    need(isMemberName(name.endsWith("/") ? name.slice(0, -1) : name), `${shown(name)} is no name for a member`);
    return name;
}

/** Other programs put times and owners there. ZIP64 (1) states other sizes, and 0x7075 another name. */
function checkExtra(name, extra) {
    const octets = new Octets(extra);
    let at = 0;
    while (at < extra.length) {
        need(at + 4 <= extra.length, `${name}: a malformed extra field`);
        need(![0x0001, 0x7075].includes(octets.u16(at)), `${name}: an extra field for ZIP64, or for another name`);
        at += 4 + octets.u16(at + 2);
    }
    need(at === extra.length, `${name}: a malformed extra field`);
}

/** No two that are one on some file system, and no file where another's folder stands. */
function checkNames(members) {
    const plain = members.map(({name}) => [name.toLowerCase().replace(/\/$/, "").replaceAll("/", "\0"), name]);
    // Sorted by its parts, a file stands right before what would be in it.
    plain.sort(([one], [other]) => one < other ? -1 : one > other ? 1 : 0);
    for (let at = 1; at < plain.length; at += 1) {
        const [[before, nameBefore], [parts, name]] = [plain[at - 1], plain[at]];
        need(parts !== before, `${name}: its name is there twice`);
        need(nameBefore.endsWith("/") || !parts.startsWith(`${before}\0`), `${name}: in a folder that is a file`);
    }
}

/** That the local header says the same; where the member's data begin, and where what follows them does. */
function readLocal(octets, member, limit) {
    const {name, offset} = member;
    need(offset + 30 <= limit && octets.isMark(offset, 3, 4), `${name}: no local header`);
    const [flags, method, nameLength, extraLength] = [6, 8, 26, 28].map(place => octets.u16(offset + place));
    need(toText(octets.slice(offset + 30, nameLength)) === name, `${name}: its local header has another name`);
    checkExtra(name, octets.slice(offset + 30 + nameLength, extraLength));
    need(flags === member.flags && method === member.method, `${name}: its local header has other flags or method`);
    const hasDescriptor = (flags & HAS_DESCRIPTOR) !== 0; // which has what was not known yet
    const agrees = [member.crc, member.packed, member.size].every((stated, number) => {
        const found = octets.u32(offset + 14 + 4 * number);
        return found === stated || found === 0 && hasDescriptor;
    });
    need(agrees, `${name}: its local header has another size or CRC-32`);
    member.data = offset + 30 + nameLength + extraLength;
    const end = member.data + member.packed;
    need(end <= limit, `${name}: its data overlap the central directory`);
    if (!hasDescriptor) return end;
    if (states(octets, end, member)) return end + 12;
    need(octets.isMark(end, 7, 8) && states(octets, end + 4, member), `${name}: another data descriptor`);
    return end + 16;
}

/** Whether CRC-32 and sizes stand at a place. */
function states(octets, at, {crc, packed, size}) {
    return octets.u32(at) === crc && octets.u32(at + 4) === packed && octets.u32(at + 8) === size;
}

/** Inflates data that must end with their last byte, and stops where they pass the stated size. */
async function inflate(packed, {name, size}) {
    const {readable, writable} = new DecompressionStream("deflate-raw");
    const writer = writable.getWriter(), reader = readable.getReader();
    const fed = feed(writer, packed);
    fed.catch(() => {}); // what fails there fails the reading, too
    const content = new Uint8Array(size);
    let length = 0;
    try {
        for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
            need(length + piece.value.length <= size, `${name}: more data than its size`);
            content.set(piece.value, length);
            length += piece.value.length;
        }
        await fed;
    } catch (error) {
        await Promise.allSettled([reader.cancel(), writer.abort(), fed]);
        if (error instanceof Malformed) throw error;
        throw new Malformed(`${name}: cannot be inflated, or does not end where it should`);
    }
    return content.subarray(0, length);
}

async function feed(writer, packed) {
    for (let at = 0; at < packed.length; at += INFLATED_AT_ONCE) {
        await writer.ready;
        await writer.write(packed.slice(at, at + INFLATED_AT_ONCE));
    }
    await writer.close();
}

const CRC_TABLE = Uint32Array.from({length: 256}, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) remainder = remainder & 1 ? remainder >>> 1 ^ 0xedb88320 : remainder >>> 1;
    return remainder;
});

function crc32(bytes) {
    let remainder = 0xffffffff;
    for (let at = 0; at < bytes.length; at += 1) {
        remainder = remainder >>> 8 ^ CRC_TABLE[(remainder ^ bytes[at]) & 0xff];
    }
    return ~remainder >>> 0;
}
