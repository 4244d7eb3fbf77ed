import LedgerCore

/// JSON for people: indented, in the canonical order.
enum IndentedJSON {
    static func text(of value: JSONValue) -> String {
        var lines = ""
        append(value, indent: "", to: &lines)
        return lines
    }

    private static func append(_ value: JSONValue, indent: String, to text: inout String) {
        let inner = indent + "  "
        switch value {
        case .object(let object) where !object.members.isEmpty:
            text += "{\n"
            for (index, member) in object.members.enumerated() {
                let comma = index == object.members.count - 1 ? "\n" : ",\n"
                text += inner + scalar(.string(member.name)) + ": "
                append(member.value, indent: inner, to: &text)
                text += comma
            }
            text += indent + "}"
        case .array(let elements) where !elements.isEmpty:
            text += "[\n"
            for (index, element) in elements.enumerated() {
                text += inner
                append(element, indent: inner, to: &text)
                text += index == elements.count - 1 ? "\n" : ",\n"
            }
            text += indent + "]"
        default: text += scalar(value)
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        Table.printable(CanonicalJSONWriter.text(of: value))
    }
}
