import BoringDeploy

/// A router behind a program of the user's: called with the share as a number of percent, it sets
/// it; called with `read`, it prints the share that holds. Both print that number on a line alone.
package struct ExecRouter: TrafficRouter {
    private let argv: [String]
    private let commands: any CommandRunner
    private let folder: String?

    package init(_ argv: [String], _ commands: any CommandRunner, folder: String?) {
        self.argv = argv
        self.commands = commands
        self.folder = folder
    }

    package func read() async throws(RouterError) -> RouterReading { try await ask("read") }

    package func route(percent: Int) async throws(RouterError) -> RouterReading {
        let reading = try await ask(String(percent))
        guard reading.canary.weight == percent else {
            throw RouterError(
                "\(argv[0]) was told to give the canary \(percent)%, and says it has "
                    + "\(reading.canary.weight)%")
        }
        return reading
    }

    private func ask(_ word: String) async throws(RouterError) -> RouterReading {
        var command = Command(argv + [word])
        command.folder = folder
        command.timeout = .seconds(30)
        let ended = await commands.run(command)
        guard ended.isSuccess else {
            let errors = String(decoding: ended.errors.suffix(500), as: UTF8.self)
            throw RouterError("\(argv[0]) \(word): \(ended.description) \(errors)")
        }
        let text = String(decoding: ended.output, as: UTF8.self)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard let percent = Int(text), (0...100).contains(percent) else {
            throw RouterError(
                "\(argv[0]) \(word) must print a number from 0 to 100, not \"\(text)\"")
        }
        return RouterReading(
            canary: RouterReading.Arm(weight: percent, isUp: true),
            stable: RouterReading.Arm(weight: 100 - percent, isUp: true))
    }
}
