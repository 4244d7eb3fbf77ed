import EventSourcing
import LedgerCore

/// Which evidence the controls of the frameworks ask for: a file that users may replace
/// (schema/config/crosswalk.schema.json).
package struct Crosswalk: Sendable {
    package struct Control: Sendable {
        let framework: String
        let id: String
        let title: String
        let requires: [ControlFact]
    }

    let controls: [Control]
    /// The file as it was given; bundles enclose it.
    package let source: [UInt8]
    /// Whether it is the one that comes with Daybook.
    package var isStandard: Bool { source == PackageResources.crosswalk_json }

    package init(reading bytes: [UInt8]) throws(EventError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try StrictJSONParser.parse(bytes)
        } catch {
            throw EventError("not JSON: \(error)")
        }
        try Self.check(value, "crosswalk", members: ["crosswalk", "controls"])
        for (place, control) in (value.object?["controls"]?.array ?? []).enumerated() {
            try Self.check(
                control, "crosswalk.controls[\(place)]",
                members: ["framework", "id", "title", "requires"])
        }
        let file = try PayloadReader(value, at: "crosswalk")
        guard try file.integer("crosswalk") == 1 else {
            throw EventError("crosswalk.crosswalk is not 1, the version that is read here")
        }
        controls = try file.objects("controls").map { control throws(EventError) in
            var facts: [ControlFact] = []
            for name in try control.texts("requires") {
                guard let fact = ControlFact(rawValue: name) else {
                    let known = ControlFact.allCases.map(\.rawValue).joined(separator: ", ")
                    throw EventError("\"\(name)\" is no fact; there are: \(known)")
                }
                facts.append(fact)
            }
            guard !facts.isEmpty else { throw EventError("a control requires nothing") }
            return Control(
                framework: try control.text("framework"), id: try control.text("id"),
                title: try control.text("title"), requires: facts)
        }
        guard !controls.isEmpty else { throw EventError("crosswalk.controls is empty") }
        let names = controls.map { [$0.framework, $0.id] }
        guard Set(names).count == names.count else {
            throw EventError("crosswalk.controls names a control twice")
        }
        source = bytes
    }

    /// A member that is misspelt would be a demand that nobody sees.
    private static func check(
        _ value: JSONValue, _ place: String, members: [String]
    ) throws(EventError) {
        let other = value.object?.members.map(\.name).first { !members.contains($0) }
        guard let other else { return }
        throw EventError(
            "\(place) has a member \"\(other)\"; there are: \(members.joined(separator: ", "))")
    }

    /// The one that comes with Daybook.
    package static func standard() throws(EventError) -> Crosswalk {
        try Crosswalk(reading: PackageResources.crosswalk_json)
    }

    package func assessed(_ releases: [ReleaseEvidence], _ seal: RecordedSeal) -> [AssessedControl]
    {
        controls.map { control in
            let findings = control.requires.map { $0.finding(releases, seal) }
            return AssessedControl(
                control: control, isSatisfied: findings.allSatisfy(\.isShown),
                positions: Array(Set(findings.flatMap(\.positions))).sorted(),
                reasons: findings.map(\.reason))
        }
    }
}

/// A control with what the evidence says of it.
package struct AssessedControl: Sendable {
    let control: Crosswalk.Control
    let isSatisfied: Bool
    let positions: [Position]
    let reasons: [String]

    /// Of the evidence: whether the control is met is for an auditor to say.
    var words: String { isSatisfied ? "evidence shown" : "not shown here" }

    static func csv(_ controls: [AssessedControl]) -> [UInt8] {
        var table = CSV(["framework", "control", "about", "status", "reason", "entry positions"])
        for one in controls {
            table.add([
                one.control.framework, one.control.id, one.control.title,
                one.words,
                one.reasons.joined(separator: "; "),
                one.positions.map(\.description).joined(separator: " "),
            ])
        }
        return table.bytes
    }
}
