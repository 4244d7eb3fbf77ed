import Foundation
import LedgerCore
import SQLiteStore

extension Trust {
    /// Reads what an auditor brings along.
    ///
    /// - Parameters:
    ///   - key: A verifier key, a file with one, or a file with a signing key (whose public half is
    ///     meant).
    ///   - checkpoints: Files, each with a signed checkpoint.
    ///   - receipts: Files, each with one receipt a line.
    init(key: String?, checkpoints: [String], receipts: [String]) throws {
        self.init()
        self.key = try key.map(Self.trustedKey)
        for path in checkpoints {
            let bytes = try Files.read(path)
            do throws(NoteError) {
                let note = try SignedNote(parsing: bytes)
                _ = try Checkpoint(parsing: note.text)
                self.checkpoints.append(Evidence(note, from: Files.name(path)))
            } catch {
                throw Failure(.badInput, "\(Files.name(path)): \(error)")
            }
        }
        for path in receipts {
            let read = try Self.receipts(path)
            guard !read.isEmpty else { throw Failure(.badInput, "\(path) holds no receipt") }
            self.receipts += read
        }
    }

    private static func receipts(_ path: String) throws -> [Evidence<TrustedReceipt>] {
        let bytes = try Files.read(path, atMost: 1 << 30)
        // One object, however it is laid out, or one a line.
        if let value = try? StrictJSONParser.parse(bytes) {
            do throws(NoteError) {
                return [Evidence(try TrustedReceipt(value), from: Files.name(path))]
            } catch {
                throw Failure(.badInput, "\(Files.name(path)): \(error)")
            }
        }
        var receipts: [Evidence<TrustedReceipt>] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            let place = "\(Files.name(path)):\(index + 1)"
            do {
                let value = try StrictJSONParser.parse(Array(line))
                receipts.append(Evidence(try TrustedReceipt(value), from: place))
            } catch {
                throw Failure(.badInput, "\(place): \(error)")
            }
        }
        return receipts
    }

    private static func trustedKey(_ text: String) throws -> TrustedKey {
        guard !text.isEmpty else { throw Failure(.usage, "--key is empty; give the verifier key") }
        guard FileManager.default.fileExists(atPath: text) else {
            do throws(NoteError) {
                return TrustedKey(try VerifierKey(parsing: text))
            } catch {
                let isFile = text.utf8.count { $0 == UInt8(ascii: "+") } < 2
                throw Failure(
                    isFile ? .noInput : .badInput,
                    "--key \"\(text)\": \(error) (and there is no such file)")
            }
        }
        let bytes = try Files.read(text)
        if let key = try? SigningKey(pem: bytes) {
            return TrustedKey(name: nil, publicKey: key.publicKey)
        }
        do throws(NoteError) {
            let content = String(decoding: bytes, as: UTF8.self)
            return TrustedKey(
                try VerifierKey(
                    parsing: content.trimmingCharacters(in: .whitespacesAndNewlines)))
        } catch {
            throw Failure(.badInput, "\(text): \(error)")
        }
    }
}

extension Trust.TrustedKey {
    fileprivate init(_ key: VerifierKey) { self.init(name: key.name, publicKey: key.publicKey) }
}

extension VerifierKey {
    /// A verifier key, or a file with one.
    init(argument text: String) throws {
        guard !text.isEmpty else { throw Failure(.usage, "--key is empty; give the verifier key") }
        let isKey = text.utf8.count { $0 == UInt8(ascii: "+") } >= 2
        let content =
            isKey && access(text, F_OK) != 0
            ? text
            : String(decoding: try Files.read(text), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        do throws(NoteError) {
            try self.init(parsing: content)
        } catch {
            throw Failure(.badInput, "--key \(text): \(error)")
        }
    }
}

extension TimestampAuthorities {
    /// Reads the certificates of a file.
    init(file path: String) throws {
        guard !path.isEmpty else { throw Failure(.usage, "--timestamp-ca is empty; name a file") }
        let pem = try Files.read(path)
        do throws(CryptoError) {
            try self.init(pem: pem)
        } catch {
            throw Failure(.badInput, "\(path): \(error)")
        }
    }
}
