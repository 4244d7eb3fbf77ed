import EventSourcing
import Foundation
import LedgerCore

/// The one event of `append --type …`, out of the options, the CI's variables and the machine.
struct SingleEvent {
    let draft: EventDraft
    let expected: ExpectedVersion
    let attachments: [Attachment]

    init(_ options: AppendCommand) throws {
        let context = CIContext.current()
        var stated = JSONObject()
        var filledIn = JSONObject()
        func set(
            _ name: String, _ value: String?, else fallback: @autoclosure () throws -> String?
        ) rethrows {
            if let value {
                stated[name] = .string(value)
            } else if let value = try fallback() {
                filledIn[name] = .string(value)
            }
        }
        stated["specversion"] = "1.0"
        stated["id"] = .string(options.id ?? UUID().uuidString.lowercased())
        stated["type"] = .string(EventType(expanding: options.type ?? "").text)
        stated["subject"] = options.subject.map { .string($0) }
        stated["source"] = .string(try options.source ?? context?.source() ?? Self.hostSource)
        set("time", options.time, else: SystemClock.now().description)
        try set("actor", options.actor, else: context?.actor() ?? Self.user)
        if options.actor == "" { throw Failure(.usage, "--actor is empty; name somebody") }
        for fact in context?.facts ?? [] { filledIn[fact.name] = .string(fact.value) }
        let named = try options.attach.map(NamedAttachment.init)
        stated["data"] = try Self.data(options.data, naming: named)

        var event = filledIn
        for member in stated.members { event[member.name] = member.value }
        draft = try EventDraft(
            CloudEvent(.object(event)), defaulted: Set(filledIn.members.map(\.name)))
        expected = try Self.expected(options.expect)
        attachments = named.map(\.attachment)
    }

    private static func expected(_ text: String?) throws -> ExpectedVersion {
        switch text {
        case nil: return .any
        case "none": return .noStream
        case let text?:
            guard let version = UInt64(decimal: text).flatMap({ Int64(exactly: $0) }), version > 0
            else {
                throw Failure(
                    .usage, "--expect \"\(text)\": give the stream's version, 1 or more, or none")
            }
            return .version(StreamVersion(version))
        }
    }

    private static func data(
        _ text: String?, naming attachments: [NamedAttachment]
    ) throws -> JSONValue? {
        let value = try text.map(parse)
        guard !attachments.isEmpty else { return value }
        guard var object = value == nil ? JSONObject() : value?.object else {
            throw Failure(.usage, "--attach names its files in data, so --data must be an object")
        }
        guard object["attachments"] == nil else {
            throw Failure(.usage, "--data has a member attachments already; leave it to --attach")
        }
        object["attachments"] = .array(attachments.map(\.reference))
        return .object(object)
    }

    private static func parse(_ text: String) throws -> JSONValue {
        let path = text == "-" ? "-" : text.hasPrefix("@") ? String(text.dropFirst()) : nil
        let bytes = try path.map { try Files.read($0) } ?? Array(text.utf8)
        do {
            return try StrictJSONParser.parse(bytes)
        } catch {
            throw Failure(.badInput, "\(path.map(Files.name) ?? "--data"): \(error)")
        }
    }

    /// Outside CI: this host.
    static var hostSource: String {
        var system = utsname()
        uname(&system)
        let name = withUnsafeBytes(of: &system.nodename) { Array($0.prefix { $0 != 0 }) }
        let host = name.filter {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == 0x2D || $0 == 0x2E
        }
        return "//\(String(decoding: host, as: UTF8.self))/daybook"
    }

    static var user: String? {
        for variable in ["LOGNAME", "USER"] {
            if let value = getenv(variable), value.pointee != 0 { return String(cString: value) }
        }
        guard let record = getpwuid(geteuid()), let name = record.pointee.pw_name else {
            return nil
        }
        return name.pointee == 0 ? nil : String(cString: name)
    }
}

/// `NAME=PATH` of `--attach`.
private struct NamedAttachment {
    let name: String
    let attachment: Attachment

    init(_ text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Failure(.usage, "--attach \"\(text)\": give it as NAME=PATH")
        }
        name = String(parts[0])
        attachment = Attachment(try Files.read(String(parts[1]), atMost: Attachment.largest))
    }

    var reference: JSONValue {
        [
            "name": .string(name), "digest": .string(attachment.digest.reference),
            "size": .number(Double(attachment.bytes.count)),
        ]
    }
}
