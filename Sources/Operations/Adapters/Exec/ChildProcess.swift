import Foundation

/// A started program, the leader of its own process group.
struct ChildProcess: ~Copyable {
    private let process: pid_t
    let output: OutputPipe
    let errors: OutputPipe

    init(_ command: Command) throws(SpawnError) {
        let secrets = command.secrets.compactMap { getenv($0).map { String(cString: $0) } }
        let mask = SecretMask(secrets)
        let output = try OutputPipe(limit: command.mostOutput, mask: mask)
        let errors = try OutputPipe(limit: command.mostOutput, mask: mask)
        process = try Self.start(command, output, errors)
        output.closeWriter()
        errors.closeWriter()
        self.output = output
        self.errors = errors
    }

    private static func start(
        _ command: Command, _ output: OutputPipe, _ errors: OutputPipe
    ) throws(SpawnError) -> pid_t {
        guard !command.argv.isEmpty else { throw SpawnError(description: "empty argv") }
        // posix_spawn has no portable way to another folder; env(1) has.
        let argv = (command.folder.map { ["env", "-C", $0] } ?? []) + command.argv
        let input = try InputFile(command.input)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.descriptor, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writer, 1)
        posix_spawn_file_actions_adddup2(&actions, errors.writer, 2)
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
            throw SpawnError(argv[0], fault)
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

/// What a program reads: a file without a name, so that nobody has to feed it.
private final class InputFile {
    let descriptor: Int32

    init(_ bytes: [UInt8]) throws(SpawnError) {
        let variable = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        let folder = variable.isEmpty ? "/tmp" : variable
        var template = Array("\(folder)/daybook-XXXXXX".utf8CString)
        descriptor = bytes.isEmpty ? open("/dev/null", O_RDONLY) : mkstemp(&template)
        guard descriptor >= 0 else { throw SpawnError(folder) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        guard !bytes.isEmpty else { return }
        unlink(template)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { throw SpawnError(folder) }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }
}
