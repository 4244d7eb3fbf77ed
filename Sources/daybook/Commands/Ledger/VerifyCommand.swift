import ArgumentParser
import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore
import Operations
import SQLiteStore

struct VerifyCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a ledger.",
        discussion: """
            Bring trust from outside: the key that was published, a checkpoint or receipts that you have kept. Exits with 11 if
            anything is wrong, and lists everything that is.

              daybook verify --ledger evidence.db --key example.com/shop+5b3a…+AX… --checkpoint shop.checkpoint
            """)

    @OptionGroup var ledger: LedgerOptions
    @OptionGroup var format: OutputOptions

    @Option(
        help: ArgumentHelp(
            "The verifier key that was published, or a file with it.", valueName: "vkey"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "A checkpoint of this ledger that you kept; may be repeated.", valueName: "file"))
    var checkpoint: [String] = []

    @Option(help: ArgumentHelp("Receipts that you kept; may be repeated.", valueName: "file"))
    var receipt: [String] = []

    @Option(
        help: ArgumentHelp(
            "Check who signed the time stamps, by these certificates (PEM).", valueName: "file"))
    var timestampCa: String?

    @Flag(help: "Check the chain and the tree only.")
    var quick = false

    @Flag(help: "Judge every canary again as well, from what the ledger kept of it.")
    var canaries = false

    func execute() async throws {
        let file = try ledger.file()
        let trust = try Trust(key: key, checkpoints: checkpoint, receipts: receipt)
        var bar = ProgressBar("verifying", total: 1000)
        let start = ContinuousClock.now
        let authorities = try timestampCa.map(TimestampAuthorities.init(file:))
        var report = try LedgerVerifier(file, trust: trust, isQuick: quick).run { done, total in
            bar.advance(to: Int(Double(done) / Double(max(total, 1)) * 1000))
        }
        bar.finish()
        var stamps: [RecordedStamp]? = authorities == nil ? nil : []
        if let authorities, report.isGood {
            let verification = try await TimestampVerification(
                of: ledger.openForReading(), by: authorities)
            report.add(verification)
            stamps = verification.stamps
        } else if authorities != nil {
            report.unchecked.append(
                "time stamps: the ledger is not sound, so they were not looked at")
        }
        // What is judged is only worth something in a ledger that is sound.
        let replays = canaries && report.isGood ? try await replays() : []
        switch format.output {
        case .json:
            var value = report.json.object ?? JSONObject()
            if canaries {
                value["canaries"] = .array(replays.map { $0.replay.json(of: $0.stream) })
            }
            if let stamps { value["timestamps"] = .array(stamps.map(\.json)) }
            try StandardOutput.writeLine(.object(value))
        case .table:
            try write(report, in: ContinuousClock.now - start)
            for stamp in stamps ?? [] {
                try StandardOutput.write("stamped      \(stamp.sentence)\n")
            }
            for (stream, replay) in replays { try replay.write(of: stream) }
            if canaries, report.isGood, replays.isEmpty {
                try StandardOutput.write("there are no canaries to judge again\n")
            }
        }
        guard report.isGood, replays.allSatisfy(\.replay.differences.isEmpty) else {
            throw Failure(.verificationFailed, "")
        }
        // A check that had nothing to look at has shown nothing.
        guard stamps?.isEmpty != true else { throw Failure(.inconclusive, "") }
    }

    private func replays() async throws -> [(stream: StreamName, replay: CanaryReplay)] {
        let store = try ledger.openForReading()
        var replays: [(StreamName, CanaryReplay)] = []
        for stream in try await store.streams(with: CanaryVerdict.definition.type) {
            replays.append((stream, try await CanaryReplay(of: stream, in: store)))
        }
        return replays
    }

    private func write(_ report: VerificationReport, in duration: Duration) throws {
        for finding in report.findings {
            let place = finding.position.map { "position \($0)" } ?? "ledger"
            try StandardOutput.write(
                Style.bad("\(place): \(finding.kind.rawValue): ")
                    + Table.printable(finding.detail) + "\n")
        }
        try Table.write(record: [
            ("origin", report.origin ?? "unknown"), ("size", "\(report.size)"),
            ("root", report.root?.hex ?? "unknown"),
            ("checked", report.checked.map(\.rawValue).joined(separator: ", ")),
        ])
        for sentence in report.unchecked { try StandardOutput.write("not checked  \(sentence)\n") }
        let seconds = duration.formatted(
            .units(allowed: [.seconds], fractionalPart: .show(length: 1)))
        let count = report.findings.count
        try StandardOutput.write(
            report.isGood
                ? Style.good("verified: \(report.size) entries, no findings") + ", \(seconds)\n"
                : Style.bad("NOT verified: \(count) finding\(count == 1 ? "" : "s")") + "\n")
    }
}

extension VerificationReport {
    fileprivate mutating func add(_ stamps: TimestampVerification) {
        checked.append(.timestamp)
        findings += stamps.findings
        if stamps.stamps.isEmpty, stamps.findings.isEmpty {
            unchecked.append("time stamps: the ledger has none for --timestamp-ca to check")
        }
    }
}
