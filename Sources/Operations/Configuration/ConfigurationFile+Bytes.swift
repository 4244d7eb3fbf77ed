import Foundation

extension ConfigurationFile {
    /// Nobody writes more by hand; what has more is another file, or an attack.
    package static let mostBytes = 256 << 10

    /// At most one byte more than `mostBytes`, so that a device without an end is no trap.
    static func bytes(of path: String) throws(ConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, errno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= mostBytes {
            let count = read(descriptor, &buffer, buffer.count)
            if count == 0 { break }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .unreadable(path: path, errno: errno)
            }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }
}
