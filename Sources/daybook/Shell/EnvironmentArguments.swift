import ArgumentParser
import Foundation
import LedgerCore

/// Gives every option `--some-name` its variable `DAYBOOK_SOME_NAME`, in one place: a variable
/// whose option is not on the command line is put there.
enum EnvironmentArguments {
    /// - Throws: `usage` for a variable that is set but empty, and for one of a switch that is
    ///   neither true nor false.
    static func completing(
        _ arguments: [String], for root: any ParsableCommand.Type,
        environment variables: [String: String] = ownVariables()
    ) throws -> [String] {
        guard !variables.isEmpty, let command = command(in: arguments, under: root) else {
            return arguments
        }
        // What follows "--" is no option, so ours go before it.
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var completed = Array(arguments[..<end])
        let ignored =
            (command as? any LedgerCommand.Type)?.ignoredVariables(with: arguments) ?? []
        for option in try options(of: command) where !ignored.contains(option.name) {
            guard let value = variables[option.variable], !option.isGiven(in: arguments[..<end])
            else { continue }
            completed += try option.arguments(for: value)
        }
        return completed + arguments[end...]
    }

    /// The variables that start with `DAYBOOK_`. Reading them one by one costs less than a
    /// dictionary of all.
    private static func ownVariables() -> [String: String] {
        var variables: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            next += 1
            guard strncmp(entry, "DAYBOOK_", 8) == 0 else { continue }
            let parts = String(cString: entry).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        return variables
    }

    private static func command(
        in arguments: [String], under root: any ParsableCommand.Type
    ) -> (any ParsableCommand.Type)? {
        var command = root
        // A command's words come first: what comes later may be the value of an option.
        for word in arguments {
            let next = command.configuration.subcommands.first {
                $0.configuration.commandName == word
            }
            guard let next else { break }
            command = next
        }
        return command.configuration.subcommands.isEmpty
            ? command : command.configuration.defaultSubcommand
    }

    /// The argument parser's own description of a command's options.
    private static func options(of command: any ParsableCommand.Type) throws -> [Option] {
        let help = try StrictJSONParser.parse(Array(command._dumpHelp().utf8))
        let arguments = help.object?["command"]?.object?["arguments"]?.array ?? []
        return arguments.compactMap { Option($0) }
    }

    private struct Option {
        let name: String
        let shortNames: [String]
        let isSwitch: Bool

        init?(_ description: JSONValue) {
            guard let object = description.object, let kind = object["kind"]?.string,
                kind == "option" || kind == "flag"
            else { return nil }
            let names = (object["names"]?.array ?? []).compactMap(\.object)
            guard let long = names.first(where: { $0["kind"] == "long" })?["name"]?.string,
                long != "help", long != "version"
            else { return nil }
            name = long
            shortNames = names.filter { $0["kind"] == "short" }.compactMap { $0["name"]?.string }
            isSwitch = kind == "flag"
        }

        var variable: String {
            "DAYBOOK_" + name.uppercased().replacingOccurrences(of: "-", with: "_")
        }

        func isGiven(in arguments: ArraySlice<String>) -> Bool {
            arguments.contains { argument in
                argument == "--\(name)" || argument.hasPrefix("--\(name)=")
                    || shortNames.contains { argument.hasPrefix("-\($0)") }
            }
        }

        func arguments(for value: String) throws -> [String] {
            guard !value.isEmpty else {
                throw Failure(.usage, "\(variable) is set but empty; give it a value or unset it")
            }
            guard isSwitch else { return ["--\(name)=\(value)"] }
            switch value.lowercased() {
            case "1", "true", "yes", "on": return ["--\(name)"]
            case "0", "false", "no", "off": return []
            default: throw Failure(.usage, "\(variable) must be true or false, not \"\(value)\"")
            }
        }
    }
}
