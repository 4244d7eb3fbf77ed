import AsyncHTTPClient
import BoringDeploy
import Foundation
import LedgerCore
import NIOCore
import NIOSSL

/// Prometheus' HTTP API (https://prometheus.io/docs/prometheus/latest/querying/api/): instant
/// queries, all at one time of the server's own clock.
package struct PrometheusSource: MetricsSource {
    private let settings: MetricsSettings
    private let headers: [(String, String)]
    /// What is trusted, if not what the machine trusts.
    private let configuration: HTTPClient.Configuration?

    /// Throws if a variable with a secret is not set, or certificates cannot be read.
    ///
    /// - Parameter folder: Where the path of certificates starts.
    package init(
        _ settings: MetricsSettings, variables: [String: String], folder: String? = nil
    ) throws(RouterError) {
        self.settings = settings
        configuration = try settings.authorities.map { (path) throws(RouterError) in
            let path = path.hasPrefix("/") ? path : folder.map { "\($0)/\(path)" } ?? path
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path) else {
                throw RouterError("\(path) holds no certificates (PEM) that could be trusted")
            }
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .certificates(certificates)
            return HTTPClient.Configuration(tlsConfiguration: tls)
        }
        var headers: [(String, String)] = []
        func value(_ variable: String) throws(RouterError) -> String {
            guard let value = variables[variable], !value.isEmpty else {
                throw RouterError(
                    "the variable \(variable) of metrics in daybook.yaml is not set, or empty")
            }
            return value
        }
        if let token = settings.token {
            headers.append(("Authorization", "Bearer \(try value(token))"))
        }
        for (name, variable) in settings.headers.sorted(by: { $0.key < $1.key }) {
            headers.append((name, try value(variable)))
        }
        self.headers = headers
    }

    private static let attempts = 3
    private static let mostBytes = 16 << 20

    package func read(_ queries: [String], ago: Duration) async -> MetricReading {
        guard let configuration else {
            return await read(queries, ago: ago, by: HTTPClient.shared)
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: configuration)
        let reading = await read(queries, ago: ago, by: client)
        try? await client.shutdown()
        return reading
    }

    private func read(
        _ queries: [String], ago: Duration, by client: HTTPClient
    ) async -> MetricReading {
        let clock = await ask("time()", at: nil, by: client)
        let time: Double
        switch clock {
        case .failure(let fault): return .failed(queries, fault.description)
        case .success(let data):
            guard let now = data.object?["result"]?.array?.first, case .number(let now) = now else {
                return .failed(queries, "\(settings.prometheus) does not tell its time")
            }
            time = now - ago.inSeconds
        }
        var answers: [String: MetricReading.Answer] = [:]
        for query in Set(queries).sorted() {
            switch await ask(query, at: time, by: client) {
            case .failure(let fault):
                answers[query] = .failed(fault.description)
                // What does not answer one query in time does not answer ten.
                guard !fault.isSilence else {
                    for rest in queries where answers[rest] == nil {
                        answers[rest] = .failed(fault.description)
                    }
                    return MetricReading(time: time, answers: answers)
                }
            case .success(let data): answers[query] = Self.answer(data)
            }
        }
        return MetricReading(time: time, answers: answers)
    }

    private static func answer(_ data: JSONValue) -> MetricReading.Answer {
        let type = data.object?["resultType"]?.string
        guard let result = data.object?["result"]?.array else {
            return .failed("the answer has no result")
        }
        if type == "scalar", result.count == 2, let value = result[1].string {
            return .series([MetricReading.Series(labels: "{}", value: value)])
        }
        guard type == "vector" else {
            return .failed("the query gives a \(type ?? "result"), not a vector")
        }
        var series: [MetricReading.Series] = []
        for one in result {
            guard let labels = one.object?["metric"], labels.object != nil,
                let pair = one.object?["value"]?.array, pair.count == 2,
                let value = pair[1].string
            else { return .failed("the answer has a sample without labels or value") }
            series.append(
                MetricReading.Series(labels: CanonicalJSONWriter.text(of: labels), value: value))
        }
        return .series(series.sorted { $0.labels < $1.labels })
    }

    private struct Fault: Error {
        let description: String
        var isWorthTrying = true
        /// Whether nobody answered at all.
        var isSilence = false
    }

    /// The `data` of an answer.
    private func ask(
        _ query: String, at time: Double?, by client: HTTPClient
    ) async -> Result<JSONValue, Fault> {
        var last = Fault(description: "")
        for attempt in 1...Self.attempts {
            do {
                return .success(try await request(query, at: time, by: client))
            } catch let fault as Fault {
                last = fault
                guard fault.isWorthTrying else { break }
            } catch {
                last = Fault(
                    description: "\(settings.prometheus) cannot be asked: \(error)", isSilence: true
                )
            }
            if attempt < Self.attempts {
                try? await Task.sleep(for: .milliseconds(100 * attempt))
            }
        }
        return .failure(last)
    }

    private func request(
        _ query: String, at time: Double?, by client: HTTPClient
    ) async throws -> JSONValue {
        var request = HTTPClientRequest(
            url: settings.prometheus.trimmingCharacters(in: CharacterSet(charactersIn: "/"))
                + "/api/v1/query")
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
        var form = "query=\(Self.encoded(query))"
        if let time { form += "&time=\(CanonicalJSONWriter.text(of: .number(time)))" }
        request.body = .bytes(ByteBuffer(string: form))
        let response = try await client.execute(
            request, timeout: .nanoseconds(settings.timeout.microseconds * 1000))
        let body = try await response.body.collect(upTo: Self.mostBytes)
        let answer = try? StrictJSONParser.parse(Array(body.readableBytesView)).object
        guard let answer, let status = answer["status"]?.string else {
            throw Fault(
                description: "\(settings.prometheus) answers \(response.status.code), no JSON of "
                    + "Prometheus", isWorthTrying: response.status.code >= 500)
        }
        guard status == "success", let data = answer["data"] else {
            throw Fault(
                description: "\(query): \(answer["error"]?.string ?? status)",
                isWorthTrying: response.status.code >= 500)
        }
        // Of several stores behind one address, some have not answered.
        if let warning = answer["warnings"]?.array?.first?.string {
            throw Fault(description: "\(query) is answered in part: \(warning)")
        }
        return data
    }

    private static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
