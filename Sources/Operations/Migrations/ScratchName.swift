import Foundation
import LedgerCore

/// The name of a scratch copy: unmistakable, and it says which process made it.
///
/// `daybook_scratch_<host>_<pid>_<start>_<random>`: the host as 8 hexadecimal digits of a hash, the
/// process with the time it started at, so that another process with its number is not taken for
/// it. At most 63 bytes, as PostgreSQL asks.
package struct ScratchName: Sendable, Hashable {
    package let text: String

    package static let prefix = "daybook_scratch_"

    /// A new name for this process.
    package static func make() -> ScratchName {
        let random = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        return ScratchName(
            text: "\(prefix)\(host)_\(getpid())_\(startTime(of: getpid()) ?? "0")_\(random)")
    }

    private init(text: String) { self.text = text }

    /// Nil unless the text has the shape of one.
    package init?(_ text: String) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard text.hasPrefix(Self.prefix), parts.count == 6,
            text.utf8.allSatisfy({ Self.isPlain($0) })
        else { return nil }
        self.text = text
    }

    /// Small letters, digits and `_`: nothing that would need quoting.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }

    /// Whether the process that made it is alive; nil if it ran on another machine.
    package var isInUse: Bool? {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[2] == Self.host, let pid = Int32(parts[3]) else { return nil }
        return Self.startTime(of: pid).map { $0 == parts[4] } ?? false
    }

    private static let host: String = {
        var system = utsname()
        uname(&system)
        let name = withUnsafeBytes(of: &system.nodename) { Array($0.prefix { $0 != 0 }) }
        return String(SHA256.hash(name).hex.prefix(8))
    }()

    /// The 22nd field of `/proc/<pid>/stat`, in clock ticks since the machine started (proc(5)).
    private static func startTime(of pid: Int32) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else {
            return nil
        }
        // The 2nd field, the program's name, may hold blanks and brackets itself.
        let text = String(decoding: data, as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[bracket...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }
}
