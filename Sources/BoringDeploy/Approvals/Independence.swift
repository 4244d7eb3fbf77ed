/// Separation of duties: an approver is neither an author of a change nor the cutter. Who cannot be
/// told from one is not independent.
package struct Independence: Sendable {
    private let people: [Person]

    package init(_ people: [Person]) { self.people = people }

    /// Why somebody may not approve a cut; nil if they may.
    package func fault(of approver: Person, in cut: ReleaseCut) -> String? {
        if cut.authors.isEmpty, cut.changeCount > 0 {
            return
                "the cut names no authors of its changes, so \(approver.name) cannot be told from them"
        }
        var unknown: [(role: String, identity: Identity)] = []
        for (identities, role) in [(cut.authors, "an author"), ([cut.cutter], "its cutter")] {
            for identity in identities {
                let owners = owners(of: identity)
                if owners.contains(approver) {
                    return "\(approver.name) is \(role) of this release (\(identity.shown))"
                }
                if owners.isEmpty, unknown.last?.identity != identity {
                    unknown.append((role, identity))
                }
            }
        }
        return unknown.isEmpty ? nil : Self.words(for: unknown, approver)
    }

    /// All of them, so that they can be listed at once.
    private static func words(
        for unknown: [(role: String, identity: Identity)], _ approver: Person
    ) -> String {
        let authors = unknown.filter { $0.role == "an author" }.map(\.identity.shown)
        let cutter = unknown.first { $0.role != "an author" }?.identity.shown
        let who = [
            authors.isEmpty
                ? nil
                : (authors.count == 1 ? "an author is" : "\(authors.count) authors are")
                    + " unknown (\(authors.joined(separator: ", ")))",
            cutter.map { "its cutter is unknown (\($0))" },
        ]
        return who.compactMap(\.self).joined(separator: " and ")
            + ", so \(approver.name) cannot be told from them: list their addresses and logins under "
            + "people in daybook.yaml, as emails and logins of whose they are"
    }

    /// Everyone whom an identity recognises.
    package func owners(of identity: Identity) -> [Person] {
        people.filter { person in
            identity.email.map { email in
                person.emails.contains { $0.lowercased() == email.lowercased() }
            } ?? false
                || identity.login.map { login in
                    person.logins.contains { $0.lowercased() == login.lowercased() }
                } ?? false
        }
    }
}

extension Identity {
    package var shown: String {
        let parts = [name, email.map { "<\($0)>" }, login.map { "@\($0)" }].compactMap(\.self)
        return parts.isEmpty ? "nobody named" : parts.joined(separator: " ")
    }
}
