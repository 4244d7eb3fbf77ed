import LedgerCore

/// An event with its place in the log.
package struct RecordedEvent: Sendable {
    package let entry: Entry
    package let event: CloudEvent

    /// Reads the event of an entry; throws if the entry holds none.
    package init(_ entry: Entry) throws(EventError) {
        self.entry = entry
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSONParser.parse(entry.eventBytes, integers: .asStored)
        } catch {
            throw EventError("the event is not JSON: \(error)")
        }
        event = try CloudEvent(value)
    }

    package var position: Position { entry.position }
}
