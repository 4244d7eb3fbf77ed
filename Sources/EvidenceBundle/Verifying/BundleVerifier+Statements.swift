import EventSourcing
import LedgerCore

/// DSSE envelopes, and the same ones as Sigstore bundles.
extension BundleVerifier {
    mutating func checkStatements() { checkSigstore(readStatements()) }

    /// Those that could be read; nil without the file.
    private mutating func readStatements() -> [Envelope]? {
        guard let bytes = files[BundlePaths.statements] else { return nil }
        let signers = signers
        let manifest = files[BundlePaths.manifest].map { SHA256.hash($0) }
        var envelopes: [Envelope] = []
        var seen: Set<ArraySlice<UInt8>> = []
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        if lines.popLast()?.isEmpty != true || lines.isEmpty {
            find(.statement, "no statement, or one without an end", file: BundlePaths.statements)
        }
        for (index, line) in lines.enumerated() {
            let fault: String?
            do throws(FormatError) {
                let envelope = try Envelope(reading: Array(line))
                envelopes.append(envelope)
                fault =
                    !seen.insert(line).inserted
                    ? "the statement stands twice"
                    : envelope.fault(ofStatementAbout: BundlePaths.manifest, manifest)
                        ?? self.fault(of: envelope, signers)
            } catch {
                fault = error.description
            }
            if let fault {
                find(.statement, fault, file: BundlePaths.statements, line: index + 1)
            }
        }
        return envelopes
    }

    /// By their ids: the ledger's own key, and those that it names.
    private var signers: [Digest: EvidencePublicKey] {
        var keys = entries.filter { $0.isOf(KeyTrusted.self) }.compactMap {
            try? KeyTrusted(data: $0.event.data ?? .null).key
        }
        if let key { keys.append(EvidencePublicKey(key.publicKey)) }
        return Dictionary(keys.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func fault(
        of envelope: Envelope, _ signers: [Digest: EvidencePublicKey]
    ) -> String? {
        guard let signer = signers[envelope.keyID] else {
            // With files missing it may be the key of one.
            return key == nil || files[BundlePaths.entries] == nil
                ? nil : "signed by a key that the ledger does not name"
        }
        return signer.verifies(envelope.signature, of: envelope.signedBytes)
            ? nil : "the signature does not verify"
    }

    /// - Parameter envelopes: Those of the file of statements; nil if it is missing.
    private mutating func checkSigstore(_ envelopes: [Envelope]?) {
        var missing: [[UInt8]: Int] = [:]
        for envelope in envelopes ?? [] { missing[envelope.sigstoreBundle, default: 0] += 1 }
        for (path, bytes) in files.sorted(by: { $0.key < $1.key })
        where BundlePaths.isSigstore(path) {
            if let envelopes, let count = missing[bytes], !envelopes.isEmpty {
                missing[bytes] = count - 1
            } else if envelopes != nil || !Envelope.isSigstoreBundle(bytes) {
                find(.statement, "\(path) is not one of the statements", file: path)
            }
        }
        let count = missing.values.count { $0 != 0 }
        if count > 0 {
            find(
                .statement, "\(count) statements do not have one file in sigstore/ each",
                file: BundlePaths.sigstore)
        }
    }
}
