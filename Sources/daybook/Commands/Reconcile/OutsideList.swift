import LedgerCore

/// Lists that come from outside, as files.
enum OutsideList {
    static func runs(_ bytes: [UInt8], of name: String) throws -> Set<Int> {
        if let value = try? StrictJSONParser.parse(bytes), let array = value.array {
            return Set(
                try array.enumerated().map { place, element in
                    let members = ["number", "run_number", "iid"].lazy
                    let number =
                        element.integer
                        ?? members.compactMap { element.object?[$0]?.integer }.first
                    guard let number, number >= 0 else {
                        throw Failure(.badInput, "\(name): [\(place)] has no run's number")
                    }
                    return Int(number)
                })
        }
        return Set(
            try lines(bytes).map { place, line in
                guard let number = UInt64(decimal: line), let number = Int(exactly: number) else {
                    throw Failure(.badInput, "\(name):\(place): not the number of a run: \(line)")
                }
                return number
            })
    }

    static func artifacts(_ bytes: [UInt8], of name: String) throws -> [Digest: String] {
        var found: [Digest: String] = [:]
        for (place, line) in lines(bytes) {
            // sha256sum marks a line whose name it has escaped by a backslash.
            let parts = line.drop { $0 == "\\" }.split(
                separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            let hex = parts.first.map { $0.hasPrefix("sha256:") ? $0.dropFirst(7) : $0 } ?? ""
            guard let digest = Digest(hex: hex.lowercased()) else {
                throw Failure(
                    .badInput,
                    "\(name):\(place): not a SHA-256 and a name, as sha256sum writes them")
            }
            found[digest] =
                parts.count > 1 ? String(parts[1].drop { $0 == " " || $0 == "*" }) : "it"
        }
        return found
    }

    /// Those that are not empty, counted from 1.
    private static func lines(_ bytes: [UInt8]) -> [(place: Int, line: String)] {
        bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().compactMap {
            let line = String(decoding: $1.filter { $0 != 0x0D }, as: UTF8.self)
            return line.allSatisfy(\.isWhitespace) ? nil : ($0 + 1, line)
        }
    }
}
