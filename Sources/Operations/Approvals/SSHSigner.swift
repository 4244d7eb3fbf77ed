import BoringDeploy

/// Signs by `ssh-keygen -Y sign`, so that keys in agents and on hardware work as they do for git.
package struct SSHSigner: Sendable {
    private let commands: any CommandRunner

    package init(_ commands: any CommandRunner) { self.commands = commands }

    package enum Result: Sendable {
        /// The armoured signature.
        case signed(String)
        case failed(String)
    }

    /// - Parameter key: The path of a private key, or of a public key whose private half an agent
    ///   holds.
    package func sign(_ statement: SignedStatement, key: String) async -> Result {
        var command = Command([
            "ssh-keygen", "-Y", "sign", "-n", SignedStatement.namespace, "-f", key,
        ])
        command.input = statement.bytes
        command.timeout = .seconds(120)
        let ended = await commands.run(command)
        guard ended.isSuccess else {
            let said =
                String(decoding: ended.errors, as: UTF8.self)
                .split(separator: "\n").last.map { ": \($0)" } ?? ""
            return .failed("ssh-keygen \(ended.description)\(said)")
        }
        return .signed(String(decoding: ended.output, as: UTF8.self))
    }
}
