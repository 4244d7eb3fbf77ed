import Foundation

/// A folder for what tools write, only for its owner's eyes; gone when the rehearsal ends.
package struct WorkFolder: Sendable {
    package let path: String

    package static let prefix = "daybook-rehearsal-"

    package init(in parent: String = NSTemporaryDirectory()) throws(RehearsalError) {
        var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw RehearsalError(
                "no folder can be made in \(parent): \(String(cString: strerror(errno)))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The bytes that a tool wrote into a file here.
    func read(_ name: String) throws(RehearsalError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file(name)) else {
            throw RehearsalError("\(file(name)) is not there; the tool did not write it")
        }
        return Array(data)
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
