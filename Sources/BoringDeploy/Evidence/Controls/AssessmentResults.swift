// OSCAL 1.1.3 assessment-results (https://pages.nist.gov/OSCAL/).

import EventSourcing
import LedgerCore

/// The assessed controls for tools that read OSCAL. Every uuid follows from what it names, so that
/// the same evidence gives the same file.
struct AssessmentResults {
    let title: String
    let tool: String
    let seal: RecordedSeal
    let controls: [AssessedControl]
    /// SHA-256 of `entries.jsonl`.
    let entries: Digest

    var bytes: [UInt8] { CanonicalJSONWriter.bytes(of: json) + [0x0A] }

    private var json: JSONValue {
        let time = JSONValue.string(seal.recordedTime.description)
        let resource = uuid("resource")
        return [
            "assessment-results": [
                "uuid": .string(uuid("assessment-results")),
                "metadata": [
                    "title": .string("Evidence of \(title)"), "last-modified": time,
                    "version": .string(tool), "oscal-version": "1.1.3",
                ],
                "import-ap": ["href": .string("#\(resource)")],
                "results": [
                    [
                        "uuid": .string(uuid("result")), "title": .string(title),
                        "description": "What the ledger's sealed evidence shows of each control.",
                        "start": time,
                        "reviewed-controls": ["control-selections": [["include-all": [:]]]],
                        "observations": .array(controls.map { observation($0, resource, time) }),
                        "findings": .array(controls.map(finding)),
                    ]
                ],
                "back-matter": [
                    "resources": [
                        [
                            "uuid": .string(resource), "title": "The entries",
                            "rlinks": [
                                [
                                    "href": "../entries.jsonl",
                                    "hashes": [
                                        ["algorithm": "SHA-256", "value": .string(entries.hex)]
                                    ],
                                ]
                            ],
                        ]
                    ]
                ],
            ]
        ]
    }

    private func observation(
        _ one: AssessedControl, _ resource: String, _ time: JSONValue
    ) -> JSONValue {
        let positions = one.positions.map(\.description).joined(separator: ", ")
        return [
            "uuid": .string(uuid("observation \(name(one))")),
            "description": .string(one.reasons.joined(separator: "; ")), "methods": ["EXAMINE"],
            "collected": time,
            "relevant-evidence": [
                [
                    "href": .string("#\(resource)"),
                    "description": .string(
                        positions.isEmpty
                            ? "No entry shows it." : "Entries at positions \(positions)."),
                ]
            ],
        ]
    }

    private func finding(_ one: AssessedControl) -> JSONValue {
        [
            "uuid": .string(uuid("finding \(name(one))")), "title": .string(name(one)),
            "description": .string(one.control.title),
            "target": [
                "type": "objective-id", "target-id": .string(token(name(one))),
                "status": ["state": one.isSatisfied ? "satisfied" : "not-satisfied"],
            ],
            "related-observations": [
                ["observation-uuid": .string(uuid("observation \(name(one))"))]
            ],
        ]
    }

    private func name(_ one: AssessedControl) -> String {
        "\(one.control.framework) \(one.control.id)"
    }

    /// An XML name without colons, as OSCAL's tokens are.
    private func token(_ text: String) -> String {
        "c_"
            + String(
                text.map {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) ? $0 : "_"
                })
    }

    /// In the form of RFC 9562 version 5, which OSCAL's tools take, but of SHA-256 instead of SHA-1.
    private func uuid(_ name: String) -> String {
        var bytes = Array(
            SHA256.hash(seal.hash.bytes + Array("\(title) \(name)".utf8)).bytes[..<16])
        bytes[6] = bytes[6] & 0x0F | 0x50
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Hex.encode(bytes)
        var parts: [Substring] = []
        var rest = hex[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }
}
