import EventSourcing
import LedgerCore

/// How one direction was run: a command, or a file of SQL.
package enum MigrationSide: Sendable, Equatable {
    case command([String])
    /// The path as it was given, and the digest of the very bytes that ran.
    case sql(MigrationFile)

    init(_ data: PayloadReader) throws(EventError) {
        if data.has("argv") {
            self = .command(try data.texts("argv"))
        } else {
            self = .sql(try MigrationFile(data.object("file")))
        }
    }

    package var file: MigrationFile? {
        if case .sql(let file) = self { file } else { nil }
    }

    package var json: JSONValue {
        switch self {
        case .command(let argv): ["argv": .texts(argv)]
        case .sql(let file): ["file": file.json]
        }
    }
}

/// What a linter of migrations said.
package struct LinterReport: Sendable, Equatable {
    package var argv: [String]
    /// In words, as "exit code 1"; its output is an attachment.
    package var end: String
    package var isClean: Bool
    /// Whether a report that is not clean fails the rehearsal.
    package var blocks: Bool

    package init(argv: [String], end: String, isClean: Bool, blocks: Bool) {
        self.argv = argv
        self.end = end
        self.isClean = isClean
        self.blocks = blocks
    }

    init(_ data: PayloadReader) throws(EventError) {
        argv = try data.texts("argv")
        end = try data.text("end")
        isClean = try data.bool("clean")
        blocks = try data.bool("blocks")
    }

    var json: JSONValue {
        [
            "argv": .texts(argv), "end": .string(end), "clean": .bool(isClean),
            "blocks": .bool(blocks),
        ]
    }
}
