import EventSourcing
import LedgerCore

/// Reads an object that has exactly the members that the format names.
struct StrictObject {
    private let object: JSONObject
    private let path: String

    init(_ value: JSONValue, at path: String, members: [String]) throws(FormatError) {
        guard let object = value.object else { throw FormatError("\(path) is not an object") }
        let names = object.members.map(\.name)
        guard names.count == members.count, members.allSatisfy({ object[$0] != nil }) else {
            throw FormatError(
                "\(path) has the members \(names.joined(separator: ", ")), not "
                    + members.joined(separator: ", "))
        }
        self.object = object
        self.path = path
    }

    func value(_ name: String) -> JSONValue { object[name] ?? .null }

    func isNull(_ name: String) -> Bool { value(name) == .null }

    func text(_ name: String) throws(FormatError) -> String {
        guard let text = value(name).string else { throw wrong(name, "a string") }
        return text
    }

    func indexKey(_ name: String) throws(FormatError) -> IndexKey {
        guard let key = IndexKey(stated: try text(name)) else {
            throw wrong(name, "a key of the index")
        }
        return key
    }

    func number(_ name: String) throws(FormatError) -> UInt64 {
        guard let number = value(name).integer.flatMap({ UInt64(exactly: $0) }) else {
            throw wrong(name, "a number from 0 to 2^53 − 1")
        }
        return number
    }

    func digest(_ name: String) throws(FormatError) -> Digest {
        guard let digest = value(name).string.flatMap({ Digest(hex: $0) }) else {
            throw wrong(name, "64 lower-case hexadecimal digits")
        }
        return digest
    }

    func list<Element>(
        _ name: String, _ read: (JSONValue, String) throws(FormatError) -> Element
    ) throws(FormatError) -> [Element] {
        guard let array = value(name).array else { throw wrong(name, "an array") }
        var elements: [Element] = []
        elements.reserveCapacity(array.count)
        for (index, element) in array.enumerated() {
            elements.append(try read(element, "\(path).\(name)[\(index)]"))
        }
        return elements
    }

    func digests(_ name: String) throws(FormatError) -> [Digest] {
        try list(name) { (value, path) throws(FormatError) in
            guard let digest = value.string.flatMap({ Digest(hex: $0) }) else {
                throw FormatError("\(path) is not 64 lower-case hexadecimal digits")
            }
            return digest
        }
    }

    func texts(_ name: String) throws(FormatError) -> [String] {
        try list(name) { (value, path) throws(FormatError) in
            guard let text = value.string else { throw FormatError("\(path) is not a string") }
            return text
        }
    }

    /// Strings in byte order, none twice.
    func orderedTexts(_ name: String) throws(FormatError) -> [String] {
        let texts = try texts(name)
        guard texts.isInByteOrder else {
            throw FormatError("\(path).\(name) is not in byte order, or says something twice")
        }
        return texts
    }

    private func wrong(_ name: String, _ expected: String) -> FormatError {
        FormatError("\(path).\(name) is not \(expected)")
    }
}

/// Why a file of a bundle is not as the format says.
package struct FormatError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension [String] {
    /// Strictly ascending.
    var isInByteOrder: Bool {
        zip(self, dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}

extension JSONValue {
    /// Reads a file of the bundle's own.
    ///
    /// All numbers of a bundle are whole: one with a sign, a point or an exponent is refused.
    static func readingWhole(_ bytes: [UInt8]) throws(FormatError) -> JSONValue {
        let value = try reading(bytes)
        var isText = false
        var isEscaped = false
        var last: UInt8 = 0
        for byte in bytes {
            if isText {
                isText = isEscaped || byte != UInt8(ascii: "\"")
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else {
                let followsDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(last)
                guard byte != UInt8(ascii: "-"), !followsDigit || !".eE".utf8.contains(byte) else {
                    throw FormatError("a number is not written as digits alone")
                }
                isText = byte == UInt8(ascii: "\"")
            }
            last = byte
        }
        return value
    }

    /// Reads a whole file.
    static func reading(_ bytes: [UInt8]) throws(FormatError) -> JSONValue {
        do throws(JSONError) {
            return try StrictJSONParser.parse(bytes)
        } catch {
            throw FormatError("not JSON: \(error)")
        }
    }

    static func number(_ value: UInt64) -> JSONValue { .number(Double(value)) }

    static func digests(_ digests: [Digest]) -> JSONValue {
        .array(digests.map { .string($0.hex) })
    }
}
