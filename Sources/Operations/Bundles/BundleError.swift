/// Why a bundle cannot be exported.
package struct BundleError: Error, CustomStringConvertible {
    package enum Kind: Sendable { case noSuchRelease, badInput, damaged }

    package let kind: Kind
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
