import EventSourcing

/// Who approved what, and who set a gate aside.
extension ReleaseSection {
    /// Approvers against those who made the release.
    var duties: String {
        let makers = release.makers
        let rows = release.standing.map { approval -> [Cell] in
            [.text(approval.person)]
                + makers.map { maker in
                    switch release.duty(of: approval.person, against: maker.identity) {
                    case .separate(let names):
                        .mark("someone else (\(names.joined(separator: ", ")))", .good)
                    case .same: .mark("THE SAME PERSON", .bad)
                    case .unknown: .mark("cannot be told", .open)
                    }
                }
        }
        guard !makers.isEmpty else { return "" }
        var about =
            "The ledger keeps no list of people for this release, so nobody can be told from anybody."
        if release.people != nil, let ride = release.ride, let list = release.configuration {
            about =
                "By the list of people in the daybook.yaml that the train kept (entry "
                + "\(ride.fact.position), sha256 \(list.hex.prefix(16))…): compare it with the one that you "
                + "expect. A release is to be approved by others than those who wrote and cut it."
        }
        return HTMLTable(
            ["Approver"] + makers.map { "\($0.role): \($0.identity.shown)" }, rows
        ).html(
            titled: "Separation of duties", about: about,
            none: "No approval counts for this release.")
    }

    var approvals: String {
        let rows = release.approvals.map { approval -> [Cell] in
            [
                .text(approval.person), signed(approval.signature), state(approval),
                .time(approval.fact.recordedTime), .entry(approval.fact.position),
            ]
        }
        return HTMLTable(["Person", "Signature", "State", "Time (UTC)", "Entry"], rows).html(
            titled: "Approvals",
            about: "Each is an SSH signature over the cut's hash, verified again for this page.",
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
        if approval.isRevoked { return .mark("taken back", .bad) }
        guard approval.isCurrent else { return .mark("of an earlier cut", .open) }
        if approval.isLate { return .mark("after it was promoted", .bad) }
        return approval.isStanding ? .mark("counts", .good) : .mark("does not count", .bad)
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
