import EventSourcing
import LedgerCore

extension BundleVerifier {
    mutating func checkAttachments() {
        guard let manifest, files[BundlePaths.entries] != nil else { return }
        var referred: Set<Digest> = []
        for entry in entries {
            for digest in entry.event.attachments {
                referred.insert(digest)
                guard files[BundlePaths.attachment(digest)] == nil,
                    !manifest.withheld.contains(digest)
                else { continue }
                find(
                    .attachment, "\(digest.reference) is missing",
                    file: BundlePaths.attachment(digest), at: entry.position)
            }
        }
        for digest in manifest.withheld {
            if !referred.contains(digest) {
                find(.attachment, "nothing refers to \(digest.reference), which is withheld")
            }
            if files[BundlePaths.attachment(digest)] != nil {
                let file = BundlePaths.attachment(digest)
                find(.attachment, "\(digest.reference) is withheld, and there", file: file)
            }
        }
        let names = Set(referred.map(BundlePaths.attachment))
        for (path, bytes) in files.sorted(by: { $0.key < $1.key })
        where path.utf8.starts(with: BundlePaths.attachments.utf8) {
            if !names.contains(path) {
                find(.attachment, "nothing refers to \(path)", file: path)
            } else if BundlePaths.attachment(SHA256.hash(bytes)) != path {
                find(.attachment, "the bytes of \(path) were changed", file: path)
            }
        }
    }

    mutating func checkStatements() {
        guard let bytes = files[BundlePaths.statements], let key,
            let manifest = files[BundlePaths.manifest], files[BundlePaths.entries] != nil
        else { return }
        var keys = [EvidencePublicKey(key.publicKey)]
        for entry in entries where entry.isOf(KeyTrusted.self) {
            if let trusted = try? KeyTrusted(data: entry.event.data ?? .null) {
                keys.append(trusted.key)
            }
        }
        let digest = SHA256.hash(manifest)
        var envelopes: [Envelope] = []
        var seen: Set<[UInt8]> = []
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.popLast()?.isEmpty != true || lines.isEmpty {
            find(.statement, "no statement, or one without an end", file: BundlePaths.statements)
        }
        for (index, line) in lines.enumerated() {
            let fault: String?
            do throws(FormatError) {
                let envelope = try Envelope(reading: Array(line))
                let isTwice = !seen.insert(Array(line)).inserted
                envelopes.append(envelope)
                fault =
                    isTwice
                    ? "the statement stands twice"
                    : Self.fault(of: envelope, keys)
                        ?? envelope.fault(ofStatementAbout: BundlePaths.manifest, digest)
            } catch {
                fault = error.description
            }
            if let fault {
                find(.statement, fault, file: BundlePaths.statements, line: index + 1)
            }
        }
        checkSigstore(envelopes)
    }

    private static func fault(of envelope: Envelope, _ keys: [EvidencePublicKey]) -> String? {
        guard let key = keys.first(where: { $0.id == envelope.keyID }) else {
            return "signed by a key that the ledger does not name"
        }
        return key.verifies(envelope.signature, of: envelope.signedBytes)
            ? nil : "the signature does not verify"
    }

    private mutating func checkSigstore(_ envelopes: [Envelope]) {
        var missing = envelopes.map(\.sigstoreBundle)
        for path in files.keys.sorted()
        where BundlePaths.isSigstore(path) {
            if let place = missing.firstIndex(where: { $0 == files[path] }) {
                missing.remove(at: place)
            } else {
                find(.statement, "\(path) is not one of the statements", file: path)
            }
        }
        if !missing.isEmpty {
            find(
                .statement, "\(missing.count) statements have no file in sigstore/",
                file: BundlePaths.sigstore)
        }
    }
}
