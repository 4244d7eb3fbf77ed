import ArgumentParser
import EventSourcing
import Foundation
import LedgerCore
import SQLiteStore

struct AppendCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "append",
        abstract: "Record an event, or a file of them, and print the receipt.",
        discussion: """
            In CI, source, actor and the run's facts come from the CI's own variables. An event that was recorded before
            (the same source and id) is answered with its first receipt.

              daybook append --type release.cut --subject release/shop/1.5.0 --data '{"commit":"8f3c1d2"}'
              daybook append --type tests.passed --subject release/shop/1.5.0 --attach junit=report.xml
              daybook append --batch events.jsonl
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Option(help: "The event's type; release.cut is short for dev.daybook.release.cut.v1.")
    var type: String?

    @Option(help: "The stream it belongs to, as release/shop/1.5.0.")
    var subject: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Any JSON value, @FILE, or - for standard input.", valueName: "json"))
    var data: String?

    @Option(
        help: "With the source, what makes it the same event when it is sent again. Else random.")
    var id: String?

    @Option(help: "Who says so, a URI-reference. Else the CI's repository, or this host.")
    var source: String?

    @Option(help: "Who did it. Else the CI's user, or the one logged in.")
    var actor: String?

    @Option(help: "When it happened, in RFC 3339. Else now.")
    var time: String?

    @Option(
        help: ArgumentHelp("The stream's version before it, or none.", valueName: "version|none"))
    var expect: String?

    @Option(help: ArgumentHelp("Keep a file with it; may be repeated.", valueName: "name=path"))
    var attach: [String] = []

    @Option(
        help: ArgumentHelp(
            "JSON Lines of CloudEvents instead of one event; - for standard input.",
            valueName: "file"))
    var batch: String?

    @Option(help: "How many events of a batch are recorded together, all or none.")
    var chunk: Int = 1000

    @Option(
        help: ArgumentHelp(
            "Keep the receipt, or the batch's receipts, in a file.", valueName: "file"))
    var receipt: String?

    private static let ofOneEvent: Set<String> = [
        "type", "subject", "data", "id", "source", "actor", "time", "expect", "attach",
    ]

    /// A job may set the source of all its events once; a batch brings its own.
    static func ignoredVariables(with arguments: [String]) -> Set<String> {
        arguments.contains { $0 == "--batch" || $0.hasPrefix("--batch=") } ? ofOneEvent : []
    }

    func validate() throws {
        guard (1...100_000).contains(chunk) else {
            throw ValidationError("--chunk is a number from 1 to 100000")
        }
        if batch != nil {
            let others = [type, subject, data, id, source, actor, time, expect]
            guard others.allSatisfy({ $0 == nil }), attach.isEmpty else {
                throw ValidationError(
                    "--batch takes whole events: leave the options of a single one out")
            }
        } else {
            guard type != nil else {
                throw ValidationError("name the event's --type, or a --batch")
            }
        }
    }

    func execute() async throws {
        let keeper = try receipt.map { try ReceiptFile($0, apartFrom: writing.files()) }
        defer { keeper?.abandon() }
        if let batch {
            try await appendBatch(batch, keeper)
        } else {
            try await appendOne(keeper)
        }
    }

    private func appendOne(_ keeper: ReceiptFile?) async throws {
        let single = try SingleEvent(self)
        let receipt = try await writing.withStore { store in
            try await store.append(
                [single.draft], expecting: single.expected, attaching: single.attachments)
        }[0]
        switch format.output {
        case .json: try StandardOutput.writeLine(receipt.json)
        case .table: try Table.write(record: receipt.record)
        }
        keeper?.add(receipt)
        try keeper?.finish()
    }

    private func appendBatch(_ path: String, _ keeper: ReceiptFile?) async throws {
        var reader = try BatchReader(path: path, chunk: chunk)
        var summary = BatchSummary()
        do {
            try await writing.withStore { store in
                var bar = ProgressBar("appending", total: reader.totalBytes)
                var next = Result { try reader.nextChunk() }
                while let chunk = try next.get() {
                    // The next chunk is read while this one is written.
                    let ahead = reader
                    async let read = Self.read(ahead)
                    let receipts = try await Self.append(chunk, of: path, to: store, summary)
                    summary.add(receipts)
                    try report(receipts, keeper)
                    (next, reader) = await read
                    if case .failure(let error) = next { throw summary.explain(error) }
                    bar.advance(to: reader.totalBytes == nil ? summary.recorded : reader.bytesRead)
                }
                bar.finish()
            }
            guard summary.recorded > 0 else {
                throw Failure(.badInput, "\(Files.name(path)) holds no event")
            }
        } catch {
            // What is recorded is recorded: its receipts are kept.
            if summary.recorded > 0 { try? keeper?.finish() }
            throw error
        }
        try keeper?.finish()
        if format.output == .table { try Table.write(record: summary.record) }
    }

    @concurrent private static func read(
        _ reader: BatchReader
    ) async -> (Result<BatchReader.Chunk?, any Error>, BatchReader) {
        var reader = reader
        let chunk = Result { try reader.nextChunk() }
        return (chunk, reader)
    }

    private func report(_ receipts: [Receipt], _ keeper: ReceiptFile?) throws {
        guard format.output == .json || keeper != nil else { return }
        for receipt in receipts {
            if format.output == .json { try StandardOutput.writeLine(receipt.json) }
            keeper?.add(receipt)
        }
        try StandardOutput.flush()
    }

    private static func append(
        _ chunk: BatchReader.Chunk, of path: String, to store: SQLiteEventStore,
        _ summary: BatchSummary
    ) async throws -> [Receipt] {
        do throws(StoreError) {
            return try await store.append(chunk.drafts)
        } catch {
            guard let draft = error.draft, let first = chunk.lines.first,
                let last = chunk.lines.last
            else { throw error }
            let line = chunk.lines[draft]
            throw StoreError(
                error.code,
                "\(Files.name(path)):\(line): \(error.description) (line \(line); nothing of lines "
                    + "\(first)–\(last) is recorded, \(summary.recorded) events before them are)")
        }
    }
}

/// How a batch went.
private struct BatchSummary {
    private(set) var recorded = 0
    private var duplicates = 0
    private var first: Receipt?
    private var last: Receipt?

    mutating func add(_ receipts: [Receipt]) {
        recorded += receipts.count
        duplicates += receipts.count { $0.isDuplicate }
        first = first ?? receipts.first
        last = receipts.last ?? last
    }

    func explain(_ error: any Error) -> any Error {
        guard let failure = Failure(error) else { return error }
        return Failure(
            failure.code, "\(failure.description) (the \(recorded) events before are recorded)")
    }

    var record: [(String, String)] {
        [
            ("events", "\(recorded)"), ("duplicates", "\(duplicates)"),
            ("positions", "\(first?.position.value ?? 0)–\(last?.position.value ?? 0)"),
            ("last hash", last?.hash.hex ?? ""),
        ]
    }
}

extension Receipt {
    fileprivate var record: [(String, String)] {
        [
            ("position", "\(position)"), ("hash", hash.hex), ("previous", previous.hex),
            ("id", id.text), ("streamversion", streamVersion?.description ?? "–"),
            ("recordedtime", recordedTime.description), ("duplicate", isDuplicate ? "yes" : "no"),
            ("assurance", assurance.rawValue),
        ]
    }
}
