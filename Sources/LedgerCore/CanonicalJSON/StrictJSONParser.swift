// JSON as RFC 8259 writes it, restricted to I-JSON (RFC 7493): UTF-8 without a byte-order mark,
// unique member names, no lone surrogates, no integers that doubles cannot hold.
// docs/spec/canonical-json.md.
//
//     let value = try StrictJSONParser.parse(Array(#"{"b":1.0,"a":"é"}"#.utf8))
//     CanonicalJSONWriter.bytes(of: value)        // {"a":"é","b":1}

/// Reads one JSON value from bytes, refusing everything that two readers could take differently.
package struct StrictJSONParser {
    /// How deeply arrays and objects may nest.
    package static let deepest = 512

    package enum Integers {
        /// Refuse integers outside ±(2^53 − 1): what a producer may send.
        case interoperable
        /// Read them as doubles: the canonical form of 1e20 is 100000000000000000000.
        case asStored
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let integers: Integers
    private var at = 0
    private var depth = 0
    private var scratch: [UInt8] = []

    package static func parse(
        _ bytes: [UInt8], integers: Integers = .interoperable
    ) throws(JSONError) -> JSONValue {
        let result: Result<JSONValue, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            do throws(JSONError) {
                return .success(try parse(buffer, integers: integers))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    package static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, integers: Integers = .interoperable
    ) throws(JSONError) -> JSONValue {
        var parser = StrictJSONParser(bytes: bytes, integers: integers)
        return try parser.document()
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, integers: Integers) {
        self.bytes = bytes
        self.integers = integers
    }

    private mutating func document() throws(JSONError) -> JSONValue {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
            throw JSONError(fault: .byteOrderMark, offset: 0)
        }
        skipWhiteSpace()
        guard at < bytes.count else { throw JSONError(fault: .empty, offset: at) }
        let value = try value()
        skipWhiteSpace()
        guard at == bytes.count else { throw JSONError(fault: .trailingBytes, offset: at) }
        return value
    }

    private mutating func value() throws(JSONError) -> JSONValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case let byte: throw JSONError(fault: .unexpected(byte), offset: at)
        }
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        let start = at
        try descend()
        var members: [JSONObject.Member] = []
        if try peekPastSpace() == UInt8(ascii: "}") {
            at += 1
        } else {
            members.reserveCapacity(8)
            while true {
                guard try peekPastSpace() == UInt8(ascii: "\"") else {
                    throw JSONError(fault: .unexpected(bytes[at]), offset: at)
                }
                let name = try string()
                guard try peekPastSpace() == UInt8(ascii: ":") else {
                    throw JSONError(fault: .unexpected(bytes[at]), offset: at)
                }
                at += 1
                skipWhiteSpace()
                members.append(JSONObject.Member(name: name, value: try value()))
                if try endOfItem(closing: UInt8(ascii: "}")) { break }
            }
        }
        depth -= 1
        switch JSONObject.sorting(members) {
        case .success(let object): return .object(object)
        case .failure(let repeated):
            throw JSONError(fault: .duplicateName(repeated.name), offset: start)
        }
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try descend()
        var elements: [JSONValue] = []
        if try peekPastSpace() == UInt8(ascii: "]") {
            at += 1
        } else {
            while true {
                skipWhiteSpace()
                elements.append(try value())
                if try endOfItem(closing: UInt8(ascii: "]")) { break }
            }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func descend() throws(JSONError) {
        depth += 1
        guard depth <= Self.deepest else { throw JSONError(fault: .tooDeep, offset: at) }
        at += 1
    }

    private mutating func endOfItem(closing: UInt8) throws(JSONError) -> Bool {
        let byte = try peekPastSpace()
        guard byte == closing || byte == UInt8(ascii: ",") else {
            throw JSONError(fault: .unexpected(byte), offset: at)
        }
        at += 1
        return byte == closing
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            let byte = try peek()
            guard byte == word.utf8Start[index] else {
                throw JSONError(fault: .unexpected(byte), offset: at)
            }
            at += 1
        }
        return value
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard at < bytes.count else { throw JSONError(fault: .unexpectedEnd, offset: at) }
        return bytes[at]
    }

    private mutating func peekPastSpace() throws(JSONError) -> UInt8 {
        skipWhiteSpace()
        return try peek()
    }

    private mutating func skipWhiteSpace() {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }
}

// MARK: - Strings

extension StrictJSONParser {
    private mutating func string() throws(JSONError) -> String {
        let start = at
        at += 1
        var runStart = at
        var hasEscapes = false
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let run = UnsafeBufferPointer(rebasing: bytes[runStart..<at])
                at += 1
                guard hasEscapes else { return String(decoding: run, as: UTF8.self) }
                scratch.append(contentsOf: run)
                defer { scratch.removeAll(keepingCapacity: true) }
                return String(decoding: scratch, as: UTF8.self)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                scratch.append(contentsOf: bytes[runStart..<at])
                try escape()
                runStart = at
            } else if byte < 0x20 {
                throw JSONError(fault: .controlCharacter(byte), offset: at)
            } else if byte < 0x80 {
                at += 1
            } else {
                at += try lengthOfCharacter()
            }
        }
        throw JSONError(fault: .unterminatedString, offset: start)
    }

    private mutating func escape() throws(JSONError) {
        let start = at
        at += 1
        let letter = try peek()
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(letter)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0C)
        case UInt8(ascii: "n"): scratch.append(0x0A)
        case UInt8(ascii: "r"): scratch.append(0x0D)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(start)
            scratch.append(contentsOf: String(Character(scalar)).utf8)
        default: throw JSONError(fault: .badEscape, offset: start)
        }
    }

    private mutating func escapedScalar(_ start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try fourHexDigits()
        var code = first
        if (0xD800..<0xDC00).contains(first) {
            guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
                bytes[at + 1] == UInt8(ascii: "u")
            else { throw JSONError(fault: .loneSurrogate, offset: start) }
            at += 2
            let second = try fourHexDigits()
            guard (0xDC00..<0xE000).contains(second) else {
                throw JSONError(fault: .loneSurrogate, offset: start)
            }
            code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else {
            throw JSONError(fault: .loneSurrogate, offset: start)
        }
        return scalar
    }

    private mutating func fourHexDigits() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Hex.value(try peek()) else {
                throw JSONError(fault: .badEscape, offset: at)
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }

    /// The length of the well-formed multi-byte character here (Unicode 15, table 3-7).
    private func lengthOfCharacter() throws(JSONError) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[at] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw JSONError(fault: .invalidUTF8, offset: at)
        }
        guard at + length <= bytes.count, second.contains(bytes[at + 1]),
            bytes[(at + 2)..<(at + length)].allSatisfy({ $0 & 0xC0 == 0x80 })
        else { throw JSONError(fault: .invalidUTF8, offset: at) }
        return length
    }
}

// MARK: - Numbers

extension StrictJSONParser {
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = at
        let isNegative = bytes[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let firstDigit = at
        var magnitude: UInt64 = 0
        while let digit = digitHere() {
            // Wraps for very long numbers, which take the slow path below anyway.
            magnitude = magnitude &* 10 &+ UInt64(digit)
            at += 1
        }
        let digits = at - firstDigit
        guard digits == 1 || digits > 1 && bytes[firstDigit] != UInt8(ascii: "0") else {
            throw JSONError(fault: .badNumber, offset: start)
        }
        let isInteger = try !skipFractionAndExponent(start)
        if isInteger, digits <= 15 {
            return .number(isNegative ? -Double(magnitude) : Double(magnitude))
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        guard let value = Double(text), value.isFinite else {
            throw JSONError(fault: .numberTooLarge, offset: start)
        }
        if isInteger, integers == .interoperable {
            guard digits <= 16, magnitude <= UInt64(JSONValue.largestInteger) else {
                throw JSONError(fault: .integerTooLarge, offset: start)
            }
        }
        return .number(value)
    }

    private mutating func skipFractionAndExponent(_ start: Int) throws(JSONError) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: ".") else {
            return try skipExponent(start)
        }
        at += 1
        try skipDigits(start)
        _ = try skipExponent(start)
        return true
    }

    private mutating func skipExponent(_ start: Int) throws(JSONError) -> Bool {
        guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
        at += 1
        if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") {
            at += 1
        }
        try skipDigits(start)
        return true
    }

    private mutating func skipDigits(_ start: Int) throws(JSONError) {
        guard digitHere() != nil else { throw JSONError(fault: .badNumber, offset: start) }
        while digitHere() != nil { at += 1 }
    }

    private func digitHere() -> UInt8? {
        guard at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9")
        else { return nil }
        return bytes[at] - UInt8(ascii: "0")
    }
}
