/// Replaces the values of secrets, wherever they stand.
struct SecretMask {
    private let secrets: [[UInt8]]

    /// Values shorter than four bytes are left alone: masking them would mask half of the text.
    init(_ values: [String]) {
        secrets = values.map { Array($0.utf8) }.filter { $0.count >= 4 }
            .sorted { $0.count > $1.count }
    }

    /// How much more than a part of a text is to be read, so that no secret at its edge is cut.
    var margin: Int { secrets.first?.count ?? 0 }

    func masked(_ bytes: [UInt8]) -> [UInt8] { masked(bytes, keeping: 0..<bytes.count) }

    /// What begins in a range of the bytes, masked.
    func masked(_ bytes: [UInt8], keeping range: Range<Int>) -> [UInt8] {
        guard !secrets.isEmpty else { return Array(bytes[range]) }
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        var at = 0
        while at < range.upperBound {
            let secret = secrets.first { bytes[at...].starts(with: $0) }
            if at >= range.lowerBound {
                if secret == nil { result.append(bytes[at]) } else { result += Array("***".utf8) }
            }
            at += secret?.count ?? 1
        }
        return result
    }
}
