// C2SP signed-note: https://c2sp.org/signed-note (also golang.org/x/mod/sumdb/note)
//
//     example.com/shop
//     2
//     ddQ1TQ+VBMbDgTJ/DsA4ZKaE2wI+ZLTdL+3JBFn3cNE=
//
//     — example.com/shop lPBX16v1/nvTyUB+O78r…
//
// The text, ending in a line feed; an empty line; signature lines "— name base64(key ID ‖
// signature)". What is signed is the text. UTF-8 without characters below U+0020 but the line
// feed.

/// A text with signatures. Holding one says nothing of its signatures: `verify` does.
package struct SignedNote: Sendable, Equatable {
    package struct Signature: Sendable, Equatable {
        package let name: KeyName
        package let keyID: [UInt8]
        package let bytes: [UInt8]
    }

    /// Ends in a line feed.
    package let text: String
    package let signatures: [Signature]

    package static let mostBytes = 1 << 20
    package static let mostSignatures = 100

    /// Signs a text that ends in a line feed.
    package init(
        signing text: String, with key: SigningKey, named name: KeyName
    ) throws(CryptoError) {
        self.text = text
        let verifier = VerifierKey(name: name, publicKey: key.publicKey)
        let signature = try key.sign(Array(text.utf8))
        signatures = [Signature(name: name, keyID: verifier.id, bytes: signature)]
    }

    package init(parsing bytes: [UInt8]) throws(NoteError) {
        guard bytes.count <= Self.mostBytes else { throw NoteError("a note is longer than 1 MiB") }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw NoteError("a note is not valid UTF-8")
        }
        guard !bytes.contains(where: { $0 < 0x20 && $0 != 0x0A }) else {
            throw NoteError("a note holds a control character")
        }
        guard let split = Self.lastEmptyLine(bytes) else {
            throw NoteError("a note has no empty line between its text and its signatures")
        }
        guard bytes.last == 0x0A else { throw NoteError("a note does not end in a line feed") }
        text = String(decoding: bytes[...split], as: UTF8.self)
        var signatures: [Signature] = []
        let lines = bytes[(split + 2)...].dropLast()
            .split(separator: 0x0A, omittingEmptySubsequences: false)
        for line in lines {
            signatures.append(try Self.signature(String(decoding: line, as: UTF8.self)))
            guard signatures.count <= Self.mostSignatures else {
                throw NoteError("a note has more than \(Self.mostSignatures) signatures")
            }
        }
        self.signatures = signatures
    }

    /// The offset of the first of the last two line feeds that follow each other.
    private static func lastEmptyLine(_ bytes: [UInt8]) -> Int? {
        bytes.indices.dropLast().last { bytes[$0] == 0x0A && bytes[$0 + 1] == 0x0A }
    }

    private static func signature(_ line: String) throws(NoteError) -> Signature {
        let malformed = NoteError("a signature line is not \"— name base64\"")
        let parts = line.split(separator: UInt8(ascii: " "), maxPieces: 3)
        guard parts.count == 3, parts[0] == "\u{2014}",
            let bytes = Base64.decode(parts[2]), bytes.count > 4
        else { throw malformed }
        let name = try KeyName(String(parts[1]))
        return Signature(name: name, keyID: Array(bytes[..<4]), bytes: Array(bytes[4...]))
    }

    /// Throws unless the key has signed, or if a signature that claims to be the key's is false.
    package func verify(_ key: VerifierKey) throws(NoteError) {
        let id = key.id
        let ours = signatures.filter { $0.name == key.name && $0.keyID == id }
        guard !ours.isEmpty else { throw NoteError("the note is not signed by \(key.name)") }
        let message = Array(text.utf8)
        guard ours.allSatisfy({ key.publicKey.verifies($0.bytes, of: message) }) else {
            throw NoteError("the signature by \(key.name) is false")
        }
    }

    package var description: String {
        var note = text + "\n"
        for signature in signatures {
            let blob = Base64.encode(signature.keyID + signature.bytes)
            note += "\u{2014} \(signature.name) \(blob)\n"
        }
        return note
    }
}
