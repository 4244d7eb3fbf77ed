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
        let plan = uuid("plan")
        return [
            "assessment-results": [
                "uuid": .string(uuid("assessment-results")),
                "metadata": [
                    "title": .string("Evidence of \(title)"), "last-modified": time,
                    "version": .string(tool), "oscal-version": "1.1.3",
                ],
                "import-ap": ["href": .string("#\(plan)")],
                "results": [
                    [
                        "uuid": .string(uuid("result")), "title": .string(title),
                        "description": "What the ledger's sealed evidence shows of each control.",
                        "start": time,
                        "reviewed-controls": [
                            "control-selections": [
                                ["include-controls": .array(included)]
                            ]
                        ],
                        "observations": .array(controls.map { observation($0, resource, time) }),
                        "findings": .array(controls.map(finding)),
                    ]
                ],
                "back-matter": [
                    "resources": [
                        [
                            "uuid": .string(plan), "title": "The plan: the crosswalk",
                            "description":
                                "Which controls are looked at, and what evidence each of them asks for.",
                            "rlinks": [["href": "../crosswalk.json"]],
                        ],
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
                        ],
                    ]
                ],
            ]
        ]
    }

    /// Each identifier once: two frameworks may use the same.
    private var included: [JSONValue] {
        var seen: Set<String> = []
        return controls.map { token($0.control.id) }.filter { seen.insert($0).inserted }
            .map { ["control-id": .string($0)] }
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
            // OSCAL knows no other states; what is meant stands in the remarks.
            "target": [
                "type": "objective-id", "target-id": .string(token(one.control.id)),
                "status": [
                    "state": one.isSatisfied ? "satisfied" : "not-satisfied",
                    "remarks": .string(
                        "\(one.words); whether the control is met is for an auditor to say."),
                ],
            ],
            "related-observations": [
                ["observation-uuid": .string(uuid("observation \(name(one))"))]
            ],
        ]
    }

    private func name(_ one: AssessedControl) -> String {
        "\(one.control.framework) \(one.control.id)"
    }

    /// An XML name without colons, as OSCAL's tokens are: what begins with a figure gets a stroke before it.
    private func token(_ text: String) -> String {
        let plain = String(
            text.map {
                $0.isASCII && ($0.isLetter || $0.isNumber || "-.".contains($0)) ? $0 : "_"
            })
        return plain.first.map { $0.isLetter || $0 == "_" } ?? false ? plain : "_" + plain
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
