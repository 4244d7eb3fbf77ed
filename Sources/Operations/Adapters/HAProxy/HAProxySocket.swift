import Foundation

/// HAProxy's runtime API (HAProxy Management Guide, §9.3 "Unix Socket commands"): one command a
/// connection, ended by a newline; the answer ends with the connection.
struct HAProxySocket: Sendable {
    /// A path, or `HOST:PORT`.
    let address: String
    let timeout: Duration = .seconds(5)

    private static let mostBytes = 16 << 20

    func ask(_ command: String) throws(RouterError) -> String {
        let descriptor = try connected()
        defer { close(descriptor) }
        var limit = timeval(tv_sec: timeout.components.seconds.asTime, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        var rest = Array("\(command)\n".utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault("cannot be written to") }
            rest = rest.dropFirst(count)
        }
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count == 0 { break }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw fault("does not answer \"\(command)\"") }
            answer.append(contentsOf: buffer[..<count])
            guard answer.count <= Self.mostBytes else { throw fault("answers without an end") }
        }
        guard let text = String(validating: answer, as: UTF8.self) else {
            throw fault("answers what is not UTF-8")
        }
        return text
    }

    private func fault(_ what: String) -> RouterError {
        let why =
            errno == EAGAIN || errno == 0 ? "it took too long" : String(cString: strerror(errno))
        return RouterError("HAProxy's socket \(address) \(what): \(why)")
    }

    private func connected() throws(RouterError) -> Int32 {
        let isPath = address.contains("/") || !address.contains(":")
        return isPath ? try connectedToPath() : try connectedToPort()
    }

    private func connectedToPath() throws(RouterError) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw fault("cannot be made") }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(address.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else {
            close(descriptor)
            throw RouterError("HAProxy's socket \(address) has too long a path")
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let status = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, size)
            }
        }
        guard status == 0 else {
            let error = fault("cannot be reached")
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private func connectedToPort() throws(RouterError) -> Int32 {
        let colon = address.lastIndex(of: ":") ?? address.startIndex
        let host = address[..<colon].trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(
            host, String(address[address.index(after: colon)...]), &hints, &found)
        guard status == 0 else {
            throw RouterError(
                "HAProxy's socket \(address) cannot be found: \(String(cString: gai_strerror(status)))"
            )
        }
        defer { freeaddrinfo(found) }
        var next = found
        while let candidate = next?.pointee {
            let descriptor = socket(
                candidate.ai_family, candidate.ai_socktype | Int32(SOCK_CLOEXEC.rawValue),
                candidate.ai_protocol)
            // A host that swallows packets must not hold the train for minutes.
            var limit = timeval(tv_sec: timeout.components.seconds.asTime, tv_usec: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit,
                socklen_t(MemoryLayout<timeval>.size))
            if descriptor >= 0,
                connect(descriptor, candidate.ai_addr, candidate.ai_addrlen) == 0
            {
                return descriptor
            }
            if descriptor >= 0 { close(descriptor) }
            next = candidate.ai_next
        }
        throw fault("cannot be reached")
    }
}

extension Int64 {
    fileprivate var asTime: time_t { time_t(self) }
}
