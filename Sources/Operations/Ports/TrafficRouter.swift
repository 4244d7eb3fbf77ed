import BoringDeploy

/// Shares traffic between the stable version and the canary: the port. What holds of every router:
///
/// - *Read back*: `route` returns only when the router itself has said that the share holds.
/// - *Repeatable*: the same share may be asked for again, after anything.
/// - *Bounded*: a router that does not answer is told within some seconds.
package protocol TrafficRouter: Sendable {
    /// What it does now.
    func read() async throws(RouterError) -> RouterReading

    /// Gives the canary a share of the traffic, of a hundred, and the stable version the rest.
    @discardableResult
    func route(percent: Int) async throws(RouterError) -> RouterReading
}

package struct RouterError: Error, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
