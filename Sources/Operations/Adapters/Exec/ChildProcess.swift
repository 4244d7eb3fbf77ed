import Foundation

/// A started program, the leader of its own process group.
struct ChildProcess: ~Copyable {
    private let process: pid_t
    let output: OutputFile
    let errors: OutputFile

    init(_ command: Command) throws(SpawnError) {
        let (output, errors) = (try OutputFile(), try OutputFile())
        process = try Self.start(command, output, errors)
        self.output = output
        self.errors = errors
    }

    private static func start(
        _ command: Command, _ output: OutputFile, _ errors: OutputFile
    ) throws(SpawnError) -> pid_t {
        guard !command.argv.isEmpty else { throw SpawnError(description: "empty argv") }
        // posix_spawn has no portable way to another folder; env(1) has.
        let argv = (command.folder.map { ["env", "-C", $0] } ?? []) + command.argv
        let input = try OutputFile()
        input.fill(command.input)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.descriptor, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setflags(
            &attributes,
            Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)

        let variables = ProcessInfo.processInfo.environment.merging(command.variables) { $1 }
        var arguments = argv.map { strdup($0) } + [nil]
        var environment = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in arguments + environment { free(text) } }
        var process = pid_t()
        let fault = posix_spawnp(&process, argv[0], &actions, &attributes, &arguments, &environment)
        guard fault == 0 else {
            throw SpawnError(description: "\(argv[0]): \(String(cString: strerror(fault)))")
        }
        return process
    }

    /// How it ended, if it has.
    func poll() -> CommandOutcome.End? {
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        if found == process {
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        }
        guard found < 0, errno != EINTR else { return nil }
        return .notStarted(String(cString: strerror(errno)))
    }

    /// To it and all that it has started, as far as they stay in its group.
    func signal(_ signal: Int32) { kill(-process, signal) }
}

/// A file without a name, which a program writes to.
final class OutputFile {
    let descriptor: Int32

    init() throws(SpawnError) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(folder)/daybook-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw SpawnError(description: "\(folder): \(String(cString: strerror(errno)))")
        }
        unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func fill(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { break }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    private var size: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    private func read(_ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        return Array(bytes.prefix(max(0, count)))
    }

    /// Whole lines from an offset on, and where the next begin.
    func newLines(from start: Int) -> ([UInt8], Int) {
        let bytes = read(start..<min(size, start + 1 << 18))
        guard let last = bytes.lastIndex(of: 0x0A) else { return ([], start) }
        return (Array(bytes[...last]), start + last + 1)
    }

    /// All of it, masked; of too much, the beginning and the end.
    func kept(_ limit: Int, _ mask: SecretMask) -> [UInt8] {
        let size = size
        guard size > limit else { return mask.masked(read(0..<size)) }
        let half = max(0, limit / 2 - 64)
        let margin = min(mask.margin, size - half)
        let head = mask.masked(read(0..<(half + margin)), keeping: 0..<half)
        let tail = mask.masked(
            read((size - half - margin)..<size), keeping: margin..<(half + margin))
        let note = "\n[daybook: \(size - 2 * half) bytes left out]\n"
        return head + Array(note.utf8) + tail
    }
}
