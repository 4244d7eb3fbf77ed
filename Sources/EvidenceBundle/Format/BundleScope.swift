import EventSourcing
import LedgerCore

/// What a bundle is of: one release, or every event of a type in a period.
package enum BundleScope: Sendable, Equatable {
    case release(StreamName)
    case population(EventType, Period)

    /// From `since` until before `until`, by the time of recording; without an end where nil.
    package struct Period: Sendable, Equatable {
        package let since: Timestamp?
        package let until: Timestamp?

        package init(since: Timestamp?, until: Timestamp?) {
            self.since = since
            self.until = until
        }

        package func covers(_ time: Timestamp) -> Bool {
            (since.map { $0 <= time } ?? true) && (until.map { time < $0 } ?? true)
        }
    }

    init(_ value: JSONValue, at path: String) throws(FormatError) {
        if value.object?["release"] != nil {
            let object = try StrictObject(value, at: path, members: ["release"])
            let release = try object.text("release")
            guard !release.isEmpty else { throw FormatError("\(path).release is empty") }
            self = .release(StreamName(release))
            return
        }
        let object = try StrictObject(value, at: path, members: ["type", "since", "until"])
        func time(_ name: String) throws(FormatError) -> Timestamp? {
            guard !object.isNull(name) else { return nil }
            guard let time = Timestamp(recorded: try object.text(name)) else {
                throw FormatError("\(path).\(name) is not a time like a recordedtime, or null")
            }
            return time
        }
        let period = Period(since: try time("since"), until: try time("until"))
        if let since = period.since, let until = period.until, until <= since {
            throw FormatError("\(path) is a period that ends before it begins")
        }
        let type = try object.text("type")
        guard !type.isEmpty else { throw FormatError("\(path).type is empty") }
        self = .population(EventType(type), period)
    }

    package var json: JSONValue {
        switch self {
        case .release(let stream): ["release": .string(stream.text)]
        case .population(let type, let period):
            [
                "type": .string(type.text), "since": .optional(period.since?.description),
                "until": .optional(period.until?.description),
            ]
        }
    }

    /// The key that the bundle must show all of, within the period.
    package var key: IndexKey {
        switch self {
        case .release(let stream): .subject(stream.text)
        case .population(let type, _): .type(type.text)
        }
    }
}
