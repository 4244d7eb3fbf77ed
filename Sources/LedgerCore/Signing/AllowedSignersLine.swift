// One line of an allowed_signers file; AllowedSigners.swift shows some.

/// A key with whom, for what and when it may sign.
struct AllowedSignersLine: Sendable {
    let number: Int
    let principals: SSHPatternList
    let key: SSHPublicKey
    private let options: Options

    private struct Options: Sendable {
        var isCertAuthority = false
        var namespaces: SSHPatternList?
        var validAfter: SSHTime?
        var validBefore: SSHTime?
    }

    /// Nil for an empty line and a comment.
    init?(parsing line: ArraySlice<UInt8>, number: Int) throws(NoteError) {
        guard !line.contains(0) else { throw NoteError("it holds NUL") }
        var rest = line.drop(while: Self.isSpace)
        while rest.last.map(Self.isSpace) ?? false { rest.removeLast() }
        guard let first = rest.first, first != UInt8(ascii: "#") else { return nil }
        self.number = number
        principals = SSHPatternList(try Self.takePrincipals(&rest))
        if SSHKeyType(String(decoding: rest.prefix { !Self.isSpace($0) }, as: UTF8.self)) == nil {
            options = try Self.options(try Self.takeWord(&rest))
        } else {
            options = Options()
        }
        key = try SSHPublicKey(line: rest)
    }

    /// Why the line does not allow its key; nil if it does.
    func refusal(namespace: String, at time: SSHTime) -> String? {
        if options.isCertAuthority {
            return "the key is a certificate authority's, which does not sign itself"
        }
        if let namespaces = options.namespaces, !namespaces.matches(namespace) {
            return "the key is not for the namespace \(namespace.debugDescription)"
        }
        if let start = options.validAfter, time < start {
            return "the key is valid only from \(start); the time is \(time)"
        }
        if let end = options.validBefore, time > end {
            return "the key was valid until \(end); the time is \(time)"
        }
        return nil
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    /// Takes the bytes up to white space, without the quotes around them.
    private static func takePrincipals(
        _ rest: inout ArraySlice<UInt8>
    ) throws(NoteError) -> ArraySlice<UInt8> {
        let word = try takeWord(&rest)
        guard word.contains(UInt8(ascii: "\"")) else { return word }
        let inner = word.dropFirst().dropLast()
        guard word.count >= 2, word.first == UInt8(ascii: "\""),
            word.last == UInt8(ascii: "\""), !inner.contains(UInt8(ascii: "\""))
        else { throw NoteError("quotes stand around all the principals or nowhere") }
        return inner
    }

    /// Takes the bytes up to white space outside quotes, and the white space.
    private static func takeWord(
        _ rest: inout ArraySlice<UInt8>
    ) throws(NoteError) -> ArraySlice<UInt8> {
        var isQuoted = false
        let word = rest.prefix { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return isQuoted || !isSpace(byte)
        }
        guard !isQuoted else { throw NoteError("a quote is not closed") }
        rest = rest.dropFirst(word.count).drop(while: isSpace)
        guard !rest.isEmpty else { throw NoteError("there is no key") }
        return word
    }

    private static func options(_ list: ArraySlice<UInt8>) throws(NoteError) -> Options {
        var options = Options()
        var isQuoted = false
        let texts = list.split(omittingEmptySubsequences: false) { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return byte == UInt8(ascii: ",") && !isQuoted
        }
        for text in texts { try read(String(decoding: text, as: UTF8.self), into: &options) }
        if let start = options.validAfter, let end = options.validBefore, end <= start {
            throw NoteError("valid-before is not later than valid-after")
        }
        return options
    }

    private static func read(_ text: String, into options: inout Options) throws(NoteError) {
        let parts = text.split(separator: UInt8(ascii: "="), maxPieces: 2)
        let name = parts[0].lowercased()
        switch (name, parts.count) {
        case ("cert-authority", 1): options.isCertAuthority = true
        case ("namespaces", 2) where options.namespaces == nil:
            options.namespaces = SSHPatternList(try unquoted(parts[1]).utf8)
        case ("valid-after", 2) where options.validAfter == nil:
            options.validAfter = try time(parts[1])
        case ("valid-before", 2) where options.validBefore == nil:
            options.validBefore = try time(parts[1])
        case ("namespaces", 2), ("valid-after", 2), ("valid-before", 2):
            throw NoteError("the option \(name) is there twice")
        default: throw NoteError("no key type and no option: \(text.debugDescription)")
        }
    }

    private static func unquoted(_ value: Substring) throws(NoteError) -> Substring {
        let inner = value.utf8.dropFirst().dropLast()
        guard value.utf8.count >= 2, value.utf8.first == UInt8(ascii: "\""),
            value.utf8.last == UInt8(ascii: "\""), !inner.contains(UInt8(ascii: "\""))
        else { throw NoteError("the value of an option stands in quotes and holds none") }
        return Substring(inner)
    }

    private static func time(_ value: Substring) throws(NoteError) -> SSHTime {
        guard let time = SSHTime(parsing: String(try unquoted(value))) else {
            throw NoteError("a time has the form YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, then Z")
        }
        return time
    }
}
