import EventSourcing
import LedgerCore

/// `manifest.json` (docs/spec/bundle.md): what the bundle is of, and the hash of every other file.
package struct BundleManifest: Sendable, Equatable {
    package struct File: Sendable, Equatable {
        package let path: String
        package let size: Int
        package let digest: Digest

        package init(path: String, _ bytes: [UInt8]) {
            self.path = path
            size = bytes.count
            digest = SHA256.hash(bytes)
        }

        fileprivate init(_ value: JSONValue, at path: String) throws(FormatError) {
            let object = try StrictObject(value, at: path, members: ["path", "size", "sha256"])
            self.path = try object.text("path")
            if let fault = ArchiveLimits.fault(ofName: self.path) { throw FormatError(fault) }
            size = Int(try object.number("size"))
            digest = try object.digest("sha256")
        }

        fileprivate var json: JSONValue {
            ["path": .string(path), "size": .integer(size), "sha256": .string(digest.hex)]
        }
    }

    package var tool: (name: String, version: String)
    package var origin: String
    package var key: VerifierKey
    package var scope: BundleScope
    package var complete: [IndexKey]
    package var absent: [IndexKey]
    package var sealPosition: Position
    package var sealed: LedgerSealed
    package var checkpointSize: TreeSize
    package var checkpointRoot: Digest
    /// Attachments that are referred to and left out.
    package var withheld: [Digest]
    package var files: [File]

    package init(
        tool: (name: String, version: String), key: VerifierKey, scope: BundleScope,
        complete: [IndexKey], absent: [IndexKey], seal: RecordedSeal, checkpoint: Checkpoint,
        withheld: [Digest], files: [File]
    ) {
        self.tool = tool
        origin = key.name.text
        self.key = key
        self.scope = scope
        self.complete = complete
        self.absent = absent
        sealPosition = seal.position
        sealed = seal.sealed
        checkpointSize = checkpoint.size
        checkpointRoot = checkpoint.root
        self.withheld = withheld
        self.files = files
    }

    package init(reading bytes: [UInt8]) throws(FormatError) {
        let object = try StrictObject(
            try .readingWhole(bytes), at: "manifest",
            members: [
                "bundle", "tool", "ledger", "scope", "query", "seal", "checkpoint", "withheld",
                "files",
            ])
        guard object.value("bundle") == 1 else {
            throw FormatError("manifest.bundle is not 1, the version that is read here")
        }
        let tool = try StrictObject(
            object.value("tool"), at: "manifest.tool", members: ["name", "version"])
        self.tool = (try tool.text("name"), try tool.text("version"))
        guard !self.tool.name.isEmpty, !self.tool.version.isEmpty else {
            throw FormatError("manifest.tool has an empty name or version")
        }
        let ledger = try StrictObject(
            object.value("ledger"), at: "manifest.ledger", members: ["origin", "key"])
        origin = try ledger.text("origin")
        key = try Self.key(ledger.text("key"))
        scope = try BundleScope(object.value("scope"), at: "manifest.scope")
        let query = try StrictObject(
            object.value("query"), at: "manifest.query", members: ["complete", "absent"])
        complete = try Self.keys(query.orderedTexts("complete"))
        absent = try Self.keys(query.orderedTexts("absent"))
        let seal = try StrictObject(
            object.value("seal"), at: "manifest.seal",
            members: ["position", "size", "keys", "root"])
        sealPosition = Position(try seal.number("position"))
        sealed = LedgerSealed(
            size: TreeSize(try seal.number("size")),
            index: IndexRoot(keys: TreeSize(try seal.number("keys")), root: try seal.digest("root"))
        )
        let checkpoint = try StrictObject(
            object.value("checkpoint"), at: "manifest.checkpoint", members: ["size", "root"])
        checkpointSize = TreeSize(try checkpoint.number("size"))
        checkpointRoot = try checkpoint.digest("root")
        _ = try object.orderedTexts("withheld")
        withheld = try object.digests("withheld")
        files = try object.list("files", File.init)
        guard files.map(\.path).isInByteOrder else {
            throw FormatError(
                "manifest.files is not in byte order of its paths, or names one twice")
        }
    }

    private static func keys(_ texts: [String]) throws(FormatError) -> [IndexKey] {
        var keys: [IndexKey] = []
        for text in texts {
            guard let key = IndexKey(stated: text) else {
                throw FormatError("manifest.query: \(text) is no key")
            }
            keys.append(key)
        }
        return keys
    }

    private static func key(_ text: String) throws(FormatError) -> VerifierKey {
        do throws(NoteError) {
            return try VerifierKey(parsing: text)
        } catch {
            throw FormatError("manifest.ledger.key: \(error)")
        }
    }

    package static func == (left: BundleManifest, right: BundleManifest) -> Bool {
        left.json == right.json
    }

    package var json: JSONValue {
        var object = summary.object ?? JSONObject()
        object["files"] = .array(files.map(\.json))
        return .object(object)
    }

    /// Without the list of files: what the page holds.
    package var summary: JSONValue {
        [
            "bundle": 1,
            "tool": ["name": .string(tool.name), "version": .string(tool.version)],
            "ledger": ["origin": .string(origin), "key": .string(key.description)],
            "scope": scope.json,
            "query": [
                "complete": .texts(complete.map(\.text)), "absent": .texts(absent.map(\.text)),
            ],
            "seal": [
                "position": .number(sealPosition.value), "size": .number(sealed.size.value),
                "keys": .number(sealed.index.keys.value), "root": .string(sealed.index.root.hex),
            ],
            "checkpoint": [
                "size": .number(checkpointSize.value), "root": .string(checkpointRoot.hex),
            ],
            "withheld": .digests(withheld),
        ]
    }
}
