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
        for (identities, role) in [(cut.authors, "an author"), ([cut.cutter], "its cutter")] {
            for identity in identities {
                let owners = owners(of: identity)
                if owners.contains(approver) {
                    return "\(approver.name) is \(role) of this release (\(identity.shown))"
                }
                if owners.isEmpty {
                    return
                        "\(role) is unknown (\(identity.shown)), so \(approver.name) cannot be told "
                        + "from them"
                }
            }
        }
        return nil
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
