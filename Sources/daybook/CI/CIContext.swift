import Foundation
import LedgerCore

/// What a CI system says of the job that runs, through its variables.
struct CIContext {
    /// The repository, as a URI.
    let source: String?
    /// Who set the job off.
    let actor: String?
    /// Extension attributes, as `cirunid`.
    let facts: [(name: String, value: String)]

    /// Nil outside CI.
    static func current(
        _ environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    ) throws -> CIContext? {
        guard let provider = CIProvider.all.first(where: { environment($0.marker) != nil }) else {
            return nil
        }
        func value(_ variable: String) -> String? {
            environment(variable).flatMap { $0.isEmpty ? nil : $0 }
        }
        for variable in provider.source + [provider.actor].compactMap(\.self)
        where environment(variable) == "" {
            throw Failure(
                .badInput,
                "\(variable) is set but empty; state --source and --actor, or mend the job")
        }
        let parts = provider.source.compactMap(value)
        let source =
            parts.count == provider.source.count && !parts.isEmpty
            ? parts.joined(separator: "/") : nil
        let facts = provider.facts.compactMap { fact in value(fact.variable).map { (fact.name, $0) }
        }
        return CIContext(
            source: source, actor: provider.actor.flatMap(value),
            facts: [("ciprovider", provider.name)] + facts)
    }
}
