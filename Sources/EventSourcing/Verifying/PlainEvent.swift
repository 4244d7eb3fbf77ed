import LedgerCore

/// Reads the usual event in one pass, without keeping anything: a full verification spends most of
/// its time here.
///
/// It knows a subset of what `EventCheck` accepts (ASCII without escapes, integers of at most 15
/// digits, no attachments), and gives up on everything else, which then goes the long way. So it
/// can only ever be too strict: whatever it accepts, the long way accepts with the same facts. That
/// is tested on random and damaged events.
struct PlainEvent {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    private(set) var id: UnsafeRawBufferPointer?
    private(set) var source: UnsafeRawBufferPointer?
    private(set) var type: UnsafeRawBufferPointer?
    private(set) var subject: UnsafeRawBufferPointer?
    private(set) var time: Timestamp?
    private(set) var version: Int64?
    private var hasSpecversion = false

    /// Nil if the event is not a plain one, which says nothing against it.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count <= Entry.largestEvent else { return nil }
        self.bytes = bytes
        guard readMembers(of: { event, name in event.readAttribute(name) }), at == bytes.count,
            hasSpecversion, id != nil, source != nil, type != nil, time != nil,
            (subject == nil) == (version == nil)
        else { return nil }
    }

    // MARK: Attributes

    private mutating func readAttribute(_ name: UnsafeRawBufferPointer) -> Bool {
        switch name.count {
        case 2 where name.isEqual("id"):
            id = readText()
            return id != nil
        case 4 where name.isEqual("data"): return skipValue(depth: 2)
        case 4 where name.isEqual("type"):
            type = readText()
            return type != nil
        case 4 where name.isEqual("time"):
            return readText().flatMap { Timestamp(rfc3339: $0) } != nil
        case 6 where name.isEqual("source"):
            source = readText()
            return source.map(Self.isPlainURI) ?? false
        case 7 where name.isEqual("subject"):
            subject = readText()
            return subject != nil
        case 15 where name.isEqual("datacontenttype"):
            return readText()?.isEqual("application/json") ?? false
        case 10 where name.isEqual("dataschema"), 11 where name.isEqual("data_base64"): return false
        case 11 where name.isEqual("specversion"):
            hasSpecversion = readText()?.isEqual("1.0") ?? false
            return hasSpecversion
        case 12 where name.isEqual("recordedtime"):
            time = readText().flatMap { Timestamp(recorded: $0) }
            return time != nil
        case 13 where name.isEqual("streamversion"):
            version = readInteger()
            return version.map { (1...Int64(Int32.max)).contains($0) } ?? false
        case 1...20: return readExtension(name)
        default: return false
        }
    }

    private mutating func readExtension(_ name: UnsafeRawBufferPointer) -> Bool {
        for byte in name where !Self.isLowerOrDigit(byte) { return false }
        switch peek() {
        case UInt8(ascii: "\""): return readString() != nil
        case UInt8(ascii: "t"): return skip("true")
        case UInt8(ascii: "f"): return skip("false")
        default: return readInteger().flatMap { Int32(exactly: $0) } != nil
        }
    }

    private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
            || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private static func isPlainURI(_ text: UnsafeRawBufferPointer) -> Bool {
        URIReference.isAllowed.withUnsafeBufferPointer { isAllowed in
            for byte in text where !isAllowed[Int(byte)] || byte == UInt8(ascii: "#") {
                return false
            }
            return true
        }
    }

    // MARK: Values

    /// Members in strictly ascending order of their names; each name is handed on, to read its
    /// value.
    private mutating func readMembers(
        of read: (inout PlainEvent, UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        var last: UnsafeRawBufferPointer?
        while true {
            guard let name = readString(), last.map({ $0.isBefore(name) }) ?? true,
                take(UInt8(ascii: ":")), read(&self, name)
            else { return false }
            last = name
            if take(UInt8(ascii: "}")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
    }

    private mutating func skipValue(depth: Int) -> Bool {
        guard depth < 64 else { return false }
        switch peek() {
        case UInt8(ascii: "\""): return readString() != nil
        case UInt8(ascii: "{"):
            if at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "}") { return skip("{}") }
            return readMembers { event, name in
                !name.isEqual("attachments") && event.skipValue(depth: depth + 1)
            }
        case UInt8(ascii: "["): return skipArray(depth: depth)
        case UInt8(ascii: "t"): return skip("true")
        case UInt8(ascii: "f"): return skip("false")
        case UInt8(ascii: "n"): return skip("null")
        default: return skipNumber()
        }
    }

    private mutating func skipArray(depth: Int) -> Bool {
        at += 1
        if take(UInt8(ascii: "]")) { return true }
        while true {
            guard skipValue(depth: depth + 1) else { return false }
            if take(UInt8(ascii: "]")) { return true }
            guard take(UInt8(ascii: ",")) else { return false }
        }
    }

    /// A string of printable ASCII without escapes, which may be empty.
    private mutating func readString() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                defer { at += 1 }
                return UnsafeRawBufferPointer(rebasing: bytes[start..<at])
            }
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
            at += 1
        }
        return nil
    }

    private mutating func readText() -> UnsafeRawBufferPointer? {
        readString().flatMap { $0.isEmpty ? nil : $0 }
    }

    /// An integer in canonical form, of at most 15 digits.
    private mutating func readInteger() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        let start = at
        var value: Int64 = 0
        while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") {
            value = value &* 10 &+ Int64(bytes[at] - UInt8(ascii: "0"))
            at += 1
        }
        let digits = at - start
        guard digits > 0, digits <= 15, bytes[start] != UInt8(ascii: "0") || digits == 1,
            !(isNegative && value == 0)
        else { return nil }
        return isNegative ? -value : value
    }

    /// An integer, or a decimal fraction, of at most 15 digits: so few digits read back from a
    /// double as they were (IEEE 754 binary64 keeps 15), and are then the shortest.
    private mutating func skipNumber() -> Bool {
        let isNegative = take(UInt8(ascii: "-"))
        let whole = at
        skipDigits()
        let isZero = at == whole + 1 && bytes[whole] == UInt8(ascii: "0")
        guard at > whole, bytes[whole] != UInt8(ascii: "0") || isZero else { return false }
        let wholeDigits = isZero ? 0 : at - whole
        guard take(UInt8(ascii: ".")) else { return wholeDigits <= 15 && !(isNegative && isZero) }
        let fraction = at
        skipDigits()
        guard at > fraction, bytes[at - 1] != UInt8(ascii: "0"), wholeDigits + at - fraction <= 15
        else { return false }
        // Below 0.000001 the canonical form has an exponent.
        return !isZero || bytes[fraction..<at].prefix { $0 == UInt8(ascii: "0") }.count <= 5
    }

    private mutating func skipDigits() {
        while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") {
            at += 1
        }
    }

    private func peek() -> UInt8 { at < bytes.count ? bytes[at] : 0 }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        guard at + word.utf8CodeUnitCount <= bytes.count else { return false }
        let here = UnsafeRawBufferPointer(rebasing: bytes[at..<(at + word.utf8CodeUnitCount)])
        at += word.utf8CodeUnitCount
        return here.isEqual(word)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func isEqual(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        for index in 0..<count where self[index] != word.utf8Start[index] { return false }
        return true
    }

    fileprivate func isBefore(_ other: UnsafeRawBufferPointer) -> Bool {
        for index in 0..<Swift.min(count, other.count) where self[index] != other[index] {
            return self[index] < other[index]
        }
        return count < other.count
    }
}
