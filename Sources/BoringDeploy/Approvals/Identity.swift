import EventSourcing
import LedgerCore

/// Somebody, as far as a tool has named them.
package struct Identity: Sendable, Hashable {
    package var name: String?
    package var email: String?
    /// Of the forge or the CI.
    package var login: String?

    package init(name: String? = nil, email: String? = nil, login: String? = nil) {
        self.name = name
        self.email = email
        self.login = login
    }

    package init(_ data: PayloadReader) throws(EventError) {
        name = try data.optionalText("name")
        email = try data.optionalText("email")
        login = try data.optionalText("login")
    }

    package var json: JSONValue {
        ["name": .optional(name), "email": .optional(email), "login": .optional(login)]
    }
}
