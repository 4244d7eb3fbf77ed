import LedgerCore

/// Names of releases and artifacts for other tools (https://github.com/package-url/purl-spec).
enum PackageURL {
    static func release(_ project: String, _ version: String) -> String {
        "pkg:generic/\(encoded(project))@\(encoded(version))"
    }

    static func artifact(_ artifact: Artifact, of project: String, _ version: String) -> String {
        // A name with slashes is a namespace and a name, as the specification has it.
        let path = artifact.name.split(separator: "/").map { encoded(String($0)) }
        return
            "pkg:generic/\(([encoded(project)] + path).joined(separator: "/"))@\(encoded(version))"
            + "?checksum=sha256:\(artifact.digest.hex)"
    }

    /// Percent-encoded, but for what stands for itself everywhere, and the colon.
    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            let isPlain =
                character.isASCII
                && (character.isLetter || character.isNumber || ".-_~:".contains(character))
            return isPlain ? String(character) : "%" + Hex.encode([byte]).uppercased()
        }.joined()
    }
}

extension ReleaseEvidence {
    /// `shop` of `shop/1.5.0`.
    var project: String { name.split(separator: "/").first.map(String.init) ?? name }

    var purl: String { PackageURL.release(project, cut?.payload.version ?? "unknown") }
}
