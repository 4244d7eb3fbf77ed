import BoringDeploy
import Foundation

/// This process as a runner of trains, and whether another is still alive.
enum RunnerProcess {
    static func current() -> Runner {
        Runner(host: host, process: Int(getpid()), started: startTime(of: Int(getpid())) ?? "")
    }

    /// Known to be gone: it was on this machine, and no process of its number started when it did.
    static func isDead(_ runner: Runner) -> Bool {
        runner.host == host && startTime(of: runner.process) != runner.started
    }

    /// Host name and boot: process numbers start anew with each boot.
    private static let host: String = {
        let boot = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
        let id = String(decoding: boot.prefix(8), as: UTF8.self)
        return "\(ProcessInfo.processInfo.hostName) (boot \(id))"
    }()

    /// Field 22 of proc_pid_stat(5); the second field may hold anything, up to the last bracket.
    private static func startTime(of process: Int) -> String? {
        guard let stat = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
            return nil
        }
        let text = String(decoding: stat, as: UTF8.self)
        guard let bracket = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        // A zombie is dead, though it still has a number.
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return String(fields[19])
    }
}
