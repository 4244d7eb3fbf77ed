import Foundation
import LedgerCore

/// What a CI system says of the job that runs, through its variables.
struct CIContext {
    /// Extension attributes, as `cirunid`.
    let facts: [(name: String, value: String)]

    private let provider: CIProvider
    private let environment: (String) -> String?

    /// Nil outside CI.
    static func current(
        _ environment: @escaping (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) -> CIContext? {
        CIProvider.all.first { environment($0.marker) != nil }
            .map { CIContext($0, environment) }
    }

    private init(_ provider: CIProvider, _ environment: @escaping (String) -> String?) {
        self.provider = provider
        self.environment = environment
        let known = provider.facts.compactMap { fact in
            environment(fact.variable).flatMap { $0.isEmpty ? nil : (fact.name, $0) }
        }
        facts = [("ciprovider", provider.name)] + known
    }

    /// The repository, as a URI without the credentials that it may hold; nil if the CI does not
    /// say.
    func source() throws -> String? {
        let parts = try provider.source.compactMap { try value($0, instead: "--source") }
        guard parts.count == provider.source.count, !parts.isEmpty else { return nil }
        let address = parts.joined(separator: "/")
        // https://user:token@host/path: the token must not be recorded for ever.
        let pieces = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard pieces.count > 2, pieces[0].hasSuffix(":"), pieces[1].isEmpty,
            let at = pieces[2].lastIndex(of: "@")
        else { return address }
        let host = pieces[2][pieces[2].index(after: at)...]
        return ([pieces[0], "", host] + pieces.dropFirst(3)).joined(separator: "/")
    }

    /// Who set the job off; nil if the CI does not say.
    func actor() throws -> String? {
        try provider.actor.flatMap { try value($0, instead: "--actor") }
    }

    private func value(_ variable: String, instead option: String) throws -> String? {
        let value = environment(variable)
        guard value != "" else {
            throw Failure(
                .badInput, "\(variable) is set but empty; state \(option), or mend the job")
        }
        return value
    }
}
