import EventSourcing
import LedgerCore

/// Who approved what, and who set a gate aside.
extension ReleaseSection {
    /// Those who made the release against those who approved it: makers are many, approvers few.
    var duties: String {
        let makers = release.makers
        guard !makers.isEmpty else { return "" }
        let approvals = compared
        let rows = makers.enumerated().map { index, maker -> [Cell] in
            let names = release.owners(of: maker.identity).map(\.name)
            return [
                .text(maker.identity.shown), .text(maker.role),
                names.isEmpty
                    ? .mark("nobody who is listed", .open) : .name(names.joined(separator: ", ")),
            ] + approvals.map { cell($0.makers[index].duty) }
        }
        return HTMLTable(
            ["Maker", "Part", "Known as"] + approvals.map { "Approver \($0.person)" }, rows
        ).html(titled: "Separation of duties", about: aboutDuties)
    }

    /// Each person once whose approval of this cut was not taken back, whether or not it counts.
    private var compared: [ReleaseEvidence.Approval] {
        var seen: Set<String> = []
        return release.approvals.filter {
            $0.isCurrent && !$0.isRevoked && seen.insert($0.person).inserted
        }
    }

    private func cell(_ duty: ReleaseEvidence.Duty) -> Cell {
        switch duty {
        case .separate: .mark("someone else", .good)
        case .same: .mark("THE SAME PERSON", .bad)
        case .unknown: .mark("cannot be told", .open)
        }
    }

    private var aboutDuties: String {
        let none = release.standing.isEmpty ? "No approval counts for this release. " : ""
        guard release.policy.people != nil, let kept = release.history.ofNewestCut.policy else {
            return none
                + "The ledger keeps no list of people for this cut, so nobody can be told from anybody."
        }
        return none
            + "By the list of people in the daybook.yaml that entry \(kept.fact.position) has kept "
            + "(sha256 \(kept.file.digest.hex.prefix(16))…): compare it with the one that you expect. A "
            + "release is to be approved by others than those who wrote and cut it."
    }

    var approvals: String {
        let rows = release.approvals.map { approval -> [Cell] in
            [
                .text(approval.person), signed(approval.signature), state(approval),
                .time(approval.fact.recordedTime), .entry(approval.fact.position),
            ]
        }
        let rule = release.policy.rule.map {
            " The gate asks for \($0.required)\($0.shownRoles), of others than those who made the release."
        }
        return HTMLTable(["Person", "Signature", "State", "Time (UTC)", "Entry"], rows).html(
            titled: "Approvals",
            about: "Each is an SSH signature over the cut's hash, verified again for this page."
                + (rule ?? ""),
            none: "Nobody has approved this release.")
    }

    private func signed(_ signature: ReleaseEvidence.Approval.Signature) -> Cell {
        switch signature {
        case .verified: .mark("by a key of theirs", .good)
        case .unsigned: .mark("not signed", .bad)
        case .wrong(let fault): .mark(fault, .bad)
        case .unknown: .mark("not verified: no list of people", .open)
        }
    }

    private func state(_ approval: ReleaseEvidence.Approval) -> Cell {
        guard let flaw = release.flaw(of: approval) else { return .mark("counts", .good) }
        let isOpen = !approval.isRevoked && (!approval.isCurrent || approval.isRepeat)
        return .mark(isOpen ? flaw : "does not count: \(flaw)", isOpen ? .open : .bad)
    }

    private var noOverride: String {
        let names = release.overriddenGates
        return names.isEmpty
            ? "No gate was set aside (overridden)."
            : "No override was recorded that can be read, though gates say that they were set aside: "
                + "\(names.joined(separator: ", "))."
    }

    var overrides: String {
        let rows = release.overrides.map { fact, granted -> [Cell] in
            [
                .text(granted.gate), .text(granted.person), signed(release.signature(of: granted)),
                .text(granted.reason),
                .time(granted.expires), .time(fact.recordedTime), .entry(fact.position),
            ]
        }
        return HTMLTable(
            ["Gate", "By", "Signature", "Reason", "Until (UTC)", "Time (UTC)", "Entry"], rows
        ).html(titled: "Gates set aside", none: noOverride)
    }
}
