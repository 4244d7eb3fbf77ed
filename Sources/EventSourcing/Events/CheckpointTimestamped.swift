import LedgerCore

/// `dev.daybook.checkpoint.timestamped`: a time-stamping authority has seen a checkpoint, so that
/// what it covers existed at a time (RFC 3161; docs/spec/bundle.md, "Timestamps").
package struct CheckpointTimestamped: EventPayload, Equatable {
    package let size: TreeSize
    package let root: Digest
    /// The digests of the attachments: the checkpoint, and the authority's response.
    package let note: Digest
    package let response: Digest
    /// Where the authority was asked.
    package let authority: String
    /// To the second.
    package let time: Timestamp

    package static let definition = EventDefinition(
        name: "dev.daybook.checkpoint.timestamped",
        summary: "A time-stamping authority has seen a checkpoint.")

    /// - Throws: If the note is no checkpoint of the ledger, or the response is not about it.
    package init(
        _ note: [UInt8], response: TimestampResponse, authority: String
    ) throws(EventError) {
        guard response.digest == SHA256.hash(note) else {
            throw EventError("the time stamp is of something else")
        }
        do throws(NoteError) {
            let checkpoint = try Checkpoint(parsing: SignedNote(parsing: note).text)
            (size, root) = (checkpoint.size, checkpoint.root)
        } catch {
            throw EventError(error.description)
        }
        self.note = SHA256.hash(note)
        self.response = SHA256.hash(response.der)
        self.authority = authority
        time = Timestamp(microseconds: response.seconds * 1_000_000)
    }

    package init(data: JSONValue) throws(EventError) {
        guard let object = data.object, object.members.count == 5,
            let size = object["size"]?.integer.flatMap({ UInt64(exactly: $0) }),
            let root = object["root"]?.string.flatMap({ Digest(hex: $0) }),
            let authority = object["authority"]?.string, !authority.isEmpty,
            let time = object["time"]?.string.flatMap({ Timestamp(recorded: $0) }),
            let attachments = object["attachments"]?.array, attachments.count == 2,
            let note = Self.digest(attachments[0], named: "checkpoint.txt"),
            let response = Self.digest(attachments[1], named: "timestamp.tsr")
        else {
            throw EventError(
                "checkpoint.timestamped needs exactly attachments (checkpoint.txt, timestamp.tsr), "
                    + "authority, root, size and time")
        }
        self.size = TreeSize(size)
        self.root = root
        self.note = note
        self.response = response
        self.authority = authority
        self.time = time
    }

    private static func digest(_ value: JSONValue, named name: String) -> Digest? {
        guard let object = value.object, object.members.count == 2, object["name"] == .string(name)
        else { return nil }
        return object["digest"]?.string.flatMap { Digest(reference: $0) }
    }

    package var data: JSONValue {
        [
            "attachments": [
                ["digest": .string(note.reference), "name": "checkpoint.txt"],
                ["digest": .string(response.reference), "name": "timestamp.tsr"],
            ],
            "authority": .string(authority), "root": .string(root.hex),
            "size": .number(Double(size.value)), "time": .string(time.description),
        ]
    }

    /// The event; one for each response.
    package func draft(origin: KeyName, at time: Timestamp) throws(EventError) -> EventDraft {
        let event = try CloudEvent([
            "specversion": "1.0", "id": .string("timestamped-\(response.hex)"),
            "source": .string(origin.text), "type": .string(Self.definition.type.text),
            "subject": .string(LedgerCreated.stream.text), "time": .string(time.description),
            "data": data,
        ])
        return EventDraft(trusted: event, defaulted: ["time"])
    }

    // MARK: Verifying

    /// What is wrong with the stamped checkpoint; nothing if it is one of this size and root, signed
    /// by the ledger's key.
    package func fault(of note: [UInt8], signedBy key: VerifierKey) -> String? {
        do throws(NoteError) {
            let checkpoint = try Checkpoint(verifying: SignedNote(parsing: note), by: key)
            guard checkpoint.size == size, checkpoint.root == root else {
                return "its checkpoint is of size \(checkpoint.size) and root \(checkpoint.root)"
            }
            return nil
        } catch {
            return "its checkpoint: \(error)"
        }
    }

    /// What is wrong with the authority's response; nothing if one of the authorities has signed it
    /// for the checkpoint, at the time that is stated.
    package func fault(
        of response: [UInt8], over note: [UInt8], by authorities: TimestampAuthorities
    ) -> String? {
        let read: TimestampResponse
        do throws(CryptoError) {
            read = try TimestampResponse(der: response)
        } catch {
            return "its time stamp: \(error)"
        }
        let moment = Timestamp(microseconds: read.seconds * 1_000_000)
        guard moment.microseconds / 1_000_000 == time.microseconds / 1_000_000 else {
            return "its time stamp is of \(moment), stated \(time)"
        }
        guard read.verifies(note, by: authorities) else {
            return "none of these authorities has signed its time stamp for the checkpoint"
        }
        return nil
    }
}

/// An authority says that what stands below a size existed at a time.
package struct RecordedStamp: Sendable, Equatable {
    package let position: Position
    package let size: TreeSize
    package let time: Timestamp

    package init(position: Position, size: TreeSize, time: Timestamp) {
        self.position = position
        self.size = size
        self.time = time
    }

    package var json: JSONValue {
        [
            "position": .number(Double(position.value)), "size": .number(Double(size.value)),
            "time": .string(time.description),
        ]
    }

    package var sentence: String {
        "what stands below \(size) existed at \(time) (position \(position))"
    }
}
