/// What `daybook config example` prints: every key, with a word on it. The tests read it.
package enum ConfigurationExample {
    package static let text = """
        # daybook.yaml, complete. Only the keys that you need have to stand in yours; every default is
        # the value shown, unless it says otherwise.

        # The ledger's file; relative paths start from this file's folder. --ledger and DAYBOOK_LEDGER
        # come first.
        ledger: evidence.db
        # Releases are named release/<project>/<version>. A train needs it.
        project: shop

        # Who is who. No key, email or login may belong to two people.
        people:
          ann:
            # OpenSSH public keys: the lines of .pub files.
            keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEAm/rkW+ihNKeH9YLGIKQyzqgXaysin6jOKwzNz/sqw]
            # As git has them.
            emails: [ann@example.com]
            # Of the forge or the CI.
            logins: [ann]
            # Names of your own, which the gates ask for.
            roles: [developer]
          ben:
            keys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBsh56ckpk1C3RRFMcDtOm1lHvpsZ5JrDHE2DMHahb/a]
            emails: [ben@example.com, ben@home.example]
            logins: [ben-gh]
            roles: [release-manager, dba]

        # Where releases run. Commands are a program and its arguments; no shell reads them. DAYBOOK_RELEASE,
        # DAYBOOK_VERSION, DAYBOOK_COMMIT and others tell them what to do.
        environments:
          stage:
            deploy: [./ops/deploy, stage]
            rollback: [./ops/rollback, stage]
            # After so long a command is ended.
            timeout: 15m
            # Variables whose values are masked in all output that is kept. Default: none.
            secrets: [REGISTRY_TOKEN]
            # What shares traffic between versions, for canaries: two servers of an HAProxy backend, over its
            # runtime API (a socket's path, or HOST:PORT). Or a program of yours: exec: [./ops/weigh, stage].
            router: {haproxy: {socket: /run/haproxy/admin.sock, backend: shop, stable: blue, canary: green}}
            # Where canaries are measured, and the labels that tell both versions apart (default: track).
            # $version stands for the version that is tried. Secrets are names of variables.
            metrics:
              prometheus: "http://127.0.0.1:9090"
              canary: {track: canary}
              stable: {track: stable}
              token: PROMETHEUS_TOKEN
              headers: {X-Scope-OrgID: PROMETHEUS_TENANT}
              # Certificates that are trusted instead of the machine's.
              authorities: ops/prometheus-ca.pem
              timeout: 5s
          prod:
            deploy: [./ops/deploy, prod]
            rollback: [./ops/rollback, prod]

        # What a release is made of, for trains that carry several.
        services:
          checkout:
            # OpenSLO files.
            slos: [slo/checkout.yaml]

        # How versions are counted and notes are sorted.
        releases:
          # What stands before the version in a tag; may be "".
          tagPrefix: v
          firstVersion: 0.1.0
          # Commit types that make a patch release; feat makes a minor one.
          patchTypes: [fix, perf, revert]
          # Labels of pull requests that mean a breaking change, a feature, a fix.
          majorLabels: [breaking-change, "semver:major"]
          minorLabels: [feature, "semver:minor"]
          patchLabels: [bug, "semver:patch"]
          # Whether a breaking change of 0.x makes 1.0.0; else it makes a minor version.
          breakingLeavesZero: false

        # The rules. The train says when they are asked.
        gates:
          approvals:
            required: 1
            # Any of these; without roles, any of people.
            roles: [release-manager]
            # Whether an approval without a signature counts.
            allowUnsigned: false
            # What differs before an environment.
            environments:
              prod: {required: 2, roles: [release-manager, dba], allowUnsigned: false}
          migrations:
            # Changed paths that touch a schema. Default: the folders of common tools.
            paths: [migrations/**]
            # Labels that say so.
            labels: [schema-change, migration]
            # Who approves such a release.
            role: dba
            # The migration files follow. Default: no linter.
            linter: [squawk]
            # Whether what it finds stops the release.
            linterBlocks: false
          # From when to when nothing goes where. A day as to is included; without environments it
          # holds for all of them.
          freezes:
            - {from: 2026-12-20, to: 2027-01-04, zone: Europe/Rome, environments: [prod], reason: Holidays}
            - {from: 2026-11-27T18:00, to: 2026-11-28T06:00, zone: UTC}
          # Events that others must have recorded for the release, with these data, not older than within.
          events:
            - {type: com.example.scan.completed, data: {result: passed}, within: 2d}
          # Where a release must have been verified first.
          promotedFrom: {prod: stage}

        # The steps from a revision to a promoted release.
        train:
          - cut
          # Of approvals, migrations, freezes, events, promotedFrom, verification.
          - gate: [approvals, migrations, events]
          # Or only the environment: deploy: stage
          - deploy: {environment: stage, services: [checkout]}
          # Or only the environment: canary: stage
          - canary:
              environment: stage
              steps: [10% for 2m, 50% for 5m]
              # How often it is measured and judged.
              every: 15s
              # Requests of the canary that a check needs before it can pass.
              requests: 50
              # What is done when the steps are over and a check shows nothing: hold, extend, rollback.
              inconclusive: extend
              # All of its time together. Default: three times that of the steps.
              longest: 21m
              # How long metrics may be missing before it is rolled back.
              blind: 1m
              # The probability that a good canary is rolled back, over all its checks and looks together.
              alpha: 0.05
              # Whose objectives it must meet. Default: those of all services.
              services: [checkout]
              # What else goes wrong with bad versions: shares of requests, and gauges.
              signals:
                - {name: denials, bad: authorization_denied_total, total: http_requests_total, limit: 0.05, ratio: 5}
                - {name: backlog, gauge: jobs_waiting, tolerance: 100}
          # Watches for so long, and looks at every interval (default 30s). A watch that does not end
          # with 0 stops the train. Default: no watch.
          - soak: {environment: stage, for: 30m, every: 30s, watch: [./ops/probe, stage]}
          # Runs a smoke suite and reads the JUnit XML that it writes.
          - verify: {environment: stage, smoke: [./ops/smoke, stage], junit: smoke.xml, timeout: 15m}
          - gate: [freezes, promotedFrom, verification]
          # Deploys there, and rolls back there. Takes services as deploy does.
          - promote: prod
          # Golden signals must stay within bounds of what they were before the deployment (most and least:
          # how many times; slack: besides, in the signal's own unit), else it is rolled back.
          - verify:
              environment: prod
              smoke: [./ops/smoke, prod]
              junit: smoke.xml
              golden:
                for: 5m
                every: 15s
                latency: {query: 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[1m])))', most: 1.5}
                traffic: {query: 'sum(rate(http_requests_total[1m]))', least: 0.5}
                errors: {query: 'sum(rate(http_requests_total{code=~"5.."}[1m])) or vector(0)', most: 2, slack: 0.1}
                saturation: {query: 'sum(jobs_waiting)', most: 2, slack: 100}
          - bundle

        """
}
