import CExpat

/// Where an element of an XML document begins or ends.
enum XMLStep: Equatable {
    case begin(String, [String: String])
    case end(String)

    /// Reads an XML 1.0 document through expat. Nothing outside of it is fetched, and entities that grow
    /// beyond measure are refused.
    ///
    /// - Throws: Where it is not well-formed.
    static func steps(of document: [UInt8]) throws(XMLFault) -> [XMLStep] {
        guard let length = Int32(exactly: document.count), let parser = ExpatParser() else {
            throw XMLFault(line: 0)
        }
        var steps: [XMLStep] = []
        let isRead = withUnsafeMutablePointer(to: &steps) { told in
            XML_SetUserData(parser.handle, told)
            XML_SetElementHandler(
                parser.handle,
                { told, name, attributes in
                    XMLStep.tell(told, .begin(text(name), pairs(attributes)))
                },
                { told, name in XMLStep.tell(told, .end(text(name))) })
            return document.withUnsafeBytes { bytes in
                XML_Parse(
                    parser.handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), length,
                    1) == XML_STATUS_OK
            }
        }
        guard isRead else { throw XMLFault(line: Int(XML_GetCurrentLineNumber(parser.handle))) }
        return steps
    }

    private static func tell(_ told: UnsafeMutableRawPointer?, _ step: XMLStep) {
        told?.assumingMemoryBound(to: [XMLStep].self).pointee.append(step)
    }
}

struct XMLFault: Error {
    let line: Int
}

private struct ExpatParser: ~Copyable {
    let handle: XML_Parser

    init?() {
        guard let handle = XML_ParserCreate(nil) else { return nil }
        self.handle = handle
    }

    deinit { XML_ParserFree(handle) }
}

private func text(_ characters: UnsafePointer<XML_Char>?) -> String {
    characters.map { String(cString: $0) } ?? ""
}

/// Names and values in turn, up to a null pointer.
private func pairs(
    _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
) -> [String: String] {
    var pairs: [String: String] = [:]
    var next = attributes
    while let place = next, let name = place[0] {
        pairs[String(cString: name)] = text(place[1])
        next = place + 2
    }
    return pairs
}
