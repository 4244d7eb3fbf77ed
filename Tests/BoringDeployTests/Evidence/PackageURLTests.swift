import LedgerCore
import Testing

@testable import BoringDeploy

/// As packageurl-python 0.17 writes them after reading them.
@Suite("Names of artifacts for other tools")
struct PackageURLTests {
    @Test(
        "are package URLs that read and write back",
        arguments: [
            ("shop.tar", "1.5.0", "pkg:generic/shop/shop.tar@1.5.0"),
            ("images/amd64", "1.5.0", "pkg:generic/shop/images/amd64@1.5.0"),
            ("/a//b/", "1.5.0", "pkg:generic/shop/a/b@1.5.0"),
            ("a:b", "1.0+build", "pkg:generic/shop/a:b@1.0%2Bbuild"),
            ("così è?", "1.5.0", "pkg:generic/shop/cos%C3%AC%20%C3%A8%3F@1.5.0"),
            ("a@b#c%d", "1.5.0", "pkg:generic/shop/a%40b%23c%25d@1.5.0"),
        ])
    func artifact(name: String, version: String, expected: String) {
        let digest = SHA256.hash([])
        let artifact = Artifact(name: name, digest: digest, size: 0)
        #expect(
            PackageURL.artifact(artifact, of: "shop", version)
                == "\(expected)?checksum=sha256:\(digest.hex)")
    }
}
