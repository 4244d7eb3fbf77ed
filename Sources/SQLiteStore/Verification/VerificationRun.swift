import Dispatch
import EventSourcing
import GRDB
import LedgerCore
import Synchronization

/// One verification under way.
///
/// Rounds of runs of entries are read by parallel workers. What they found is put together in the
/// order of the log: there the tree is built, and its roots are compared on the way with the
/// checkpoints of those sizes.
struct VerificationRun {
    private(set) var report = VerificationReport()

    private let connections: ConnectionPool
    private let trust: Trust
    private let isQuick: Bool
    private let workers: Int
    private let salt = UInt64.random(in: .min ... .max)

    private var key: VerifierKey?
    private var tree = TreeComparison()
    private var sums = IndexSums()
    private var unreadable: Set<Int64> = []
    private var lastTime: Timestamp?
    private var end: Int64 = 0
    /// The position after the last row that was read, in order.
    private var next: Int64 = 0
    private var rows = 0
    private var isReadable = true

    init(_ connections: ConnectionPool, trust: Trust, isQuick: Bool, workers: Int) {
        self.connections = connections
        self.trust = trust
        self.isQuick = isQuick
        self.workers = max(1, workers)
    }

    mutating func verify(_ progress: (_ done: Int64, _ total: Int64) -> Void) {
        var schema: SchemaCheck?
        attempt { run, database in
            let check = try SchemaCheck(database)
            run.report.findings += check.findings
            schema = check
        }
        // What is not the table of the format may be a view that never ends.
        guard let schema, schema.holds("entries") else { return }
        attempt { run, database in try run.survey(database, schema) }
        identify()
        scanEntries(schema, progress)
        checkRemainingCheckpoints(schema)
        report.findings += tree.findings
        report.size = TreeSize(UInt64(clamping: end))
        report.root = tree.root
        if !isQuick {
            compareIndexes(schema)
            checkStorage(schema)
            if schema.holds("attachments") {
                attempt { run, database in
                    run.report.findings += try AttachmentCheck.findings(database)
                }
            }
        }
        if !isQuick { checkSeals() }
        report.findings += TrustCheck(
            trust: trust, connections: connections, key: key, tree: tree, end: end
        ).findings()
        sortFindings()
    }

    /// Runs a part of the verification; what SQLite cannot read there is a finding, and the other
    /// parts go on.
    private mutating func attempt(_ part: (inout VerificationRun, Database) throws -> Void) {
        do {
            let connections = connections
            try connections.use { database in try part(&self, database) }
        } catch {
            report.findings.append(Finding(.storage, at: nil, "unreadable: \(error)"))
        }
    }

    /// Fixes where the log ends for this run, for others may append meanwhile.
    private mutating func survey(_ database: Database, _ schema: SchemaCheck) throws {
        let last = try Int64.fetchOne(
            database, sql: "SELECT max(position) FROM entries WHERE position < ?",
            arguments: [Self.farthest])
        end = last.map { max(0, $0 + 1) } ?? 0
        let outside = try Row.fetchAll(
            database,
            sql: """
                SELECT position FROM entries WHERE position < 0 OR position >= ?
                ORDER BY position LIMIT 1000
                """,
            arguments: [Self.farthest])
        for row in outside {
            let position: Int64 = row[0]
            report.findings.append(
                Finding(
                    .position, at: position < 0 ? 0 : end,
                    "position \(position) does not follow the one before"))
        }
        if schema.holds("checkpoints") {
            try tree.surveyCheckpoints(database, end: end, isQuick: isQuick)
            if end > 0, tree.newestCheckpoint < end {
                let size = tree.newestCheckpoint
                report.findings.append(
                    Finding(
                        .checkpoint, at: size > 0 ? size - 1 : nil,
                        "the newest checkpoint covers \(size) entries of \(end)"))
            }
        }
        if schema.holds("subtree_hashes") { try tree.surveySubtrees(database, end: end) }
        tree.want(trust.sizes)
    }

    /// Positions from here on are taken for damage: 2^53, above which JSON numbers are not exact.
    private static let farthest: Int64 = 1 << 53

    /// Whose log it is, and by which key its signatures are checked.
    private mutating func identify() {
        var created: LedgerCreated?
        do {
            created = try connections.use { try $0.ledgerIdentity() }
        } catch {
            report.findings.append(Finding(.created, at: 0, "\(error)"))
        }
        report.origin = created?.origin.text
        key = created?.key
        guard let trusted = trust.key else { return }
        if key.map({ !trusted.isSame(as: $0) }) ?? true {
            let named = key == nil ? "no key" : "another key than the one that is trusted"
            report.findings.append(Finding(.trustedKey, at: 0, "the ledger names \(named)"))
        }
        key = (created?.origin ?? trusted.name).map {
            VerifierKey(name: $0, publicKey: trusted.publicKey)
        }
    }

    // MARK: Entries

    private mutating func scanEntries(
        _ schema: SchemaCheck, _ progress: (_ done: Int64, _ total: Int64) -> Void
    ) {
        tree.schema = schema
        var from: Int64 = 0
        while from < end {
            let starts = (0..<Int64(workers * 4)).map { from + $0 * EntryScan.length }
                .filter { $0 < end }
            let outcomes = scan(starts, schema)
            for (start, outcome) in zip(starts, outcomes) { take(outcome, from: start) }
            checkCheckpoints(tree.takeCheckpoints())
            from += EntryScan.length * Int64(starts.count)
            if next < from { from = firstPosition(from: from) }
            progress(min(from, end), end)
        }
        // A row that is out of order ends a walk early; what was not reached is not verified.
        if next < end {
            tree.breakOff()
            report.findings.append(
                Finding(
                    .storage, at: next, "the rows end here, though the last position is \(end - 1)")
            )
        }
    }

    private func scan(_ starts: [Int64], _ schema: SchemaCheck) -> [EntryScan.Outcome] {
        let scan = EntryScan(
            isQuick: isQuick, salt: salt, holdsAttachments: schema.holds("attachments"))
        let (connections, end) = (connections, end)
        return parallel(starts) { start in
            do {
                return try connections.use { database in
                    scan.run(database, from: start, end: min(end, start + EntryScan.length))
                }
            } catch {
                var outcome = EntryScan.Outcome()
                outcome.isReadable = false
                outcome.findings.append(Finding(.storage, at: start, "unreadable: \(error)"))
                return outcome
            }
        }
    }

    /// The first position from one on that has a row: what lies between is missing, in one step
    /// however far it is.
    private func firstPosition(from position: Int64) -> Int64 {
        let found = try? connections.use { database in
            try Int64.fetchOne(
                database, sql: "SELECT min(position) FROM entries WHERE position >= ?",
                arguments: [position])
        }
        return found ?? end
    }

    private mutating func take(_ outcome: EntryScan.Outcome, from start: Int64) {
        report.findings += outcome.findings
        var gaps = outcome.gaps
        // A gap may have begun in a run before, which ended without a row.
        if next < start, outcome.rows > 0 {
            let first = gaps.first.flatMap { $0.lowerBound == start ? gaps.removeFirst() : nil }
            gaps.insert(next..<(first?.upperBound ?? start), at: 0)
        }
        for gap in gaps {
            report.findings.append(
                Finding(
                    .position, at: gap.lowerBound,
                    "entries \(gap.lowerBound) to \(gap.upperBound - 1) are missing"))
        }
        let isContinued = next == start
        if outcome.rows > 0 { next = outcome.next }
        if !outcome.isReadable {
            next = min(end, start + EntryScan.length)
            isReadable = false
        }
        rows += outcome.rows
        sums.add(outcome.index)
        unreadable.formUnion(outcome.unreadable)
        if let (time, position) = outcome.firstTime, let last = lastTime, time < last {
            report.findings.append(EntryScan.backwards(position, time, after: last))
        }
        lastTime = outcome.lastTime ?? lastTime
        if isContinued {
            attempt { run, database in
                try run.tree.append(outcome.leaves, isQuick: run.isQuick, database)
            }
        }
        if !gaps.isEmpty || !outcome.isReadable { tree.breakOff() }
    }

    /// Those of sizes whose roots are not known, and those that the ledger has no entries for.
    private mutating func checkRemainingCheckpoints(_ schema: SchemaCheck) {
        checkCheckpoints(tree.takeCheckpoints())
        guard schema.holds("checkpoints"), !tree.isWhole else { return }
        attempt { run, database in
            let (isQuick, end) = (run.isQuick, run.end)
            while try run.tree.passCheckpoints(database, through: end, isQuick: isQuick) {
                run.checkCheckpoints(run.tree.takeCheckpoints())
            }
        }
    }

    private mutating func checkCheckpoints(_ checkpoints: [TreeComparison.StoredCheckpoint]) {
        let check = CheckpointCheck(key: key)
        let batches = stride(from: 0, to: checkpoints.count, by: 64).map {
            Array(checkpoints[$0..<min($0 + 64, checkpoints.count)])
        }
        for findings in parallel(batches, { $0.compactMap { $0.finding(check) } }) {
            report.findings += findings
        }
    }

    // MARK: What compares entries with each other

    private mutating func compareIndexes(_ schema: SchemaCheck) {
        let scan = IndexScan(end: end, salt: salt, unreadable: unreadable, schema: schema)
        let connections = connections
        let outcomes = parallel(IndexScan.Index.allCases) {
            index -> Result<IndexScan.Outcome, StoreError> in
            do {
                return .success(try connections.use { try scan.run(index, $0) })
            } catch {
                return .failure(StoreError(any: error, file: "the ledger"))
            }
        }
        var found: [UInt64] = []
        var isOrdered = true
        for outcome in outcomes {
            switch outcome {
            case .success(let outcome):
                report.findings += outcome.findings
                found.append(outcome.sum)
                isOrdered = isOrdered && outcome.isOrdered
                if isReadable, outcome.strays > 0 || outcome.rows > rows {
                    report.findings.append(
                        Finding(.index, at: nil, "an index has rows that no entry stands for"))
                }
            case .failure(let error):
                report.findings.append(Finding(.index, at: nil, error.description))
            }
        }
        guard found.count == outcomes.count,
            !isOrdered || found != [sums.keys, sums.streams, sums.types]
        else {
            return
        }
        let comparison = IndexComparison(end: end, unreadable: unreadable, schema: schema)
        attempt { run, database in run.report.findings += try comparison.findings(database) }
    }

    /// The order of the small tables' trees and their own indexes, which nothing else walks from
    /// end to end.
    private mutating func checkStorage(_ schema: SchemaCheck) {
        for table in ["subtree_hashes", "checkpoints", "attachments"] where schema.holds(table) {
            attempt { run, database in
                let faults = try String.fetchAll(
                    database, sql: "PRAGMA integrity_check(\(table))")
                for fault in faults where fault != "ok" {
                    run.report.findings.append(Finding(.storage, at: nil, "\(table): \(fault)"))
                }
            }
        }
    }

    /// By the columns that the indexes keep where these were found sound, else by the events.
    private mutating func checkSeals() {
        let unknown: Set<Finding.Kind> = [.canonical, .event, .position, .storage]
        let known = report.findings.filter { unknown.contains($0.kind) }.compactMap(\.position)
            .min()
        let check = SealCheck(
            end: end, known: known ?? end,
            hasSoundIndexes: !report.findings.contains {
                [.index, .schema, .stream].contains($0.kind)
            })
        attempt { run, database in run.report.findings += try check.findings(database) }
    }

    private mutating func sortFindings() {
        report.findings = report.findings.enumerated().sorted { left, right in
            let positions = (left.element.position ?? .max, right.element.position ?? .max)
            return positions.0 == positions.1
                ? left.offset < right.offset : positions.0 < positions.1
        }.map(\.element)
    }

    /// Maps in parallel, on as many threads as there are connections; the results are in the order
    /// of the inputs.
    private func parallel<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ body: @Sendable (Input) -> Output
    ) -> [Output] {
        let results = Mutex([Output?](repeating: nil, count: inputs.count))
        let next = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(workers, inputs.count)) { _ in
            while true {
                let index = next.withLock { index in
                    defer { index += 1 }
                    return index
                }
                guard index < inputs.count else { return }
                let output = body(inputs[index])
                results.withLock { $0[index] = output }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
