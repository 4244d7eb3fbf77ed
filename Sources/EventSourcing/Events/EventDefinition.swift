import LedgerCore

/// The data of one type of event, in its newest version.
package protocol EventPayload: Sendable {
    static var definition: EventDefinition { get }

    /// Reads data of the newest version; throws what is wrong with it.
    init(data: JSONValue) throws(EventError)

    var data: JSONValue { get }
}

/// A type of event: its name without version, its newest version, and how older data is read.
package struct EventDefinition: Sendable {
    /// As `dev.daybook.release.cut`.
    package let name: String
    package let summary: String
    /// From version 1 to 2, from 2 to 3, …: the newest version is one more than there are
    /// upcasters.
    package let upcasters: [Upcaster]

    package init(name: String, summary: String, upcasters: [Upcaster] = []) {
        self.name = name
        self.summary = summary
        self.upcasters = upcasters
    }

    package var newestVersion: Int { upcasters.count + 1 }

    /// The type that new events have.
    package var type: EventType { EventType("\(name).v\(newestVersion)") }

    /// Brings data of an older version to the newest. Reading only: recorded bytes never change.
    package func upcast(_ data: JSONValue, from version: Int) throws(EventError) -> JSONValue {
        guard (1...newestVersion).contains(version) else {
            throw EventError("\(name) has versions up to \(newestVersion), not \(version)")
        }
        var data = data
        for upcaster in upcasters[(version - 1)...] { data = try upcaster.transform(data) }
        return data
    }
}

/// How data of one version is read as the next.
package struct Upcaster: Sendable {
    package let transform: @Sendable (JSONValue) throws(EventError) -> JSONValue

    package init(_ transform: @escaping @Sendable (JSONValue) throws(EventError) -> JSONValue) {
        self.transform = transform
    }
}
