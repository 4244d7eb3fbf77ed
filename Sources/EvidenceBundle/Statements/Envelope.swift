// DSSE 1.0 (https://github.com/secure-systems-lab/dsse) over in-toto Statement v1
// (https://github.com/in-toto/attestation).
//
//     PAE = "DSSEv1 " + length of type + " " + type + " " + length of payload + " " + payload
//
// and the Sigstore bundle v0.3 around an envelope that a plain key has signed.

import EventSourcing
import LedgerCore

/// A statement with one signature.
package struct Envelope: Sendable, Equatable {
    package let payload: [UInt8]
    package let keyID: Digest
    package let signature: [UInt8]

    package static let payloadType = "application/vnd.in-toto+json"
    static let statementType: JSONValue = "https://in-toto.io/Statement/v1"
    private static let bundleType: JSONValue = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// Signs a statement.
    package init(
        signing statement: JSONValue, with key: EvidenceSigningKey
    ) throws(CryptoError) {
        payload = CanonicalJSONWriter.bytes(of: statement)
        keyID = key.publicKey.id
        signature = try key.sign(Self.signedBytes(of: payload))
    }

    static func signedBytes(of payload: [UInt8]) -> [UInt8] {
        Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
    }

    var signedBytes: [UInt8] { Self.signedBytes(of: payload) }

    /// Reads one line, which must be the canonical JSON of an envelope.
    init(reading line: [UInt8]) throws(FormatError) {
        let value = try JSONValue.reading(line)
        let object = try StrictObject(
            value, at: "envelope", members: ["payload", "payloadType", "signatures"])
        guard object.value("payloadType") == .string(Self.payloadType),
            let payload = Base64.decode(try object.text("payload"))
        else { throw FormatError("the envelope holds no in-toto statement") }
        let signatures = try object.list("signatures") { (value, path) throws(FormatError) in
            try StrictObject(value, at: path, members: ["keyid", "sig"])
        }
        guard signatures.count == 1, let first = signatures.first else {
            throw FormatError("the envelope has \(signatures.count) signatures, not one")
        }
        guard let signature = Base64.decode(try first.text("sig")) else {
            throw FormatError("the signature is not base64")
        }
        self.payload = payload
        keyID = try first.digest("keyid")
        self.signature = signature
        guard CanonicalJSONWriter.bytes(of: json) == line else {
            throw FormatError("the envelope is not canonical JSON")
        }
    }

    package var json: JSONValue {
        [
            "payload": .string(Base64.encode(payload)), "payloadType": .string(Self.payloadType),
            "signatures": [
                ["keyid": .string(keyID.hex), "sig": .string(Base64.encode(signature))]
            ],
        ]
    }

    /// One line of `statement.intoto.jsonl`.
    package var line: [UInt8] { CanonicalJSONWriter.bytes(of: json) + [0x0A] }

    /// A file in `sigstore/`.
    package var sigstoreBundle: [UInt8] {
        CanonicalJSONWriter.bytes(of: [
            "dsseEnvelope": json, "mediaType": Self.bundleType,
            "verificationMaterial": [
                "publicKey": ["hint": .string(keyID.hex)], "tlogEntries": [],
            ],
        ]) + [0x0A]
    }

    static func isSigstoreBundle(_ bytes: [UInt8]) -> Bool {
        guard let value = try? JSONValue.readingWhole(bytes),
            let inner = value.object?["dsseEnvelope"],
            let envelope = try? Envelope(reading: CanonicalJSONWriter.bytes(of: inner))
        else { return false }
        return envelope.sigstoreBundle == bytes
    }

    /// Why the payload is not a statement about a file of this name and digest; nil if it is. Without a
    /// digest it may be about any.
    func fault(ofStatementAbout name: String, _ digest: Digest?) -> String? {
        guard let value = try? JSONValue.reading(payload), let object = value.object,
            object["_type"] == Self.statementType,
            object["predicateType"]?.string?.isEmpty == false
        else { return "the payload is not an in-toto statement" }
        guard let subjects = object["subject"]?.array, subjects.allSatisfy(Self.hasDigest) else {
            return "the statement has a subject without a digest"
        }
        guard let digest else { return nil }
        let isAbout = subjects.contains { subject in
            subject.object?["name"] == .string(name)
                && subject.object?["digest"]?.object?["sha256"] == .string(digest.hex)
        }
        return isAbout ? nil : "the statement is not about this \(name)"
    }

    /// Whether it says by which bytes the subject is known, as in-toto asks.
    private static func hasDigest(_ subject: JSONValue) -> Bool {
        guard let digest = subject.object?["digest"]?.object, !digest.members.isEmpty else {
            return false
        }
        return digest.members.allSatisfy { $0.value.string?.isEmpty == false }
    }
}
