import BoringDeploy
import Foundation
import LedgerCore

/// Two servers of one HAProxy backend, by their weights.
package struct HAProxyRouter: TrafficRouter {
    private let socket: HAProxySocket
    private let backend: String
    private let stable: String
    private let canary: String

    package init(socket: String, backend: String, stable: String, canary: String) {
        self.socket = HAProxySocket(address: socket)
        self.backend = backend
        self.stable = stable
        self.canary = canary
    }

    package func route(percent: Int) async throws(RouterError) -> RouterReading {
        // What gets more comes first, so that never both have nothing.
        let weights = [(canary, percent), (stable, 100 - percent)].sorted { $0.1 > $1.1 }
        for (server, weight) in weights {
            let answer = try socket.ask("set server \(backend)/\(server) weight \(weight)")
            let words = answer.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard words.isEmpty else {
                throw RouterError("HAProxy does not give \(backend)/\(server) a weight: \(words)")
            }
        }
        let reading = try await read()
        guard reading.canary.weight == percent, reading.stable.weight == 100 - percent else {
            throw RouterError(
                "HAProxy was told to give \(canary) \(percent)%, and says it has the weight "
                    + "\(reading.canary.weight) beside \(reading.stable.weight)")
        }
        return reading
    }

    package func read() async throws(RouterError) -> RouterReading {
        let servers = try HAProxyState(socket.ask("show servers state \(backend)"), of: backend)
        let counts = try HAProxyStatistics(socket.ask("show stat json"))
        func arm(_ name: String) throws(RouterError) -> RouterReading.Arm {
            guard let server = servers.servers[name] else {
                throw RouterError(
                    "HAProxy's backend \(backend) has no server \(name); it has "
                        + servers.servers.keys.sorted().joined(separator: ", "))
            }
            let count = counts.servers["\(backend)/\(name)"]
            return RouterReading.Arm(
                weight: server.weight, isUp: server.isUp, connections: count?.connections,
                failures: count?.failures)
        }
        let others = servers.servers.filter {
            $0.key != stable && $0.key != canary && $0.value.weight > 0 && $0.value.isUp
        }
        guard others.isEmpty else {
            throw RouterError(
                "HAProxy's backend \(backend) gives traffic to "
                    + others.keys.sorted().joined(separator: ", ")
                    + " as well; a canary shares it between two servers")
        }
        return RouterReading(canary: try arm(canary), stable: try arm(stable))
    }
}

/// `show servers state`: a version, a line of column names after `#`, a line a server.
struct HAProxyState {
    struct Server {
        let weight: Int
        let isUp: Bool
    }

    private(set) var servers: [String: Server] = [:]

    init(_ text: String, of backend: String) throws(RouterError) {
        let lines = text.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }.filter { !$0.isEmpty }
        guard let heading = lines.firstIndex(where: { $0.hasPrefix("#") }) else {
            throw RouterError(
                "HAProxy has no backend \(backend): \(lines.first ?? "it says nothing")")
        }
        let names = lines[heading].dropFirst().split(separator: " ").map(String.init)
        for line in lines[(heading + 1)...] {
            let fields = line.split(separator: " ").map(String.init)
            func field(_ name: String) throws(RouterError) -> String {
                guard let place = names.firstIndex(of: name), place < fields.count else {
                    throw RouterError("HAProxy's state of servers lacks \(name): \(line)")
                }
                return fields[place]
            }
            guard try field("be_name") == backend else { continue }
            guard let weight = Int(try field("srv_uweight")),
                let state = Int(try field("srv_op_state")),
                let admin = Int(try field("srv_admin_state"))
            else { throw RouterError("HAProxy's state of servers is no numbers: \(line)") }
            // Operational state 2 is running; any administrative state but 0 takes it out.
            servers[try field("srv_name")] = Server(weight: weight, isUp: state == 2 && admin == 0)
        }
        guard !servers.isEmpty else {
            throw RouterError("HAProxy's backend \(backend) has no servers")
        }
    }
}

/// `show stat json`: for each proxy and server an array of fields.
struct HAProxyStatistics {
    struct Count {
        /// Sessions, and what failed: connections refused or timed out, and answers that broke.
        let connections: Int
        let failures: Int
    }

    /// By `backend/server`.
    private(set) var servers: [String: Count] = [:]

    init(_ text: String) throws(RouterError) {
        let value: JSONValue
        do {
            value = try StrictJSONParser.parse(Array(text.utf8))
        } catch {
            throw RouterError("HAProxy's statistics are no JSON: \(error)")
        }
        guard let lines = value.array else {
            throw RouterError("HAProxy's statistics are no list")
        }
        for line in lines {
            var fields: [String: JSONValue] = [:]
            for field in line.array ?? [] {
                guard let name = field.object?["field"]?.object?["name"]?.string else { continue }
                fields[name] = field.object?["value"]?.object?["value"]
            }
            guard let backend = fields["pxname"]?.string, let server = fields["svname"]?.string,
                let sessions = fields["stot"]?.integer
            else { continue }
            let failures = (fields["econ"]?.integer ?? 0) + (fields["eresp"]?.integer ?? 0)
            servers["\(backend)/\(server)"] = Count(
                connections: Int(sessions), failures: Int(failures))
        }
    }
}
