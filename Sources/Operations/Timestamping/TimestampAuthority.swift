import AsyncHTTPClient
import Foundation
import LedgerCore
import NIOCore

/// A time-stamping authority that is asked over HTTP (RFC 3161 §3.4).
package struct TimestampAuthority: Sendable {
    package let url: String

    /// How long an answer may take.
    private let patience: Duration

    package init(url: String, patience: Duration = .seconds(15)) throws(TimestampError) {
        let parts = URLComponents(string: url)
        guard let scheme = parts?.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts?.host?.isEmpty == false
        else {
            throw TimestampError(
                .badInput,
                "\(url.isEmpty ? "\"\"" : url) is no address of an authority (http, https)")
        }
        // The address is recorded for ever.
        guard parts?.user == nil, parts?.password == nil else {
            throw TimestampError(.badInput, "the authority's address holds a name or a password")
        }
        self.url = url
        self.patience = patience
    }

    /// A response is a few kilobytes: a token and some certificates.
    private static let mostBytes = 1 << 20
    private static let attempts = 3

    /// What it answers, which is about the request; who has signed it is not looked at.
    package func answer(
        _ request: TimestampRequest
    ) async throws(TimestampError) -> TimestampResponse {
        let bytes = try await bytes(answering: request)
        let response: TimestampResponse
        do throws(CryptoError) {
            response = try TimestampResponse(der: bytes)
        } catch {
            throw TimestampError(.refused, "\(url): \(error)")
        }
        guard response.answers(request) else {
            throw TimestampError(.refused, "\(url) has answered another request than this one")
        }
        return response
    }

    /// A client of its own, which does not go on trying an address where nobody listens.
    private func withClient<Value>(
        _ body: (HTTPClient) async throws(TimestampError) -> Value
    ) async throws(TimestampError) -> Value {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.timeout.read = .nanoseconds(patience.microseconds * 1000)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result: Result<Value, TimestampError>
        do throws(TimestampError) {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        try? await client.shutdown()
        return try result.get()
    }

    private func bytes(answering request: TimestampRequest) async throws(TimestampError) -> [UInt8]
    {
        try await withClient { client throws(TimestampError) in
            var fault = TimestampError(.unavailable, url)
            for attempt in 1...Self.attempts {
                switch await ask(request, client) {
                case .success(let bytes): return bytes
                case .failure(let error): fault = error
                }
                guard fault.isWorthTrying, attempt < Self.attempts else { break }
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            }
            throw fault
        }
    }

    /// One question. The deadline is for the whole answer: who sends it byte by byte does not keep
    /// anybody waiting.
    private func ask(
        _ request: TimestampRequest, _ client: HTTPClient
    ) async -> Result<[UInt8], TimestampError> {
        let deadline = NIODeadline.now() + .nanoseconds(patience.microseconds * 1000)
        var message = HTTPClientRequest(url: url)
        message.method = .POST
        message.headers.add(name: "Content-Type", value: "application/timestamp-query")
        message.headers.add(name: "Accept", value: "application/timestamp-reply")
        message.body = .bytes(ByteBuffer(bytes: request.der))
        do {
            let answer = try await client.execute(message, deadline: deadline)
            var bytes: [UInt8] = []
            for try await part in answer.body {
                bytes += part.readableBytesView
                guard bytes.count <= Self.mostBytes else {
                    return .failure(
                        TimestampError(
                            .unavailable, "\(url) answers more than \(Self.mostBytes) bytes")
                    )
                }
                guard NIODeadline.now() < deadline else {
                    return .failure(TimestampError(.unavailable, "\(url) answers too slowly"))
                }
            }
            guard answer.status.code != 200 else { return .success(bytes) }
            var fault = TimestampError(.unavailable, "\(url) answers \(answer.status)")
            fault.isWorthTrying = answer.status.code >= 500
            return .failure(fault)
        } catch {
            return .failure(TimestampError(.unavailable, "\(url) cannot be asked: \(error)"))
        }
    }
}

/// Why a checkpoint has no time stamp.
package struct TimestampError: Error, CustomStringConvertible {
    package enum Kind: Sendable { case badInput, unavailable, refused }

    package let kind: Kind
    package let description: String
    var isWorthTrying = false

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
