import LedgerCore

/// A text that the strict parser must refuse: a row of its tables.
struct BadText: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    let fault: JSONError.Fault
    let offset: Int

    init(
        _ description: String? = nil, _ text: String, _ fault: JSONError.Fault, at offset: Int
    ) {
        self.init(description ?? text, Array(text.utf8), fault, at: offset)
    }

    init(
        _ description: String, _ bytes: [UInt8], _ fault: JSONError.Fault, at offset: Int
    ) {
        self.description = description
        self.bytes = bytes
        self.fault = fault
        self.offset = offset
    }

    /// Bytes between quotation marks; the offset counts from the first of them.
    static func quoted(
        _ description: String, _ bytes: [UInt8], _ fault: JSONError.Fault, at offset: Int = 0
    ) -> BadText {
        BadText(description, [0x22] + bytes + [0x22], fault, at: offset + 1)
    }

    /// A text between quotation marks; the offset counts from its first byte.
    static func quoted(_ text: String, _ fault: JSONError.Fault, at offset: Int = 0) -> BadText {
        quoted(text, Array(text.utf8), fault, at: offset)
    }
}
