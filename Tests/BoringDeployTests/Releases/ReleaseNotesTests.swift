import EventSourcing
import LedgerCore
import Testing

@testable import BoringDeploy

@Suite("Release notes")
struct ReleaseNotesTests {
    private func change(
        _ number: Int, _ type: String?, _ summary: String, scope: String? = nil,
        breaking: Bool = false,
        upgrade: String? = nil, pull: Int? = nil, labels: [String] = [], reverted: Bool = false
    ) -> Change {
        Change(
            commit: String(repeating: String(number), count: 40), type: type, scope: scope,
            breaking: breaking, upgrade: upgrade, summary: summary, pull: pull, labels: labels,
            authors: ["Ann <ann@example.com>"], reverted: reverted)
    }

    private func notes(_ changes: [Change], overrides: [ReleaseNotes.Override] = []) -> ReleaseNotes
    {
        let cut = ReleaseCut(
            version: "2.0.0", previous: "1.2.3", commit: "abc", changes: changes,
            migrations: [
                MigrationFile(path: "db/1_a.sql", digest: .zero),
                MigrationFile(path: "x", digest: nil),
            ],
            cutter: Identity())
        return ReleaseNotes(cut, project: "shop", overrides: overrides)
    }

    @Test(
        "breaking changes come first with their upgrade text, and every line cites commit and pull request"
    )
    func whole() {
        let text = notes(
            [
                change(1, "feat", "add carts (#7)", scope: "shop", pull: 7),
                change(2, "fix", "drop v1", breaking: true, upgrade: "use v2\nnow", pull: 8),
                change(3, nil, "tidy <up>"), change(4, "chore", "x"),
                change(5, "feat", "gone", reverted: true),
            ], overrides: [.init(gate: "freezes", by: "bob", reason: "*urgent*")]
        ).markdown
        #expect(
            text == #"""
                # shop 2.0.0

                Commit `abc` since 1.2.3.

                ## Breaking changes

                - drop v1 (#8, `2222222`)

                  > use v2
                  > now

                ## Features

                - **shop:** add carts (#7, `1111111`)

                ## Maintenance

                - chore: x (`4444444`)

                ## Unconventional commits

                - tidy \<up\> (`3333333`)

                ## Migrations

                - db/1\_a.sql (sha256 `000000000000…`)
                - x (deleted)

                ## Overrides

                - **freezes** overridden by bob: \*urgent\*

                ## Contributors

                - Ann

                """#)
    }

    @Test(
        "what a commit says is text, not markup",
        arguments: [
            ("a*b*_c_`d`", #"a\*b\*\_c\_\`d\`"#), ("[x](y)", #"\[x\](y)"#),
            ("<img>&amp;", #"\<img\>\&amp;"#),
            ("# x", "\\# x"), ("- x", #"\- x"#), ("1. x", #"1\. x"#), ("v1.2", "v1.2"),
            ("a\nb\tc", "a b c"),
            ("~~x~~|", #"\~\~x\~\~\|"#), ("===", #"\==="#), ("  x", "x"), ("così", "così"),
        ])
    func escaping(text: String, escaped: String) {
        #expect(Markdown.escaped(text) == escaped)
    }

    @Test("labels sort what the type does not")
    func labels() {
        let sections = notes([
            change(1, nil, "a", labels: ["feature"]), change(2, "chore", "b", labels: ["bug"]),
            change(3, "docs", "c"), change(4, "deps", "d"),
        ]).sections
        #expect(sections.map(\.category) == [.features, .fixes, .documentation, .others])
    }

    @Test("as JSON they hold the same")
    func json() {
        let object = notes([change(1, "feat", "a")]).json.object
        #expect(object?["version"] == "2.0.0" && object?["contributors"] == ["Ann"])
        #expect(object?["sections"]?.array?.first?.object?["title"] == "Features")
    }
}
