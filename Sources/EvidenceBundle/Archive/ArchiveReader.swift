// ZIP: PKWARE APPNOTE 6.3.10, as docs/spec/bundle.md narrows it.
//
//     local header (30 bytes, name, extra) · data     for each member
//     central header (46 bytes, name, extra, comment)  for each member
//     end of central directory (22 bytes, comment)

import CMiniZip

/// Reads the files of a bundle into memory. Nothing is ever written: a name is only a name here.
///
/// What the format allows and a bundle does not need is refused, because readers of ZIP files
/// differ in what they make of it.
package enum ArchiveReader {
    package static func files(in bytes: [UInt8]) throws(ArchiveError) -> [String: [UInt8]] {
        let (members, directory) = try members(of: bytes)
        try checkTogether(members, directory)
        var files: [String: [UInt8]] = [:]
        for member in members {
            let content = try inflate(member, in: bytes)
            if !member.isFolder { files[member.name] = content }
        }
        return files
    }

    private struct Member {
        let name: String
        let isFolder: Bool
        let method: UInt16
        let crc: UInt32
        let compressed: Int
        let size: Int
        let data: Range<Int>
        /// From the local header to the end of the data and of their descriptor.
        let span: Range<Int>
    }

    // MARK: The directory

    /// And where the directory starts.
    private static func members(of bytes: [UInt8]) throws(ArchiveError) -> ([Member], Int) {
        let end = try endOfDirectory(bytes)
        let count = bytes.u16(end + 10)
        let size = Int(bytes.u32(end + 12))
        let start = Int(bytes.u32(end + 16))
        guard bytes.u16(end + 4) == 0, bytes.u16(end + 6) == 0, bytes.u16(end + 8) == count else {
            throw ArchiveError("an archive of several disks")
        }
        guard start + size == end else {
            throw ArchiveError("the archive's directory is not where it should be")
        }
        var members: [Member] = []
        var at = start
        for _ in 0..<count {
            guard at + 46 <= end, bytes.u32(at) == 0x0201_4B50 else {
                throw ArchiveError("the archive's directory is damaged")
            }
            let length =
                46 + Int(bytes.u16(at + 28)) + Int(bytes.u16(at + 30)) + Int(bytes.u16(at + 32))
            guard at + length <= end else {
                throw ArchiveError("the archive's directory is damaged")
            }
            members.append(try member(at: at, directory: start, in: bytes))
            at += length
        }
        guard at == end else { throw ArchiveError("the archive's directory is damaged") }
        return (members, start)
    }

    private static func endOfDirectory(_ bytes: [UInt8]) throws(ArchiveError) -> Int {
        guard bytes.count >= 22 else { throw ArchiveError("not a ZIP file") }
        let first = max(0, bytes.count - 22 - 0xFFFF)
        // The last one: a comment that holds such a mark is read this way by one reader and that way by
        // another.
        for at in stride(from: bytes.count - 4, through: first, by: -1)
        where bytes.u32(at) == 0x0605_4B50 {
            guard at + 22 <= bytes.count, at + 22 + Int(bytes.u16(at + 20)) == bytes.count else {
                break
            }
            return at
        }
        throw ArchiveError("not a ZIP file, or cut short: its directory has no end")
    }

    private static func member(
        at: Int, directory: Int, in bytes: [UInt8]
    ) throws(ArchiveError) -> Member {
        let nameBytes = bytes[(at + 46)..<(at + 46 + Int(bytes.u16(at + 28)))]
        guard let raw = String(validating: nameBytes, as: UTF8.self) else {
            throw ArchiveError("a name in the archive is not UTF-8")
        }
        let isFolder = raw.utf8.last == UInt8(ascii: "/")
        let name = isFolder ? String(raw.utf8.dropLast()) ?? raw : raw
        if let fault = ArchiveLimits.fault(ofName: name) { throw ArchiveError(fault) }
        let (flags, method) = (bytes.u16(at + 8), bytes.u16(at + 10))
        let (compressed, size) = (Int(bytes.u32(at + 20)), Int(bytes.u32(at + 24)))
        let local = Int(bytes.u32(at + 42))
        // Compression level, descriptor, UTF-8: the flags that change nothing.
        guard flags & ~0x080E == 0 else {
            throw ArchiveError("\(name) is encrypted, or has a flag that is not known")
        }
        guard method == 0 || method == 8, method == 8 || compressed == size else {
            throw ArchiveError("\(name) is compressed by a method other than deflate")
        }
        try checkKind(of: name, isFolder, size, at: at, in: bytes)
        guard max(compressed, size, local) < 0xFFFF_FFFF, bytes.u16(at + 34) == 0 else {
            throw ArchiveError("\(name) needs ZIP64, or another disk")
        }
        guard local + 30 <= directory, bytes.u32(local) == 0x0403_4B50,
            bytes.u16(local + 8) == method, bytes.u16(local + 26) == bytes.u16(at + 28)
        else { throw ArchiveError("\(name) is not where the directory says") }
        let data = local + 30 + Int(bytes.u16(local + 26)) + Int(bytes.u16(local + 28))
        guard data + compressed <= directory,
            bytes[(local + 30)..<(local + 30 + nameBytes.count)].elementsEqual(nameBytes)
        else { throw ArchiveError("\(name) is not where the directory says") }
        let extra = at + 46 + nameBytes.count
        try checkExtra(of: name, bytes[extra..<(extra + Int(bytes.u16(at + 30)))])
        try checkExtra(of: name, bytes[(local + 30 + nameBytes.count)..<data])
        let end = try endOfData(
            of: name, at: at, local: local, from: data + compressed, directory, in: bytes)
        return Member(
            name: name, isFolder: isFolder, method: method, crc: bytes.u32(at + 16),
            compressed: compressed, size: size, data: data..<(data + compressed), span: local..<end)
    }

    /// That the local header says what the directory says; where it leaves that to a descriptor
    /// after the data (flag 3), that this does. Where the member ends.
    private static func endOfData(
        of name: String, at: Int, local: Int, from data: Int, _ directory: Int, in bytes: [UInt8]
    ) throws(ArchiveError) -> Int {
        let differs = ArchiveError("\(name) has a local header that contradicts the directory")
        guard bytes.u16(local + 6) == bytes.u16(at + 8) else { throw differs }
        let stated = bytes[(at + 16)..<(at + 28)]
        guard bytes.u16(local + 6) & 8 != 0 else {
            guard bytes[(local + 14)..<(local + 26)].elementsEqual(stated) else { throw differs }
            return data
        }
        // Each of the checksum and the two sizes may be zero: some writers know the one, not the other.
        for field in [0, 4, 8] {
            let inLocal = bytes.u32(local + 14 + field)
            guard inLocal == 0 || inLocal == bytes.u32(at + 16 + field) else { throw differs }
        }
        for signature in [4, 0] where data + signature + 12 <= directory {
            let start = data + signature
            if signature == 4, bytes.u32(data) != 0x0807_4B50 { continue }
            if bytes[start..<(start + 12)].elementsEqual(stated) { return start + 12 }
        }
        throw differs
    }

    /// That extra fields are whole, and none gives the member another name or size.
    private static func checkExtra(
        of name: String, _ extra: ArraySlice<UInt8>
    ) throws(ArchiveError) {
        let fields = Array(extra)
        var at = 0
        while at < fields.count {
            guard at + 4 <= fields.count, at + 4 + Int(fields.u16(at + 2)) <= fields.count else {
                throw ArchiveError("\(name) has an extra field that is cut short")
            }
            guard ![0x0001, 0x7075].contains(fields.u16(at)) else {
                throw ArchiveError("\(name) needs ZIP64, or has another name in an extra field")
            }
            at += 4 + Int(fields.u16(at + 2))
        }
    }

    /// That it is a regular file, or an empty folder.
    private static func checkKind(
        of name: String, _ isFolder: Bool, _ size: Int, at: Int, in bytes: [UInt8]
    ) throws(ArchiveError) {
        let isUnix = bytes.u16(at + 4) >> 8 == 3
        let kind = isUnix ? bytes.u32(at + 38) >> 16 & 0o170000 : 0
        guard kind == 0 || kind == (isFolder ? 0o040000 : 0o100000) else {
            throw ArchiveError("\(name) is a link or another special file")
        }
        guard !isFolder || size == 0 else { throw ArchiveError("the folder \(name) holds bytes") }
    }

    /// What no member shows by itself.
    private static func checkTogether(
        _ members: [Member], _ directory: Int
    ) throws(ArchiveError) {
        var names: Set<String> = []
        var total = 0
        for member in members {
            guard names.insert(member.name.lowercased()).inserted else {
                throw ArchiveError("the archive holds \(member.name) twice")
            }
            if let fault = ArchiveLimits.fault(ofSize: member.size, of: member.name) {
                throw ArchiveError(fault)
            }
            total += member.size
        }
        guard total <= ArchiveLimits.total else {
            throw ArchiveError("the archive's files have \(total) bytes together, more than 1 GiB")
        }
        let spans = members.map(\.span).sorted { $0.lowerBound < $1.lowerBound }
        guard spans.first?.lowerBound == 0 else {
            throw ArchiveError("the archive does not start with its first file")
        }
        for (one, next) in zip(spans, spans.dropFirst()) where one.upperBound != next.lowerBound {
            throw ArchiveError("two files of the archive overlap, or something stands between them")
        }
        guard spans.last?.upperBound == directory else {
            throw ArchiveError("something stands before the archive's directory")
        }
        let folders = Set(
            members.flatMap { member -> [String] in
                let parts = member.name.lowercased().split(separator: "/")
                return parts.indices.dropFirst().map { parts[..<$0].joined(separator: "/") }
            })
        for member in members where !member.isFolder && folders.contains(member.name.lowercased()) {
            throw ArchiveError("\(member.name) is a file and a folder")
        }
    }

    // MARK: The data

    private static func inflate(
        _ member: Member, in bytes: [UInt8]
    ) throws(ArchiveError) -> [UInt8] {
        let data = bytes[member.data]
        let found = member.method == 0 ? Array(data) : inflated(data, size: member.size)
        guard let found, crc32(found) == member.crc else {
            throw ArchiveError("\(member.name) is damaged: it does not inflate to what is stated")
        }
        return found
    }

    /// Nil unless the deflated data end with their last byte, and have inflated to exactly the size.
    private static func inflated(_ data: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        var stream = z_stream()
        let version = ZLIB_VERSION
        guard
            inflateInit2_(&stream, -MAX_WBITS, version, Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { inflateEnd(&stream) }
        // One byte more than stated, so that what is longer shows.
        let room = size + 1
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: room) { output, count in
            data.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                let code = CMiniZip.inflate(&stream, Z_FINISH)
                count = room - Int(stream.avail_out)
                isWhole = code == Z_STREAM_END && stream.avail_in == 0 && count == size
            }
        }
        return isWhole ? output : nil
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        UInt32(truncatingIfNeeded: CMiniZip.crc32(0, bytes, UInt32(bytes.count)))
    }
}

extension [UInt8] {
    /// Little-endian; the places are there.
    fileprivate func u16(_ at: Int) -> UInt16 { UInt16(self[at]) | UInt16(self[at + 1]) << 8 }

    fileprivate func u32(_ at: Int) -> UInt32 { UInt32(u16(at)) | UInt32(u16(at + 2)) << 16 }
}
