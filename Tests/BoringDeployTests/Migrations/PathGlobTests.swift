import Testing

@testable import BoringDeploy

@Suite("Globs of paths")
struct PathGlobTests {
    @Test(
        "a path matches, or not, as a shell's globs have it",
        arguments: [
            (
                "migrations/**", ["migrations/1.sql", "migrations/a/b.sql"],
                ["migrations", "x/migrations/1"]
            ),
            (
                "**/migrations/**", ["migrations/1.sql", "a/b/migrations/c/1"],
                ["migration/1", "amigrations/1"]
            ),
            ("*.sql", ["a.sql", ".sql"], ["a/b.sql", "a.sqlx"]),
            ("**/*.sql", ["a.sql", "a/b/c.sql"], ["a.sql/x"]),
            ("db/?.sql", ["db/1.sql", "db/è.sql"], ["db/12.sql", "db//.sql"]),
            ("db/[0-9]_[!x].sql", ["db/1_a.sql"], ["db/a_a.sql", "db/1_x.sql", "db/1_/.sql"]),
            (
                "db/{up,down}.sql", ["db/up.sql", "db/down.sql"],
                ["db/{up,down}.sql", "db/updown.sql"]
            ),
            ("{a,b/{c,d}}/x", ["a/x", "b/c/x", "b/d/x"], ["b/x", "c/x"]),
            ("a{,.b}", ["a", "a.b"], ["a."]),
            ("a**b", ["ab", "axxb"], ["a/b"]),
            ("a/**/b", ["a/b", "a/x/y/b"], ["ab", "a/xb"]),
            ("**", ["a", "a/b"], []),
            (#"a\*"#, ["a*"], ["ab"]), ("[]x]", ["]", "x"], ["a"]), ("[a-]", ["a", "-"], ["b"]),
            ("a.b", ["a.b"], ["axb", "A.B"]),
        ])
    func matches(glob: String, yes: [String], no: [String]) throws {
        let glob = try PathGlob(glob)
        for path in yes { #expect(glob.matches(path), "\(path)") }
        for path in no { #expect(!glob.matches(path), "\(path)") }
    }

    @Test("a pattern made to be slow is not", .timeLimit(.minutes(1)))
    func slow() throws {
        let glob = try PathGlob(String(repeating: "**/*a*/", count: 12) + "b")
        #expect(!glob.matches(String(repeating: "aaaaaaaa/", count: 60) + "c"))
    }

    @Test(
        "what is no glob is refused",
        arguments: [
            "", "/a", "a[b", "a{b", "a}b", "[z-a]", #"a\"#, String(repeating: "{a,b}", count: 9),
        ])
    func bad(glob: String) {
        #expect(throws: GlobError.self) { try PathGlob(glob) }
    }

    @Test("the defaults are globs")
    func defaults() throws {
        for glob in MigrationRule.defaultPaths { _ = try PathGlob(glob) }
    }
}
