/// What an archive may hold at most (docs/spec/bundle.md), so that opening one is never an attack.
package enum ArchiveLimits {
    package static let members = 65_535
    /// In bytes, uncompressed.
    package static let member = 256 << 20
    package static let total = 1 << 30
    /// Of what is parsed: it grows in memory.
    package static let json = 64 << 20
    /// In characters, of a name and of a part of it.
    static let name = 255
    static let part = 128

    /// Why a file is too large; nil if it is not.
    static func fault(ofSize size: Int, of name: String) -> String? {
        let (most, words) = isJSON(name) ? (json, "64 MiB") : (member, "256 MiB")
        return size > most ? "\(name) has \(size) bytes, more than \(words)" : nil
    }

    private static func isJSON(_ name: String) -> Bool {
        let parsed = [
            BundlePaths.manifest, BundlePaths.proofs, BundlePaths.entries, BundlePaths.statements,
        ]
        return parsed.contains(name) || name.utf8.starts(with: BundlePaths.sigstore.utf8)
    }

    /// Why a name may not stand in an archive; nil if it may. A folder's name ends in a slash.
    static func fault(ofName name: String) -> String? {
        guard name.utf8.count <= Self.name else {
            return "a name of \(name.utf8.count) characters may not stand in a bundle"
        }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            guard part.utf8.count <= Self.part, !part.isEmpty, part != ".", part != "..",
                part.utf8.allSatisfy(isPlain)
            else { return "the name \(name.debugDescription) may not stand in a bundle" }
        }
        return nil
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Why bytes are not an archive that may be opened, or why one cannot be written.
package struct ArchiveError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
