import LedgerCore

/// The rules for the members of a CloudEvents object. docs/spec/entry.md has them as a table.
enum CloudEventRules {
    static func check(_ object: JSONObject) throws(EventError) {
        guard let version = object["specversion"] else {
            throw EventError("specversion is missing; it is the string \"1.0\"")
        }
        guard version == "1.0" else { throw EventError("specversion must be the string \"1.0\"") }
        for name in ["id", "source", "type"] where object[name] == nil {
            throw EventError("\(name) is missing")
        }
        if object["data"] != nil, object["data_base64"] != nil {
            throw EventError("data and data_base64 exclude each other")
        }
        for member in object.members { try check(member.name, member.value) }
    }

    private static func check(_ name: String, _ value: JSONValue) throws(EventError) {
        switch name {
        case "specversion", "data": break
        case "data_base64":
            guard let text = value.string, Base64.decode(text) != nil else {
                throw EventError("data_base64 must be a base64 string")
            }
        case "id", "type", "subject": try checkNonEmpty(name, value)
        case "source":
            guard URIReference.isValid(try checkNonEmpty(name, value)) else {
                throw EventError("source must be a URI-reference (RFC 3986): no spaces, ASCII only")
            }
        case "dataschema":
            guard URIReference.isAbsolute(try checkNonEmpty(name, value)) else {
                throw EventError("dataschema must be an absolute URI (RFC 3986)")
            }
        case "datacontenttype":
            guard MediaType.isValid(try checkNonEmpty(name, value)) else {
                throw EventError("datacontenttype must be a media type, as application/json")
            }
        case "time":
            guard Timestamp(rfc3339: try checkNonEmpty(name, value)) != nil else {
                throw EventError("time must be an RFC 3339 date-time, as 2026-01-31T12:00:00Z")
            }
        default: try checkExtension(name, value)
        }
    }

    private static func checkExtension(_ name: String, _ value: JSONValue) throws(EventError) {
        let isNamed =
            (1...20).contains(name.utf8.count)
            && name.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        guard isNamed else {
            throw EventError(
                "attribute name \"\(name)\": names are 1 to 20 lower-case letters and digits")
        }
        switch value {
        case .string(let text): try checkCharacters(name, text)
        case .bool: break
        case .number:
            guard let integer = value.integer, Int32(exactly: integer) != nil else {
                throw EventError("\(name) must be an integer within 32 bits, or a string")
            }
        default:
            throw EventError(
                "\(name) must be a string, a boolean or an integer; objects and arrays go into data"
            )
        }
    }

    @discardableResult
    private static func checkNonEmpty(
        _ name: String, _ value: JSONValue
    ) throws(EventError) -> String {
        guard let text = value.string else { throw EventError("\(name) must be a string") }
        guard !text.isEmpty else { throw EventError("\(name) must not be empty") }
        try checkCharacters(name, text)
        return text
    }

    /// CloudEvents §3.1: no control characters, no noncharacters.
    private static func checkCharacters(_ name: String, _ text: String) throws(EventError) {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return }
        for scalar in text.unicodeScalars {
            let code = scalar.value
            guard code >= 0x20, !(0x7F...0x9F).contains(code) else {
                throw EventError("\(name) holds a control character")
            }
            guard !(0xFDD0...0xFDEF).contains(code), code & 0xFFFE != 0xFFFE else {
                throw EventError("\(name) holds a Unicode noncharacter")
            }
        }
    }
}

/// RFC 3986, by its characters and the shape of its scheme.
enum URIReference {
    static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "%") {
                guard at + 2 < bytes.count, Hex.value(bytes[at + 1]) != nil,
                    Hex.value(bytes[at + 2]) != nil
                else { return false }
                at += 3
            } else {
                guard isAllowed[Int(bytes[at])] else { return false }
                at += 1
            }
        }
        return bytes.count { $0 == UInt8(ascii: "#") } <= 1
    }

    static func isAbsolute(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), isValid(text) else {
            return false
        }
        let scheme = text.utf8[..<colon]
        guard let first = scheme.first, isLetter(first) else { return false }
        return scheme.allSatisfy {
            isLetter($0) || isDigit($0) || [0x2B, 0x2D, 0x2E].contains($0)
        }
    }

    /// By byte; a percent sign needs its digits looked at.
    static let isAllowed: [Bool] = (0..<256).map { code in
        guard let byte = UInt8(exactly: code) else { return false }
        return isLetter(byte) || isDigit(byte) || "-._~:/?#[]@!$&'()*+,;=".utf8.contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

/// RFC 2045 §5.1: a type, a subtype, and parameters.
///
///     token "/" token *(OWS ";" OWS token "=" (token / quoted-string))
private struct MediaType {
    private let bytes: [UInt8]
    private var at = 0

    static func isValid(_ text: String) -> Bool {
        var type = MediaType(bytes: Array(text.utf8))
        guard type.takeToken(), type.take("/"), type.takeToken() else { return false }
        while type.at < type.bytes.count {
            guard type.takeParameter() else { return false }
        }
        return true
    }

    private mutating func takeParameter() -> Bool {
        takeSpace()
        guard take(";") else { return false }
        takeSpace()
        return takeToken() && take("=") && (takeQuoted() || takeToken())
    }

    private mutating func takeToken() -> Bool {
        let start = at
        while at < bytes.count, Self.isTokenByte(bytes[at]) { at += 1 }
        return at > start
    }

    private mutating func takeQuoted() -> Bool {
        guard take("\"") else { return false }
        while at < bytes.count {
            if take("\"") { return true }
            if take("\\"), at == bytes.count { return false }
            guard bytes[at] >= 0x20, bytes[at] < 0x7F else { return false }
            at += 1
        }
        return false
    }

    private mutating func takeSpace() {
        while take(" ") {}
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
        at += 1
        return true
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
    }
}
