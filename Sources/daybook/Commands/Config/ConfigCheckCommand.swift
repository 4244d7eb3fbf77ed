import ArgumentParser
import BoringDeploy
import LedgerCore
import Operations

struct ConfigCheckCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a daybook.yaml, and name all that is wrong in it.",
        discussion: """
            Exits with 65 if anything is wrong; -o json lists it as {"valid":false,"errors":[{"file","line","message"}]}.

              daybook config check
              daybook config check ops/daybook.yaml -o json
            """)

    @Argument(help: "The file; - for standard input. Else: the nearest daybook.yaml.")
    var file: String?

    @OptionGroup var format: OutputOptions

    func execute() throws {
        do {
            try report(found())
        } catch ConfigurationError.invalid(let path, let faults) {
            switch format.output {
            case .json: try StandardOutput.writeLine(Self.json(of: path, faults))
            // Without a word before it, as editors and CI read it: FILE:LINE: message.
            case .table:
                for line in ConfigurationError.invalid(path: path, faults).lines {
                    StandardError.write(Table.printable(line) + "\n")
                }
            }
            throw Failure(.badInput, "")
        }
    }

    private func found() throws -> ConfigurationFile {
        if let file {
            guard !file.isEmpty else { throw Failure(.usage, "FILE is empty; name a file") }
            guard file != "-" else {
                return try ConfigurationFile(
                    path: Files.name(file),
                    bytes: Files.read(file, atMost: ConfigurationFile.mostBytes))
            }
            return try ConfigurationFile(path: file)
        }
        guard let nearest = try ConfigurationFile.nearest() else {
            throw Failure(
                .noInput,
                "there is no daybook.yaml here or above; name a file, or write one with "
                    + "daybook config example")
        }
        return nearest
    }

    private func report(_ file: ConfigurationFile) throws {
        switch format.output {
        case .json:
            try StandardOutput.writeLine([
                "file": .string(file.path), "valid": .bool(true), "errors": .array([]),
            ])
        case .table:
            let configuration = file.configuration
            try StandardOutput.write(Style.good("\(Table.printable(file.path)) is valid") + "\n")
            try Table.write(record: [
                ("ledger", configuration.ledger ?? "none"),
                ("project", configuration.project ?? "none"),
                ("people", Self.list(configuration.people.map(\.name))),
                ("environments", Self.list(configuration.environments.map(\.name))),
                ("services", Self.list(configuration.services.map(\.name))),
                ("gates", Self.list(configuration.gates.configured)),
                ("steps", Self.list(configuration.train.map(\.name))),
            ])
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : "\(names.count): \(names.joined(separator: ", "))"
    }

    private static func json(of path: String, _ faults: [ConfigurationFault]) -> JSONValue {
        [
            "file": .string(path), "valid": .bool(false),
            "errors": .array(
                faults.map { fault in
                    [
                        "file": .string(path), "line": .integer(fault.line),
                        "message": .string(fault.message),
                    ]
                }),
        ]
    }
}
