import ArgumentParser
import BoringDeploy
import Foundation
import LedgerCore
import Operations

/// What is rehearsed.
struct MigrationOptions: ParsableArguments {
    @Option(help: "The release it belongs to, as shop/1.5.0.")
    var release: String

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("A file of SQL, or a command.", valueName: "file.sql|command"))
    var up: [String]

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("What undoes it, likewise.", valueName: "file.sql|command"))
    var down: [String]

    @Option(help: ArgumentHelp("The rollback plan, which is kept.", valueName: "file"))
    var plan: String

    @Option(
        help: ArgumentHelp(
            "A migration file that runs; may be repeated. Else: --up, if it is a file, or the release's.",
            valueName: "path"))
    var file: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "A command that checks the files, which follow. Else: gates.migrations.linter.",
            valueName: "command"))
    var linter: [String] = []

    @Flag(help: "Fail when the linter does.")
    var linterBlocks = false

    /// - Parameter cut: The release's, if it was cut: other files than its are refused.
    func plan(for cut: ReleaseCut?) throws -> MigrationRehearsal.Plan {
        let upStep = try Self.step(up, "--up")
        let downStep = try Self.step(down, "--down")
        let rollbackPlan = try Files.read(plan)
        guard !rollbackPlan.isEmpty else {
            throw Failure(.badInput, "the rollback plan \(plan) is empty")
        }
        let released = cut?.migrations ?? []
        var paths = file.map(MigrationFiles.path)
        if let own = upStep.side.file { paths.append(own.path) }
        if paths.isEmpty { paths = released.map(\.path) }
        guard !paths.isEmpty else {
            throw Failure(
                .usage,
                "name the migration files that --up runs with --file, once for each: the evidence is "
                    + "bound to them")
        }
        let files = try MigrationFiles.hashed(paths, deleted: released)
        var plan = MigrationRehearsal.Plan(
            files: files, up: upStep, down: downStep, rollbackPlan: rollbackPlan)
        try Self.check(files, downStep, against: cut)
        let rule = try MigrationSettings.rule()
        plan.linter = linter.isEmpty ? rule.linter : Self.words(linter)
        plan.linterBlocks = linterBlocks || rule.linterBlocks
        return plan
    }

    private static func check(
        _ files: [MigrationFile], _ down: MigrationStep, against cut: ReleaseCut?
    ) throws {
        guard let cut else { return }
        let ran = MigrationRehearsed(
            engine: .sqlite, files: files, up: .command([]), down: down.side, plan: .zero)
        let mismatches = ran.mismatches(with: cut.migrations)
        guard mismatches.isEmpty else {
            let words = mismatches.map(\.description).joined(separator: "; ")
            throw Failure(
                .badInput,
                "these are not the migrations of release \(cut.version) (commit \(cut.commit)): \(words)"
            )
        }
    }

    private static func step(_ words: [String], _ option: String) throws -> MigrationStep {
        let words = Self.words(words)
        guard let first = words.first else { throw Failure(.usage, "\(option) is empty") }
        guard words.count == 1, first.lowercased().hasSuffix(".sql") else { return .command(words) }
        return .sql(path: MigrationFiles.path(first), bytes: try Files.read(first))
    }

    /// A command may also be given in one argument, for its own options; it is cut at blanks, for
    /// there is no shell.
    private static func words(_ words: [String]) -> [String] {
        guard words.count == 1, access(words[0], F_OK) != 0 else { return words }
        return words[0].split(separator: " ").map(String.init)
    }
}
