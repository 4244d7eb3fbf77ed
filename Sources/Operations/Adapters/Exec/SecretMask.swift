/// Replaces the values of secrets, wherever they stand.
struct SecretMask {
    private let secrets: [[UInt8]]

    /// Values shorter than four bytes are left alone: masking them would mask half of the text. Of
    /// one of several lines, as a private key, each long line is masked too: output is shown by lines.
    init(_ values: [String]) {
        let lines = values.flatMap { $0.split(whereSeparator: \.isNewline) }.filter {
            $0.utf8.count >= 8
        }
        secrets = Set(values.map { Array($0.utf8) } + lines.map { Array($0.utf8) })
            .filter { $0.count >= 4 }.sorted { $0.count > $1.count }
    }

    func masked(_ bytes: [UInt8]) -> [UInt8] {
        guard !secrets.isEmpty else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var at = 0
        while at < bytes.count {
            if let secret = secrets.first(where: { bytes[at...].starts(with: $0) }) {
                result += Array("***".utf8)
                at += secret.count
            } else {
                result.append(bytes[at])
                at += 1
            }
        }
        return result
    }
}
