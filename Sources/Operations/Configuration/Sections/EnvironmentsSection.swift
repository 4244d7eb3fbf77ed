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
        if let router = section["router"] { checkRouter(router) }
        if let metrics = section["metrics"] { checkMetrics(metrics) }
        return environment
    }

    /// Canaries use it; here only its shape is checked.
    private static func checkRouter(_ value: Value) {
        guard let section = SectionReader(value, keys: ["haproxy"]),
            let proxy = section.required(
                "haproxy", as: "{socket: PATH, backend: NAME, stable: NAME, canary: NAME}"),
            let reader = SectionReader(proxy, keys: ["socket", "backend", "stable", "canary"])
        else { return }
        _ = reader.required("socket", as: "/run/haproxy/admin.sock")?.text()
        _ = reader.required("backend", as: "shop")?.text()
        _ = reader.required("stable", as: "blue")?.text()
        _ = reader.required("canary", as: "green")?.text()
    }

    private static func checkMetrics(_ value: Value) {
        guard let section = SectionReader(value, keys: ["prometheus"]),
            let address = section.required("prometheus", as: "http://127.0.0.1:9090"),
            let text = address.text()
        else { return }
        let rest = ["http://", "https://"].first { text.hasPrefix($0) }.map {
            text.dropFirst($0.count)
        }
        guard let rest, !rest.isEmpty, !rest.contains(where: \.isWhitespace) else {
            address.fault("\(address.name) must be an address, as http://127.0.0.1:9090")
            return
        }
    }
}

extension Value {
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
