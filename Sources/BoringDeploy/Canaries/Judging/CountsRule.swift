/// What a check of counts asks.
package struct CountsRule: Sendable, Equatable {
    /// Against the stable version, or the canary alone against a limit.
    package enum Kind: String, Sendable { case comparison, limit }

    package var kind: Kind
    /// The share of bad requests that is borne in any case, in (0, 1); nil if none is. A limit
    /// needs it. For a limit it is what "not worse" is shown against.
    package var limit: Double?
    /// What "worse" than a limit is shown against, if not the limit itself.
    package var worseLimit: Double?
    /// How many times as likely as in the stable version a bad request may be.
    package var ratio: Double
    /// Requests of the canary below which nothing is shown.
    package var minimum: Int

    package init(
        _ kind: Kind, limit: Double? = nil, worseLimit: Double? = nil, ratio: Double = 2,
        minimum: Int = 20
    ) {
        self.kind = kind
        self.limit = limit
        self.worseLimit = worseLimit
        self.ratio = ratio
        self.minimum = minimum
    }
}
