/// What daybook.yaml says, checked. docs/guides/configuration.md; schema/config/daybook.schema.json.
package struct Configuration: Sendable, Equatable {
    /// The ledger's file, as written; relative to the file's folder.
    package var ledger: String?
    /// Names the train: releases are `release/<project>/<version>`.
    package var project: String?
    package var people: [Person] = []
    package var environments: [Environment] = []
    package var services: [Service] = []
    package var releases = ReleaseRules()
    package var gates = GateRules()
    package var train: [TrainStep] = []

    package init() {}

    package func person(_ name: String) -> Person? { people.first { $0.name == name } }
    package func environment(_ name: String) -> Environment? {
        environments.first { $0.name == name }
    }
}

/// How someone is recognised, and what they may do.
package struct Person: Sendable, Equatable {
    package var name: String
    /// OpenSSH public keys, `ssh-ed25519 AAAA…`.
    package var keys: [String]
    /// Compared without regard to case.
    package var emails: [String]
    /// Of the forge or the CI; compared without regard to case.
    package var logins: [String]
    package var roles: [String]

    package init(
        name: String, keys: [String] = [], emails: [String] = [], logins: [String] = [],
        roles: [String] = []
    ) {
        self.name = name
        self.keys = keys
        self.emails = emails
        self.logins = logins
        self.roles = roles
    }
}

/// Where releases run.
package struct Environment: Sendable, Equatable {
    package var name: String
    /// Commands are argv, never a shell's line.
    package var deploy: [String]
    package var rollback: [String]
    package var timeout: Duration = .seconds(900)
    /// Variables whose values are masked in kept output.
    package var secrets: [String] = []
    /// What shares the traffic between versions.
    package var router: RouterSettings?
    /// Where versions are measured.
    package var metrics: MetricsSettings?

    package init(name: String, deploy: [String] = [], rollback: [String] = []) {
        self.name = name
        self.deploy = deploy
        self.rollback = rollback
    }
}

package enum RouterSettings: Sendable, Equatable {
    /// - Parameters:
    ///   - socket: The runtime API: a path, or `HOST:PORT`.
    ///   - stable: The server of the backend that runs what is live.
    ///   - canary: The server that runs what is tried.
    case haproxy(socket: String, backend: String, stable: String, canary: String)
    /// A program's argv; the share follows as a number of percent.
    case exec([String])
}

package struct MetricsSettings: Sendable, Equatable {
    /// Of a Prometheus, as `http://127.0.0.1:9090`.
    package var prometheus: String
    /// What every series of the canary, or of the stable version, is marked with. `$version` in a
    /// value stands for the version that is tried.
    package var canary = ["track": "canary"]
    package var stable = ["track": "stable"]
    /// The variable that holds a bearer token.
    package var token: String?
    /// Header to variable.
    package var headers: [String: String] = [:]
    /// A file of certificates (PEM) that are trusted instead of the machine's; as written.
    package var authorities: String?
    /// Of one request.
    package var timeout: Duration = .seconds(5)

    package init(prometheus: String) { self.prometheus = prometheus }

    package func labels(of version: String) -> ArmLabels {
        func matchers(_ labels: [String: String]) -> [PromQL.Matcher] {
            labels.sorted { $0.key < $1.key }.map {
                PromQL.Matcher($0.key, "=", $0.value.replacing("$version", with: version))
            }
        }
        return ArmLabels(canary: matchers(canary), stable: matchers(stable))
    }
}

package struct Service: Sendable, Equatable {
    package var name: String
    /// OpenSLO files.
    package var slos: [String]

    package init(name: String, slos: [String] = []) {
        self.name = name
        self.slos = slos
    }
}

/// How versions are counted and notes are sorted.
package struct ReleaseRules: Sendable, Equatable {
    /// What stands before the version in a tag.
    package var tagPrefix = "v"
    /// The first version, where there is no release yet.
    package var firstVersion = "0.1.0"
    /// Types that make a patch release; `feat` makes a minor one, others none.
    package var patchTypes = ["fix", "perf", "revert"]
    /// Pull-request labels that mean a breaking change, a feature, a fix.
    package var majorLabels = ["breaking-change", "semver:major"]
    package var minorLabels = ["feature", "semver:minor"]
    package var patchLabels = ["bug", "semver:patch"]
    /// Whether a breaking change of 0.x makes 1.0.0; else it makes a minor version.
    package var breakingLeavesZero = false

    package init() {}
}

package struct GateRules: Sendable, Equatable {
    package var approvals: ApprovalRule?
    package var migrations = MigrationRule()
    package var freezes: [Freeze] = []
    package var events: [RequiredEvent] = []
    /// An environment that a release must have been verified in first, by the one it goes to:
    /// `prod` from `stage`.
    package var promotedFrom: [String: String] = [:]

    package init() {}

    /// Every gate that a train may ask, by its name in the file.
    package static let names = [
        "approvals", "migrations", "freezes", "events", "promotedFrom", "verification",
    ]
    /// Those that work without a word in the file.
    package static let withoutRules = ["migrations", "verification"]

    /// Those that can refuse something, by name.
    package var configured: [String] {
        Self.names.filter { name in
            switch name {
            case "approvals": approvals != nil
            case "freezes": !freezes.isEmpty
            case "events": !events.isEmpty
            case "promotedFrom": !promotedFrom.isEmpty
            default: true
            }
        }
    }
}

/// How many must approve, and who may.
package struct ApprovalRule: Sendable, Equatable {
    package var required = 1
    /// Any of these roles; none means anyone of `people`.
    package var roles: [String] = []
    /// Counts approvals without a signature, which are marked everywhere.
    package var allowUnsigned = false
    /// Other numbers and roles before going to an environment.
    package var environments: [String: ApprovalRule] = [:]

    /// Before any environment.
    package var takesUnsigned: Bool {
        allowUnsigned || environments.values.contains { $0.allowUnsigned }
    }

    package init(
        required: Int = 1, roles: [String] = [], allowUnsigned: Bool = false
    ) {
        self.required = required
        self.roles = roles
        self.allowUnsigned = allowUnsigned
    }
}

/// When a release changes a schema, and who must look at it.
package struct MigrationRule: Sendable, Equatable {
    /// Globs of changed paths.
    package var paths = MigrationRule.defaultPaths
    package var labels = ["schema-change", "migration"]
    package var role = "dba"
    /// A linter's argv; the migration files follow.
    package var linter: [String] = []
    package var linterBlocks = false

    package init() {}

    /// Where common tools keep migrations: Rails, Django, Flyway, Liquibase, Prisma, Alembic,
    /// golang-migrate, Sqitch.
    package static let defaultPaths = [
        "migrations/**", "**/migrations/**", "db/migrate/**", "**/db/migrate/**",
        "**/db/migration/**", "**/db/changelog/**", "prisma/migrations/**",
        "alembic/versions/**", "**/alembic/versions/**", "db/schema.rb", "db/structure.sql",
        "sqitch.plan",
    ]
}

/// Days on which nothing goes to some environments.
package struct Freeze: Sendable, Equatable {
    /// `YYYY-MM-DD` or `YYYY-MM-DDThh:mm`, in the zone. A day as `to` is included to its end.
    package var from: String
    package var to: String
    /// An IANA time zone.
    package var zone: String
    /// None means all.
    package var environments: [String]
    package var reason: String?

    package init(
        from: String, to: String, zone: String = "UTC", environments: [String] = [],
        reason: String? = nil
    ) {
        self.from = from
        self.to = to
        self.zone = zone
        self.environments = environments
        self.reason = reason
    }
}

/// An event that somebody else must have recorded in the release's stream: a scan, a sign-off.
package struct RequiredEvent: Sendable, Equatable {
    package var type: String
    /// Members of its data that must have these values, compared as text.
    package var data: [String: String]
    /// Not older than so long; nil for any age.
    package var within: Duration?

    package init(type: String, data: [String: String] = [:], within: Duration? = nil) {
        self.type = type
        self.data = data
        self.within = within
    }
}

/// One stage of a train, as the configuration plans it.
package enum TrainStep: Sendable, Equatable {
    case cut
    case gate([String])
    case deploy(environment: String, services: [String])
    case canary(CanaryPlan)
    case soak(SoakPlan)
    case verify(VerifyPlan)
    case promote(environment: String, services: [String])
    case bundle

    /// As the file names it.
    package var name: String {
        switch self {
        case .cut: "cut"
        case .gate: "gate"
        case .deploy: "deploy"
        case .canary: "canary"
        case .soak: "soak"
        case .verify: "verify"
        case .promote: "promote"
        case .bundle: "bundle"
        }
    }
}

package struct SoakPlan: Sendable, Equatable {
    package var environment: String
    package var duration: Duration
    package var every: Duration
    /// A probe's argv; it must end with 0. None: only the watching itself is recorded.
    package var watch: [String]

    /// How long one look may take.
    package var watchTimeout: Duration { max(every, .seconds(5)) }

    /// Between two looks, so that the time between them counts as watched.
    package var longestGap: Duration { every * 2 + (watch.isEmpty ? .zero : watchTimeout) }

    package init(
        environment: String, duration: Duration, every: Duration = .seconds(30),
        watch: [String] = []
    ) {
        self.environment = environment
        self.duration = duration
        self.every = every
        self.watch = watch
    }
}

package struct VerifyPlan: Sendable, Equatable {
    package var environment: String
    package var smoke: [String]
    /// The JUnit XML that the smoke suite writes.
    package var junit: String
    package var timeout: Duration = .seconds(900)
    /// What must stay as it was before the deployment.
    package var golden: GoldenPlan?

    package init(environment: String, smoke: [String], junit: String) {
        self.environment = environment
        self.smoke = smoke
        self.junit = junit
    }
}
