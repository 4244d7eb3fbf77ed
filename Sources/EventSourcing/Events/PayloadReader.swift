import LedgerCore

/// Reads the members of an event's data by name and kind; what is missing or of another kind is
/// told with its path.
package struct PayloadReader: Sendable {
    private let object: JSONObject
    private let path: String

    package init(_ value: JSONValue, at path: String = "data") throws(EventError) {
        guard let object = value.object else { throw EventError("\(path) must be an object") }
        self.object = object
        self.path = path
    }

    package func has(_ name: String) -> Bool { object[name] != nil && object[name] != .null }

    package func value(_ name: String) throws(EventError) -> JSONValue {
        guard let value = object[name] else { throw EventError("\(path).\(name) is missing") }
        return value
    }

    package func text(_ name: String) throws(EventError) -> String {
        guard let text = try value(name).string else { throw wrong(name, "a string") }
        return text
    }

    package func optionalText(_ name: String) throws(EventError) -> String? {
        has(name) ? try text(name) : nil
    }

    package func integer(_ name: String) throws(EventError) -> Int {
        guard let integer = try value(name).integer else { throw wrong(name, "an integer") }
        return Int(integer)
    }

    package func number(_ name: String) throws(EventError) -> Double {
        guard case .number(let number) = try value(name) else { throw wrong(name, "a number") }
        return number
    }

    package func bool(_ name: String) throws(EventError) -> Bool {
        guard case .bool(let bool) = try value(name) else { throw wrong(name, "true or false") }
        return bool
    }

    package func time(_ name: String) throws(EventError) -> Timestamp {
        guard let time = Timestamp(rfc3339: try text(name)) else {
            throw wrong(name, "an RFC 3339 date-time")
        }
        return time
    }

    package func digest(_ name: String) throws(EventError) -> Digest {
        guard let digest = Digest(hex: try text(name)) else {
            throw wrong(name, "64 lower-case hexadecimal digits")
        }
        return digest
    }

    /// The elements of an array; none if it is not there.
    package func list(_ name: String) throws(EventError) -> [JSONValue] {
        guard has(name) else { return [] }
        guard let array = try value(name).array else { throw wrong(name, "an array") }
        return array
    }

    package func texts(_ name: String) throws(EventError) -> [String] {
        var texts: [String] = []
        for element in try list(name) {
            guard let text = element.string else { throw wrong(name, "an array of strings") }
            texts.append(text)
        }
        return texts
    }

    /// The objects of an array; none if it is not there.
    package func objects(_ name: String) throws(EventError) -> [PayloadReader] {
        var readers: [PayloadReader] = []
        for (index, element) in try list(name).enumerated() {
            readers.append(try PayloadReader(element, at: "\(path).\(name)[\(index)]"))
        }
        return readers
    }

    package func object(_ name: String) throws(EventError) -> PayloadReader {
        try PayloadReader(try value(name), at: "\(path).\(name)")
    }

    private func wrong(_ name: String, _ expected: String) -> EventError {
        EventError("\(path).\(name) must be \(expected)")
    }
}

extension JSONValue {
    package static func integer(_ value: Int) -> JSONValue { .number(Double(value)) }
    package static func texts(_ values: some Sequence<String>) -> JSONValue {
        .array(values.map { .string($0) })
    }
    /// The string, or null.
    package static func optional(_ value: String?) -> JSONValue {
        value.map { .string($0) } ?? .null
    }
}
