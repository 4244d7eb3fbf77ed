import BoringDeploy

/// `people`: who is who. No key, email or login belongs to two people, for then an author could
/// pass for an independent approver.
enum PeopleSection {
    static func read(_ value: Value?, _ known: inout KnownNames) -> [Person] {
        var owners: [String: String] = [:]
        let people = (value?.entries() ?? []).map { key, name, value in
            person(name, value, &owners)
        }
        known.roles = Array(Set(people.flatMap(\.roles))).sorted()
        return people
    }

    private static func person(
        _ name: String, _ value: Value, _ owners: inout [String: String]
    ) -> Person {
        var person = Person(name: name)
        guard
            let section = SectionReader(value, keys: ["keys", "emails", "logins", "roles"])
        else { return person }
        func identities(
            _ key: String, _ what: String, _ read: (Value) -> (kept: String, compared: String)?
        ) -> [String] {
            (section[key]?.items() ?? []).compactMap { item in
                guard let identity = read(item) else { return nil }
                let mark = "\(key) \(identity.compared)"
                if let owner = owners[mark] {
                    item.fault(
                        owner == name
                            ? "\(name) has the \(what) \(shortened(identity.kept)) twice; keep one"
                            : "\(name) and \(owner) have the same \(what), "
                                + "\(shortened(identity.kept)); leave it to one of them")
                }
                owners[mark] = owners[mark] ?? name
                return identity.kept
            }
        }
        person.keys = identities("keys", "key") { item in
            item.publicKey().map { ($0.text, $0.compared) }
        }
        person.emails = identities("emails", "email") { item in
            item.email().map { ($0, $0.lowercased()) }
        }
        person.logins = identities("logins", "login") { item in
            item.text().map { ($0, $0.lowercased()) }
        }
        // A role that is no list is a fault, but one of its own.
        person.roles =
            section["roles"].flatMap { $0.texts() ?? $0.node.scalar.map { [$0.string] } } ?? []
        return person
    }

    private static func shortened(_ text: String) -> String {
        text.count <= 48 ? text : text.prefix(45) + "…"
    }
}
