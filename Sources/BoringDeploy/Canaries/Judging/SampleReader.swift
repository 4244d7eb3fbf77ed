import EventSourcing
import LedgerCore

/// Reads one object of a file of samples; errors name the place as `checks[0].looks[3].canary`.
struct SampleReader {
    let path: String
    private let object: JSONObject

    init(_ value: JSONValue, at path: String, members: Set<String>? = nil) throws(EventError) {
        guard let object = value.object else {
            throw EventError("\(path.isEmpty ? "the file" : path) must be an object")
        }
        self.path = path
        self.object = object
        if let members, let other = object.members.first(where: { !members.contains($0.name) }) {
            throw EventError(
                "\(place(other.name)) is not known here; take "
                    + members.sorted().joined(separator: ", "))
        }
    }

    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func has(_ name: String) -> Bool { object[name] != nil }

    private func required(_ name: String) throws(EventError) -> JSONValue {
        guard let value = object[name] else { throw EventError("\(place(name)) is missing") }
        return value
    }

    func text(_ name: String) throws(EventError) -> String {
        guard let text = try required(name).string, !text.isEmpty else {
            throw EventError("\(place(name)) must be a text")
        }
        return text
    }

    func list(_ name: String) throws(EventError) -> [JSONValue] {
        guard let list = try required(name).array else {
            throw EventError("\(place(name)) must be an array")
        }
        return list
    }

    /// Nil if it is not there.
    func amount(_ name: String) throws(EventError) -> Double? {
        guard let value = object[name] else { return nil }
        guard case .number(let amount) = value, amount >= 0 else {
            throw EventError("\(place(name)) must be a number, 0 or more")
        }
        return amount
    }

    /// Between 0 and 1.
    func share(_ name: String) throws(EventError) -> Double? {
        guard let share = try amount(name) else { return nil }
        guard share > 0, share < 1 else {
            throw EventError("\(place(name)) must lie between 0 and 1")
        }
        return share
    }

    func bool(_ name: String) throws(EventError) -> Bool? {
        guard let value = object[name] else { return nil }
        guard case .bool(let bool) = value else {
            throw EventError("\(place(name)) must be true or false")
        }
        return bool
    }

    func count(_ name: String) throws(EventError) -> Int? {
        guard let value = object[name] else { return nil }
        guard let count = value.integer, count >= 0 else {
            throw EventError("\(place(name)) must be a whole number, 0 or more")
        }
        return Int(count)
    }

    func values(_ name: String) throws(EventError) -> [Double] {
        var values: [Double] = []
        for (index, element) in try list(name).enumerated() {
            guard case .number(let value) = element else {
                throw EventError("\(place(name))[\(index)] must be a number")
            }
            values.append(value)
        }
        guard values.count <= GaugeRule.mostValues else {
            throw EventError(
                "\(place(name)) has \(values.count) values; thin them out to at most "
                    + "\(GaugeRule.mostValues)")
        }
        return values
    }

    func requests(_ name: String) throws(EventError) -> RequestCounts {
        let reader = try SampleReader(
            try required(name), at: place(name), members: ["total", "bad"])
        guard let total = try reader.count("total") else {
            throw EventError("\(reader.place("total")) is missing")
        }
        guard let bad = try reader.count("bad") else {
            throw EventError("\(reader.place("bad")) is missing")
        }
        guard bad <= total else {
            throw EventError("\(reader.path): \(bad) bad requests of \(total) in all")
        }
        return RequestCounts(total: total, bad: bad)
    }
}
