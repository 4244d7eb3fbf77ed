/// A commit as git tells it.
package struct Commit: Sendable, Equatable {
    /// In full, in hexadecimal.
    package var id: String
    package var parents: [String]
    package var author: Identity
    package var message: String

    package init(id: String, parents: [String] = [], author: Identity, message: String) {
        self.id = id
        self.parents = parents
        self.author = author
        self.message = message
    }

    package var isMerge: Bool { parents.count > 1 }
}

/// A release that is known already, by a tag or by its cut.
package struct KnownRelease: Sendable, Equatable {
    package var version: SemanticVersion
    package var commit: String

    package init(_ version: SemanticVersion, commit: String) {
        self.version = version
        self.commit = commit
    }
}

extension Identity {
    /// `Name <email>`, as git writes it; nil for what is not of this form.
    package init?(mailbox text: String) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else { return nil }
        let email = text[text.index(after: open)...].dropLast()
        let name = text[..<open].split(separator: " ").joined(separator: " ")
        guard !email.isEmpty else { return nil }
        self.init(name: name.isEmpty ? nil : name, email: String(email))
    }

    /// For people: `Name <email>`, or what there is of it.
    package var mailbox: String {
        switch (name, email) {
        case (let name?, let email?): "\(name) <\(email)>"
        case (let name?, nil): name
        case (nil, let email?): "<\(email)>"
        case (nil, nil): login ?? "somebody"
        }
    }
}
