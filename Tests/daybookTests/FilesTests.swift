import Foundation
import LedgerTesting
import Testing

@testable import daybook

@Suite("Files")
struct FilesTests {
    private func failure(_ body: () throws -> Void) -> Failure.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? Failure)?.code
        }
    }

    @Test("a file is read to its end, but not beyond what is allowed")
    func reading() throws {
        let folder = try TemporaryFolder()
        let bytes = [UInt8](repeating: 7, count: 200_000)
        let path = try folder.write("file", bytes)
        #expect(try Files.read(path) == bytes)
        #expect(try Files.read(path, atMost: 200_000) == bytes)
        #expect(failure { _ = try Files.read(path, atMost: 199_999) } == .badInput)
        #expect(failure { _ = try Files.read(folder.file("none")) } == .noInput)
        #expect(failure { _ = try Files.read(path + "/below") } == .noInput)
        #expect(failure { _ = try Files.read(folder.path) } == .badInput)
    }

    @Test("making a file never replaces one")
    func creating() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("file")
        try Files.create(path, [1, 2], mode: 0o600)
        #expect(failure { try Files.create(path, [3], mode: 0o600) } == .cannotCreate)
        #expect(try Files.read(path) == [1, 2])
        #expect(
            failure { try Files.create(folder.file("no/file"), [], mode: 0o600) } == .cannotCreate)
    }

    @Test("a replacement takes the name only when it is whole")
    func replacing() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("file", "old")
        let abandoned = try Files.Replacement(path)
        #expect(try Files.read(path) == Array("old".utf8))
        abandoned.abandon()
        let replacement = try Files.Replacement(path)
        try replacement.finish(Array("new".utf8))
        #expect(try Files.read(path) == Array("new".utf8))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names == ["file"], "no draft is left behind")
        #expect(failure { _ = try Files.Replacement(folder.file("no/file")) } == .cannotCreate)
    }

    @Test("a signing key's file is for its owner only, and is read back")
    func signingKey() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("key")
        try SigningKeyFile.create(path, Keys.first())
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(try SigningKeyFile.read(path).publicKey == Keys.first().publicKey)
        #expect(failure { _ = try SigningKeyFile.read(folder.file("none")) } == .noInput)
        let rubbish = folder.file("rubbish")
        try Files.create(rubbish, Array("rubbish".utf8), mode: 0o600)
        #expect(failure { _ = try SigningKeyFile.read(rubbish) } == .badInput)
    }
}
