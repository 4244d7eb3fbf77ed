import Foundation

/// A folder for what tools write, only for its owner's eyes; gone when the rehearsal ends.
package struct WorkFolder: Sendable {
    package let path: String

    package static let prefix = "daybook-rehearsal-"

    /// Also removes the folders of dead runs.
    package init(in parent: String) throws(RehearsalError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(Self.prefix) {
            let owner = ScratchName(String(name.dropFirst(Self.prefix.count)))
            guard owner?.isInUse == false else { continue }
            try? FileManager.default.removeItem(atPath: "\(parent)/\(name)")
        }
        path = "\(parent)/\(Self.prefix)\(ScratchName.make().text)"
        guard mkdir(path, 0o700) == 0 else {
            throw RehearsalError("\(path) cannot be made: \(String(cString: strerror(errno)))")
        }
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
