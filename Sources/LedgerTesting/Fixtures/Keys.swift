import EventSourcing
import LedgerCore

/// The keys of tests. Never of anything else: their secrets stand here.
package enum Keys {
    /// The private key of docs/spec/checkpoint.md: bytes 0, 1, … 31.
    package static func first() throws -> SigningKey { try SigningKey(seed: Array(0...31)) }

    /// Another key.
    package static func second() throws -> SigningKey { try SigningKey(seed: Array(32...63)) }

    /// The origin of docs/spec/checkpoint.md.
    package static func origin() throws -> KeyName { try KeyName("example.com/shop") }

    package static func signer() throws -> LedgerSigner {
        LedgerSigner(origin: try origin(), key: try first())
    }

    /// The verifier key of docs/spec/checkpoint.md.
    package static let verifierKey =
        "example.com/shop+94f057d7+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
}
