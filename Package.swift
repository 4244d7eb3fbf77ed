// swift-tools-version: 6.2
import PackageDescription

// An async function runs where its caller runs, unless it says otherwise: the command line stays on its one thread.
let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "daybook",
    products: [.executable(name: "daybook", targets: ["daybook"])],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    // In dependency order: arrows run down only.
    targets: [
        .systemLibrary(
            name: "CLibCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "LedgerCore", dependencies: ["CLibCrypto"], swiftSettings: settings),
        .target(name: "EventSourcing", dependencies: ["LedgerCore"], swiftSettings: settings),
        .systemLibrary(name: "CMiniZip", providers: [.apt(["libminizip-dev"])]),
        .target(
            name: "EvidenceBundle", dependencies: ["EventSourcing", "LedgerCore", "CMiniZip"],
            swiftSettings: settings),
        .target(
            name: "BoringDeploy", dependencies: ["EventSourcing", "LedgerCore"],
            resources: [.embedInCode("Evidence/Controls/Data"), .embedInCode("Evidence/Page")],
            swiftSettings: settings),
        .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
        .target(
            name: "Operations",
            dependencies: [
                "BoringDeploy", "EvidenceBundle", "EventSourcing", "LedgerCore", "CExpat", "Yams",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.embedInCode("Bundles/Enclosed")],
            swiftSettings: settings),
        .target(
            name: "SQLiteStore",
            dependencies: [
                "EventSourcing", "LedgerCore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            resources: [.embedInCode("Schema")],
            swiftSettings: settings),
        .target(
            name: "LedgerTesting", dependencies: ["EventSourcing", "LedgerCore"],
            swiftSettings: settings),
        .executableTarget(
            name: "daybook",
            dependencies: [
                "Operations", "BoringDeploy", "EvidenceBundle", "SQLiteStore", "EventSourcing",
                "LedgerCore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
            // At a fixed address the loader has 100,000 places less to fill in at every start
            // (docs/decisions/0005).
            linkerSettings: [
                .unsafeFlags(["-Xclang-linker", "-no-pie"], .when(configuration: .release))
            ]),
        .testTarget(
            name: "LedgerCoreTests", dependencies: ["LedgerCore", "LedgerTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "EventSourcingTests", dependencies: ["EventSourcing", "LedgerTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "BoringDeployTests",
            dependencies: ["BoringDeploy", "EventSourcing", "LedgerCore", "LedgerTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "OperationsTests",
            dependencies: ["Operations", "BoringDeploy", "EventSourcing", "LedgerTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "SQLiteStoreTests", dependencies: ["SQLiteStore", "LedgerTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "daybookTests", dependencies: ["daybook", "LedgerTesting"],
            swiftSettings: settings),
    ]
)
