import Testing

@testable import BoringDeploy

@Suite("Semantic versions")
struct SemanticVersionTests {
    @Test("the specification's order of precedence holds")
    func order() throws {
        let versions = try [
            "0.9.9", "1.0.0-0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
            "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0-rc.1.0", "1.0.0", "1.0.1",
            "1.1.0", "1.10.0", "2.0.0-A", "2.0.0-a", "2.0.0",
        ].map(SemanticVersion.init(parsing:))
        for (low, high) in zip(versions, versions.dropFirst()) {
            #expect(low < high && !(high < low) && low != high)
        }
    }

    @Test("a build is kept and does not count")
    func build() throws {
        let version = try SemanticVersion(parsing: "1.0.0-rc.1+sha.0012")
        #expect(version.description == "1.0.0-rc.1+sha.0012")
        #expect(version == (try SemanticVersion(parsing: "1.0.0-rc.1")))
    }

    @Test(
        "what is written is what was read",
        arguments: [
            "0.0.0", "1.2.3", "1.0.0-x-y-z.--", "1.0.0-0A.is.legal", "1.0.0+001", "10.20.30",
        ])
    func same(text: String) throws {
        #expect(try SemanticVersion(parsing: text).description == text)
    }

    @Test(
        "what is no version is refused",
        arguments: [
            "", "1", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.02.3", "1.2.03", "1.2.x", "1.2.-1",
            " 1.2.3",
            "1.2.3 ", "1.2.3-", "1.2.3+", "1.2.3-a..b", "1.2.3-01", "1.2.3-rc_1", "1.2.3+a+b",
            "1.2.3-é",
            "1.2.3+", "-1.2.3", "+1.2.3", "99999999999999999999.0.0", "1.2.3-99999999999999999999",
            "1,2,3",
            "1.2.3\n", "latest",
        ])
    func bad(text: String) {
        #expect(throws: VersionError.self) { try SemanticVersion(parsing: text) }
    }
}
