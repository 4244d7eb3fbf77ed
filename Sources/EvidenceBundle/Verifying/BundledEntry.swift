import EventSourcing
import LedgerCore

/// A line of `entries.jsonl` that could be read, with its place if `proofs.json` has one.
struct BundledEntry: Sendable {
    let event: CloudEvent
    let time: Timestamp
    /// From 1.
    let line: Int
    let proof: BundleProofs.EntryProof?

    /// Throws what is wrong with the line.
    init(
        _ bytes: [UInt8], line: Int, _ proof: BundleProofs.EntryProof?
    ) throws(FormatError) {
        let fault = bytes.withUnsafeBytes { bytes in
            EventCheck.check(bytes) { outcome -> String? in
                if case .bad(_, let detail) = outcome { detail } else { nil }
            }
        }
        if let fault { throw FormatError(fault) }
        do throws(EventError) {
            event = try CloudEvent(try JSONValue(stored: bytes))
        } catch {
            throw FormatError(error.description)
        }
        guard let time = event.recordedTime else { throw FormatError("recordedtime is missing") }
        self.time = time
        self.line = line
        self.proof = proof
    }

    var position: Position? { proof?.position }

    /// Whether it is one of the ledger's own statements of a type.
    func isOf<Payload: EventPayload>(_ payload: Payload.Type) -> Bool {
        event.type == Payload.definition.type && event.subject == LedgerCreated.stream
    }
}

extension JSONValue {
    fileprivate init(stored bytes: [UInt8]) throws(EventError) {
        do throws(JSONError) {
            self = try StrictJSONParser.parse(bytes, integers: .asStored)
        } catch {
            throw EventError(error.description)
        }
    }
}
