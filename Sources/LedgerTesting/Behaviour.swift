/// One promise of a port, and how to see whether an adapter keeps it. `Subject` is what makes the
/// adapter's stores.
package struct Behaviour<Subject: Sendable>: Sendable, CustomStringConvertible {
    /// In plain words, as "an append that is refused leaves nothing behind".
    package let description: String
    private let steps: @Sendable (Subject) async throws -> Void

    package init(_ description: String, _ steps: @escaping @Sendable (Subject) async throws -> Void)
    {
        self.description = description
        self.steps = steps
    }

    /// Throws `Unmet` if the promise is not kept.
    package func check(_ subject: Subject) async throws { try await steps(subject) }
}

/// What a conformance suite found instead of what the port promises.
package struct Unmet: Error, CustomStringConvertible {
    package let description: String
}

/// Expectations of conformance suites. They throw rather than record, so that the library needs no
/// test framework.
package enum Expect {
    package static func that(
        _ isMet: Bool, _ what: @autoclosure () -> String, file: StaticString = #fileID,
        line: UInt = #line
    ) throws {
        guard !isMet else { return }
        throw Unmet(description: "\(file):\(line): \(what())")
    }

    package static func equal<Value: Equatable>(
        _ found: Value, _ expected: Value, _ what: @autoclosure () -> String,
        file: StaticString = #fileID, line: UInt = #line
    ) throws {
        try that(
            found == expected, "\(what()): found \(found), expected \(expected)", file: file,
            line: line)
    }

    package static func some<Value>(
        _ found: Value?, _ what: @autoclosure () -> String, file: StaticString = #fileID,
        line: UInt = #line
    ) throws -> Value {
        guard let found else { throw Unmet(description: "\(file):\(line): there is no \(what())") }
        return found
    }
}
