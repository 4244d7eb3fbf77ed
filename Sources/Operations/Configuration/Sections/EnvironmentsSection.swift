import BoringDeploy

/// `environments`: where releases run, and how they get there and back.
enum EnvironmentsSection {
    static func read(_ value: Value?, _ known: inout KnownNames) -> [Environment] {
        (value?.entries() ?? []).compactMap { key, name, value in
            known.environments.append(name)
            guard key.plainName() != nil,
                let section = SectionReader(
                    value,
                    keys: ["deploy", "rollback", "timeout", "secrets", "router", "metrics"])
            else {
                known.deployable.insert(name)
                known.reversible.insert(name)
                return nil
            }
            if section["deploy"] != nil { known.deployable.insert(name) }
            if section["rollback"] != nil { known.reversible.insert(name) }
            return environment(name, section)
        }
    }

    private static func environment(_ name: String, _ section: SectionReader) -> Environment {
        var environment = Environment(
            name: name, deploy: section["deploy"]?.argv() ?? [],
            rollback: section["rollback"]?.argv() ?? [])
        if let timeout = section["timeout"]?.duration() { environment.timeout = timeout }
        if let secrets = section["secrets"] {
            environment.secrets = secrets.unique(secrets.items()) { $0.variable() } ?? []
        }
        environment.router = section["router"].flatMap(router)
        environment.metrics = section["metrics"].flatMap(metrics)
        return environment
    }

    private static func router(_ value: Value) -> RouterSettings? {
        guard let section = SectionReader(value, keys: ["haproxy", "exec"]) else { return nil }
        if let exec = section["exec"] {
            section["haproxy"]?.fault("take haproxy or exec, not both; leave one of them out")
            return exec.argv().map { .exec($0) }
        }
        guard
            let proxy = section.required(
                "haproxy", as: "{socket: PATH, backend: NAME, stable: NAME, canary: NAME}"),
            let reader = SectionReader(proxy, keys: ["socket", "backend", "stable", "canary"])
        else { return nil }
        let socket = reader.required("socket", as: "/run/haproxy/admin.sock")?.text()
        let backend = reader.required("backend", as: "shop")?.proxyName()
        let stable = reader.required("stable", as: "blue")?.proxyName()
        let canary = reader.required("canary", as: "green")?.proxyName()
        guard let socket, let backend, let stable, let canary else { return nil }
        if stable == canary {
            reader["canary"]?.fault("the canary is the stable server; name another")
        }
        return .haproxy(socket: socket, backend: backend, stable: stable, canary: canary)
    }

    private static func metrics(_ value: Value) -> MetricsSettings? {
        guard
            let section = SectionReader(
                value,
                keys: [
                    "prometheus", "canary", "stable", "token", "headers", "authorities", "timeout",
                ]),
            let address = section.required("prometheus", as: "http://127.0.0.1:9090"),
            let text = address.text()
        else { return nil }
        let rest = ["http://", "https://"].first { text.hasPrefix($0) }.map {
            text.dropFirst($0.count)
        }
        guard let rest, !rest.isEmpty, !rest.contains(where: \.isWhitespace) else {
            address.fault("\(address.name) must be an address, as http://127.0.0.1:9090")
            return nil
        }
        if rest.prefix(while: { $0 != "/" }).contains("@") {
            address.fault(
                "\(address.name) holds a password, which would get into the ledger; put it into a "
                    + "variable, as headers: {Authorization: PROMETHEUS_AUTHORIZATION}")
        }
        var settings = MetricsSettings(prometheus: text)
        if let canary = labels(section["canary"]) { settings.canary = canary }
        if let stable = labels(section["stable"]) { settings.stable = stable }
        settings.token = section["token"]?.variable()
        for (_, name, variable) in section["headers"]?.entries() ?? [] {
            settings.headers[name] = variable.variable()
        }
        settings.authorities = section["authorities"]?.text()
        if let timeout = section["timeout"]?.duration() { settings.timeout = timeout }
        return settings
    }

    /// Labels and their values.
    private static func labels(_ value: Value?) -> [String: String]? {
        guard let value, let entries = value.entries() else { return nil }
        if entries.isEmpty { value.fault("\(value.name) is empty; write {LABEL: VALUE}") }
        var labels: [String: String] = [:]
        for (_, name, value) in entries { labels[name] = value.text() }
        return labels
    }
}

extension Value {
    /// Of a backend or a server: HAProxy's commands are divided at spaces.
    fileprivate func proxyName() -> String? {
        guard let text = text() else { return nil }
        let known = text.allSatisfy {
            $0.isASCII && ($0.isLetter || $0.isNumber || "._:-".contains($0))
        }
        guard known else {
            fault("\"\(text)\" is no name in HAProxy; take letters, digits and . _ : -")
            return nil
        }
        return text
    }

    /// The name of an environment variable; not its value, which has no place in this file.
    fileprivate func variable() -> String? {
        guard let text = text() else { return nil }
        let known = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard known, text.first?.isNumber == false else {
            fault("\"\(text)\" is no variable's name; write names as API_TOKEN, never the secret")
            return nil
        }
        return text
    }
}
