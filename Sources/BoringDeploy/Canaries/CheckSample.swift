import EventSourcing
import LedgerCore

/// What a look says about one check.
package struct CheckSample: Sendable, Equatable {
    package enum Content: Sendable, Equatable {
        case counts(LookCounts)
        case gauge(canary: Double, stable: Double)
        /// Whether it is bad in itself, and why.
        case flag(isBad: Bool, String)
        /// Nothing can be said, and why. It never counts for the canary.
        case missing(String)
    }

    package var check: String
    package var content: Content

    package init(_ check: String, _ content: Content) {
        self.check = check
        self.content = content
    }

    package var json: JSONValue {
        var object = JSONObject()
        object["check"] = .string(check)
        switch content {
        case .counts(let look):
            object["canary"] = look.canary.json
            object["stable"] = look.stable.json
        case .gauge(let canary, let stable):
            object["canary"] = .number(canary)
            object["stable"] = .number(stable)
        case .flag(let isBad, let reason):
            object["bad"] = .bool(isBad)
            object["reason"] = .string(reason)
        case .missing(let reason): object["missing"] = .string(reason)
        }
        return .object(object)
    }

    package init(_ data: PayloadReader) throws(EventError) {
        check = try data.text("check")
        if data.has("missing") {
            content = .missing(try data.text("missing"))
        } else if data.has("bad") {
            content = .flag(isBad: try data.bool("bad"), try data.text("reason"))
        } else if case .number(let canary) = try data.value("canary") {
            content = .gauge(canary: canary, stable: try data.number("stable"))
        } else {
            content = .counts(
                LookCounts(
                    canary: try RequestCounts(data.object("canary")),
                    stable: try RequestCounts(data.object("stable"))))
        }
    }
}

extension RequestCounts {
    fileprivate init(_ data: PayloadReader) throws(EventError) {
        self.init(total: try data.integer("total"), bad: try data.integer("bad"))
        guard total >= 0, bad >= 0, bad <= total else {
            throw EventError("\(bad) bad requests of \(total)")
        }
    }
}
