/// Why git did not tell what was asked, and what to do about it.
package struct GitError: Error, Equatable, CustomStringConvertible {
    package enum Code: Sendable {
        /// There is no git, or no repository.
        case unavailable
        case noSuchRevision
        /// The history is cut off (a shallow clone).
        case incomplete
        case conflict
        case failed
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
