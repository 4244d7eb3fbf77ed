import BoringDeploy
import Foundation
import LedgerTesting
import Operations
import Testing

@Suite("daybook.yaml")
struct ConfigurationFileTests {
    private func read(_ text: String, path: String = "/shop/daybook.yaml") throws
        -> ConfigurationFile
    {
        try ConfigurationFile(path: path, bytes: Array(text.utf8))
    }

    @Test("a relative ledger starts from the file's folder, an absolute one does not")
    func paths() throws {
        #expect(try read("ledger: evidence.db").ledgerPath == "/shop/evidence.db")
        #expect(try read("ledger: /mnt/evidence.db").ledgerPath == "/mnt/evidence.db")
        #expect(try read("project: shop").ledgerPath == nil)
        #expect(try read("ledger: a.db", path: "daybook.yaml").ledgerPath == "a.db")
    }

    @Test("what is right is read", arguments: ConfigurationTable.shared.good)
    func good(_ row: ConfigurationTable.Good) throws {
        _ = try read(row.text)
        _ = try read("\u{FEFF}" + row.text)
        _ = try read(row.text.replacingOccurrences(of: "\n", with: "\r\n"))
    }

    @Test(
        "it is looked for from the working directory upwards, and one at fault is not passed over")
    func upwards() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.file("a/b/c"), withIntermediateDirectories: true)
        try folder.write("daybook.yaml", "ledger: top.db\n")
        try folder.write("a/b/daybook.yaml", "ledger: ../inner.db\n")
        func path(_ from: String) throws -> String? {
            try ConfigurationFile.nearest(to: from)?.ledgerPath
        }
        #expect(try path(folder.file("a/b/c")) == folder.file("a/b/../inner.db"))
        #expect(try path(folder.file("a")) == folder.file("top.db"))
        try folder.write("a/daybook.yaml", "leger: x\n")
        #expect(throws: ConfigurationError.self) { try path(folder.file("a")) }
    }

    @Test("a file that is not there, and a folder in its place, are told")
    func unreadable() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ConfigurationError.unreadable(path: folder.file("x"), errno: ENOENT)) {
            try ConfigurationFile(path: folder.file("x"))
        }
        #expect(throws: ConfigurationError.unreadable(path: folder.path, errno: EISDIR)) {
            try ConfigurationFile(path: folder.path)
        }
    }

    @Test("the example has every key of the file, and means what it says")
    func example() throws {
        let configuration = try read(ConfigurationExample.text).configuration
        #expect(configuration.project == "shop")
        #expect(configuration.person("ben")?.roles == ["release-manager", "dba"])
        #expect(configuration.environment("stage")?.timeout == .seconds(900))
        #expect(configuration.environment("stage")?.secrets == ["REGISTRY_TOKEN"])
        #expect(configuration.releases == ReleaseRules())
        #expect(configuration.gates.approvals?.environments["prod"]?.required == 2)
        #expect(configuration.gates.freezes.map(\.zone) == ["Europe/Rome", "UTC"])
        #expect(
            configuration.gates.events == [
                RequiredEvent(
                    type: "com.example.scan.completed", data: ["result": "passed"],
                    within: .seconds(2 * 86_400))
            ])
        #expect(configuration.gates.promotedFrom == ["prod": "stage"])
        #expect(configuration.gates.configured == GateRules.names)
        #expect(configuration.train.count == 10)
        #expect(configuration.train[2] == .deploy(environment: "stage", services: ["checkout"]))
        #expect(
            configuration.train[4]
                == .soak(
                    SoakPlan(
                        environment: "stage", duration: .seconds(1800),
                        watch: ["./ops/probe", "stage"])))
        #expect(configuration.train[7] == .promote(environment: "prod", services: []))
    }

    @Test("what an environment's approvals do not say is as for all")
    func inheritance() throws {
        let rule = try read(
            """
            people: {ann: {roles: [boss]}}
            environments: {prod: {}}
            gates:
              approvals: {required: 1, roles: [boss], allowUnsigned: true, environments: {prod: {required: 2}}}
            """
        ).configuration.gates.approvals
        #expect(
            rule?.environments["prod"]
                == ApprovalRule(required: 2, roles: ["boss"], allowUnsigned: true))
    }

    @Test("a short soak without an interval is looked at once")
    func shortSoak() throws {
        let train = try read(
            """
            project: shop
            environments: {stage: {}}
            train: [cut, {soak: {environment: stage, for: 5s}}]
            """
        ).configuration.train
        #expect(
            train.last
                == .soak(
                    SoakPlan(environment: "stage", duration: .seconds(5), every: .seconds(5))))
    }

    @Test(
        "durations",
        arguments: [("30s", 30), ("2m", 120), ("1h30m", 5400), ("2d", 172_800), ("1d1s", 86_401)])
    func durations(text: String, seconds: Int) {
        #expect(Duration(configured: text) == .seconds(seconds))
    }
}
