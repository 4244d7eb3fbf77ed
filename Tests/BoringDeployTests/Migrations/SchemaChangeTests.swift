import BoringDeploy
import Testing

@Suite("Whether a change touches a schema")
struct SchemaChangeTests {
    @Test(
        "common tools' migrations are known by their paths",
        arguments: [
            "migrations/7.sql", "shop/migrations/0001_initial.py", "db/migrate/2026_add.rb",
            "src/main/resources/db/migration/V7__add.sql", "prisma/migrations/7/migration.sql",
            "alembic/versions/7.py", "db/schema.rb", "sqitch.plan",
        ])
    func paths(path: String) {
        let change = SchemaChange(labels: [], paths: ["README.md", path], under: MigrationRule())
        #expect(change.isSchemaAffecting)
        #expect(change.paths == [path])
    }

    @Test("labels count whatever their case, and others do not")
    func labels() {
        let rule = MigrationRule()
        let change = SchemaChange(labels: ["bug", "Schema-Change"], paths: [], under: rule)
        #expect(change.labels == ["Schema-Change"])
        #expect(change.isSchemaAffecting)
        let other = SchemaChange(labels: ["bug"], paths: ["docs/migrations.md"], under: rule)
        #expect(!other.isSchemaAffecting)
    }
}
