import Foundation
import Testing

/// `Tests/tables/configuration.txt`, which the schema's test reads too.
struct ConfigurationTable {
    struct Good: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let line: Int
        let words: String
        let text: String
        var testDescription: String { "\(words): \(text)" }
    }

    private(set) var good: [Good] = []
    private(set) var bad: [Bad] = []

    static let shared = ConfigurationTable()

    /// Public halves of keys that nobody has.
    static let keys = [
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEAm/rkW+ihNKeH9YLGIKQyzqgXaysin6jOKwzNz/sqw",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsh56ckpk1C3RRFMcDtOm1lHvpsZ5JrDHE2DMHahb/a",
    ]

    private init() {
        let tests = (#filePath as NSString).deletingLastPathComponent + "/../.."
        let table =
            (try? String(contentsOfFile: tests + "/tables/configuration.txt", encoding: .utf8))
        var records = (table ?? "").components(separatedBy: "\n=== ")
        // The table's own explanation, with three examples.
        records.removeFirst(min(4, records.count))
        for record in records {
            let parts = record.split(separator: "\n", maxSplits: 1).map(String.init)
            let text = zip(["KEY1", "KEY2"], Self.keys).reduce(parts.count > 1 ? parts[1] : "") {
                $0.replacingOccurrences(of: $1.0, with: $1.1)
            }
            let head = parts[0].split(separator: " ", maxSplits: 1).map(String.init)
            if head[0] == "good" {
                good.append(Good(name: head[1], text: text + "\n"))
            } else {
                let place = head[1].split(separator: " ", maxSplits: 1).map(String.init)
                bad.append(Bad(line: Int(place[0]) ?? 0, words: place[1], text: text + "\n"))
            }
        }
    }
}
