import Foundation

/// Where a PostgreSQL database is, as the variables that every libpq program reads.
///
/// Variables, not arguments: a password in an argument shows in the list of processes.
package struct PostgresAddress: Sendable, Equatable {
    /// `PGHOST`, `PGDATABASE` and so on, as far as they are stated.
    package private(set) var variables: [String: String]

    /// libpq's parameters and their variables (PostgreSQL 15, §34.1.2 and §34.15).
    private static let names = [
        "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "dbname": "PGDATABASE",
        "user": "PGUSER", "password": "PGPASSWORD", "passfile": "PGPASSFILE",
        "service": "PGSERVICE", "options": "PGOPTIONS", "sslmode": "PGSSLMODE",
        "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "sslrootcert": "PGSSLROOTCERT",
        "connect_timeout": "PGCONNECT_TIMEOUT", "channel_binding": "PGCHANNELBINDING",
        "gssencmode": "PGGSSENCMODE", "target_session_attrs": "PGTARGETSESSIONATTRS",
    ]

    /// - Parameter text: A URL (`postgresql://…`), a connection string (`host=… dbname=…`), or the
    ///   name of a database.
    package init(_ text: String) throws(RehearsalError) {
        variables = [:]
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") {
            try read(url: text)
        } else if text.contains("=") {
            for part in text.split(separator: " ") {
                let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
                try set(pair[0], pair.count == 2 ? pair[1] : "")
            }
        } else if !text.isEmpty {
            variables["PGDATABASE"] = text
        }
    }

    private mutating func read(url text: String) throws(RehearsalError) {
        guard let parts = URLComponents(string: text) else {
            throw RehearsalError("--database is no URL; give it as postgresql://user@host/name")
        }
        let values = [
            ("host", parts.host), ("port", parts.port.map(String.init)), ("user", parts.user),
            ("password", parts.password), ("dbname", String(parts.path.dropFirst())),
        ]
        for (name, value) in values {
            guard let value, !value.isEmpty else { continue }
            try set(name, name == "host" ? value.removingPercentEncoding ?? value : value)
        }
        for item in parts.queryItems ?? [] { try set(item.name, item.value ?? "") }
    }

    private mutating func set(_ name: String, _ value: String) throws(RehearsalError) {
        guard let variable = Self.names[name] else {
            throw RehearsalError("--database: the parameter \(name) is not known here")
        }
        variables[variable] = value
    }

    /// The same server, another database.
    func naming(_ database: String) -> [String: String] {
        var variables = variables
        variables["PGDATABASE"] = database
        return variables
    }

    /// A URL of a database of this server, as programs that know no PG variables want it.
    func url(of database: String, environment: [String: String]) -> String {
        let all = environment.merging(variables) { _, new in new }
        var url = URLComponents()
        url.scheme = "postgresql"
        url.host = ""
        url.path = "/\(database)"
        let parameters = Self.names.sorted { $0.key < $1.key }
        url.queryItems = parameters.compactMap { name, variable in
            guard name != "dbname", let value = all[variable], !value.isEmpty else { return nil }
            return URLQueryItem(name: name, value: value)
        }
        // Hosts that are names go where every program looks for them; a socket's folder cannot.
        if let host = all["PGHOST"], !host.hasPrefix("/"), !host.contains(",") {
            url.host = host
            url.port = all["PGPORT"].flatMap { Int($0) }
            url.user = all["PGUSER"]
            url.password = all["PGPASSWORD"]
            let placed: Set<String> = ["host", "port", "user", "password"]
            url.queryItems?.removeAll { placed.contains($0.name) }
        }
        if url.queryItems?.isEmpty == true { url.queryItems = nil }
        return url.string ?? ""
    }
}
