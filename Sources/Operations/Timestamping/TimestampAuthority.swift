import AsyncHTTPClient
import Foundation
import LedgerCore
import NIOCore

/// A time-stamping authority that is asked over HTTP (RFC 3161 §3.4).
package struct TimestampAuthority: Sendable {
    package let url: String

    /// How long an answer may take.
    private let patience: TimeAmount

    package init(url: String, patience: Duration = .seconds(15)) throws(TimestampError) {
        let parts = URLComponents(string: url)
        guard let scheme = parts?.scheme?.lowercased(), ["http", "https"].contains(scheme),
            parts?.host?.isEmpty == false
        else {
            throw TimestampError(
                .badInput, "\(url.isEmpty ? "\"\"" : url) is no address of an authority (http, https)")
        }
        self.url = url
        self.patience = .milliseconds(Int64(patience / .milliseconds(1)))
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

    private func bytes(answering request: TimestampRequest) async throws(TimestampError) -> [UInt8] {
        var fault = TimestampError(.unavailable, url)
        for attempt in 1...Self.attempts {
            do {
                var message = HTTPClientRequest(url: url)
                message.method = .POST
                message.headers.add(name: "Content-Type", value: "application/timestamp-query")
                message.headers.add(name: "Accept", value: "application/timestamp-reply")
                message.body = .bytes(ByteBuffer(bytes: request.der))
                let answer = try await HTTPClient.shared.execute(message, timeout: patience)
                let body = try await answer.body.collect(upTo: Self.mostBytes)
                if answer.status.code == 200 { return Array(body.readableBytesView) }
                fault = TimestampError(.unavailable, "\(url) answers \(answer.status)")
                guard answer.status.code >= 500 else { throw fault }
            } catch let error as TimestampError {
                throw error
            } catch {
                // The client has tried to connect for as long as it may.
                throw TimestampError(.unavailable, "\(url) cannot be asked: \(error)")
            }
            if attempt < Self.attempts {
                try? await Task.sleep(for: .milliseconds(200 * attempt))
            }
        }
        throw fault
    }
}

/// Why a checkpoint has no time stamp.
package struct TimestampError: Error, CustomStringConvertible {
    package enum Kind: Sendable { case badInput, unavailable, refused }

    package let kind: Kind
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
