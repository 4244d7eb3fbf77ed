import Foundation
import LedgerCore
import LedgerTesting

/// The ssh-keygen of this machine, with files in a folder of its own.
struct SSHKeygen {
    let folder: TemporaryFolder
    private static let path = "/usr/bin/ssh-keygen"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: path) }

    init() throws { folder = try TemporaryFolder() }

    /// A new key's line.
    func makeKey(_ name: String, _ options: [String]) throws -> String {
        let file = folder.file(name)
        try run(["-q", "-N", "", "-C", "a comment", "-f", file] + options, input: [])
        return try String(contentsOfFile: file + ".pub", encoding: .utf8)
    }

    /// The armoured signature by a key that was made here.
    func sign(
        _ message: [UInt8], with key: String, namespace: String, options: [String] = []
    ) throws -> String {
        let arguments = ["-q", "-Y", "sign", "-n", namespace, "-f", folder.file(key)]
        return try run(arguments + options, input: message).output
    }

    /// Whether `ssh-keygen -Y verify` takes the case.
    func verifies(_ verification: SSHVerification) throws -> Bool {
        let signature = try folder.write("signature", verification.armour)
        let signers = try folder.write("allowed_signers", verification.allowedSigners)
        let time = "-Overify-time=\(SSHVerification.time)"
        let arguments = [
            "-Y", "verify", "-n", verification.namespace, "-I", verification.principal, "-f",
            signers, "-s", signature, time,
        ]
        return try run(arguments, input: verification.message).status == 0
    }

    @discardableResult
    private func run(
        _ arguments: [String], input: [UInt8]
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.path)
        process.arguments = arguments
        process.environment = ["TZ": "UTC", "HOME": folder.path]
        let path = try folder.write("input", input)
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }
}

/// A question that ssh-keygen and Daybook answer alike.
struct SSHVerification {
    /// 2026-11-24T12:00:00Z
    static let time = "20261124120000Z"
    private static let seconds: Int64 = 1_795_521_600

    var armour: String
    var allowedSigners: String
    var principal = "alice@example.com"
    var namespace = "daybook"
    var message = SSHFixture.message

    /// Daybook's answer.
    var isGood: Bool {
        guard let signature = try? SSHSignature(parsing: Array(armour.utf8)),
            (try? signature.verify(message, namespace: namespace)) != nil,
            let signers = try? AllowedSigners(parsing: Array(allowedSigners.utf8))
        else { return false }
        let answer = signers.answer(
            to: signature.publicKey, as: principal, namespace: namespace,
            at: SSHTime(secondsSinceEpoch: Self.seconds))
        return if case .allowed = answer { true } else { false }
    }
}
