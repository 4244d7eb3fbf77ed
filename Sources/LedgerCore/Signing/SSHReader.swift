// The data types of the SSH protocol: https://www.rfc-editor.org/rfc/rfc4251#section-5
//
//     byte    one byte
//     uint32  four bytes, the most significant first
//     string  its length as a uint32, then so many bytes
//     mpint   a string of a number, two's complement, most significant byte first, no byte more
//             than it needs: 80 is 00 00 00 02 00 80
//
//     00 00 00 0B 73 73 68 2D 65 64 32 35 35 31 39    the string "ssh-ed25519"

/// Takes the fields of a blob one after the other.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    private mutating func take(_ count: Int) throws(NoteError) -> [UInt8] {
        guard count <= rest.count else { throw NoteError("an SSH blob is cut off") }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func byte() throws(NoteError) -> UInt8 { try take(1)[0] }

    mutating func uint32() throws(NoteError) -> UInt32 {
        try take(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() throws(NoteError) -> [UInt8] { try take(Int(try uint32())) }

    /// A string that is a name: UTF-8 without NUL.
    mutating func text() throws(NoteError) -> String {
        let bytes = try string()
        guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
            throw NoteError("a name in an SSH blob holds NUL or is not valid UTF-8")
        }
        return text
    }

    /// The bytes of an mpint above zero, without the zero byte before a high first bit.
    mutating func number() throws(NoteError) -> [UInt8] {
        let bytes = try string()
        let digits = Array(bytes.drop { $0 == 0 })
        guard bytes == SSHBlob.number(digits), !digits.isEmpty else {
            throw NoteError("a number in an SSH blob is not positive or not in its shortest form")
        }
        return digits
    }

    /// As `number`, with any count of zero bytes in front, as ssh-keygen reads signatures.
    mutating func paddedNumber() throws(NoteError) -> [UInt8] {
        let bytes = try string()
        guard bytes.first.map({ $0 < 0x80 }) ?? true else {
            throw NoteError("a number in an SSH blob is negative")
        }
        return Array(bytes.drop { $0 == 0 })
    }

    mutating func take(magic: String) -> Bool {
        guard rest.starts(with: magic.utf8) else { return false }
        rest = rest.dropFirst(magic.utf8.count)
        return true
    }

    func end() throws(NoteError) {
        guard rest.isEmpty else { throw NoteError("an SSH blob goes on after its last field") }
    }
}

/// Writes the fields of a blob.
enum SSHBlob {
    static func uint32(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    static func string(_ bytes: [UInt8]) -> [UInt8] { uint32(bytes.count) + bytes }

    static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }

    /// The bytes of the mpint, without its length, of a number without leading zero bytes.
    static func number(_ digits: [UInt8]) -> [UInt8] {
        (digits.first ?? 0) >= 0x80 ? [0] + digits : digits
    }
}
