import LedgerCore

/// Where the files of a bundle stand.
package enum BundlePaths {
    package static let manifest = "manifest.json"
    package static let entries = "entries.jsonl"
    package static let proofs = "proofs.json"
    package static let checkpoint = "checkpoint.txt"
    package static let statements = "statement.intoto.jsonl"
    package static let sigstore = "sigstore/"
    package static let attachments = "attachments/"

    package static func attachment(_ digest: Digest) -> String {
        "\(attachments)sha256-\(digest.hex)"
    }

    package static func sigstore(_ name: String) -> String { "\(sigstore)\(name).sigstore.json" }

    /// Whether a file signs the manifest, and so cannot stand in it.
    package static func isOutsideManifest(_ path: String) -> Bool {
        path == manifest || path == statements || isSigstore(path)
    }

    static func isSigstore(_ path: String) -> Bool {
        let name = path.dropFirst(sigstore.count)
        return path.utf8.starts(with: sigstore.utf8) && !name.contains("/")
            && name.hasSuffix(".sigstore.json") && name != ".sigstore.json"
    }
}
