import ArgumentParser
import EventSourcing
import LedgerCore
import Operations

struct CheckpointCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print the newest signed tree head, a C2SP checkpoint.",
        discussion: """
            Keep it where whoever runs the ledger cannot change it: a ledger that was cut short or rewritten since then
            does not agree with it. Or have a time-stamping authority (RFC 3161) sign that it existed: the ledger keeps what
            the authority says, and bundles carry it.

              daybook checkpoint > shop.checkpoint
              daybook verify --checkpoint shop.checkpoint
              daybook checkpoint --timestamp https://tsa.example.com --timestamp-ca tsa.pem
            """)

    @OptionGroup var writing: WritingOptions
    @OptionGroup var format: OutputOptions

    @Option(
        help: ArgumentHelp(
            "Ask this time-stamping authority to stamp it, and record its answer.", valueName: "url"
        ))
    var timestamp: String?

    @Option(
        help: ArgumentHelp(
            "The certificates (PEM) that the authority's signature must lead to.", valueName: "file"
        )
    )
    var timestampCa: String?

    func validate() throws {
        guard timestampCa == nil || timestamp != nil else {
            throw ValidationError("--timestamp-ca goes with --timestamp")
        }
    }

    func execute() async throws {
        guard let timestamp else {
            let note = try await writing.ledger.openForReading().checkpoint()
            return try format.write(note.description, named: "checkpoint")
        }
        let authority = try TimestampAuthority(url: timestamp)
        let trusted = try timestampCa.map(TimestampAuthorities.init(file:))
        let stamped = try await writing.withStore { store in
            try await CheckpointTimestamping(log: store, authority: authority, trusted: trusted)
                .run(at: SystemClock.now())
        }
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "checkpoint": .string(stamped.note.description),
                "position": .number(Double(stamped.receipt.position.value)),
                "time": .string(stamped.stamp.time.description),
                "verified": .bool(trusted != nil),
            ])
        case .table:
            try StandardOutput.write(stamped.note.description)
            StandardError.write(
                "stamped at \(stamped.stamp.time), recorded at position \(stamped.receipt.position)\n"
            )
            guard trusted == nil else { return }
            StandardError.write("who has signed it was not checked: --timestamp-ca does\n")
        }
    }
}
