import Foundation
import Yams

/// `daybook.yaml`, found upward from the working directory. This version reads `ledger` and
/// `project`; the other sections belong to the capabilities that read them.
struct ProjectConfiguration {
    static let fileName = "daybook.yaml"

    static let sections = [
        "ledger", "project", "people", "environments", "services", "gates", "train",
    ]

    private let ledger: String?
    /// Names the train: releases are `release/<project>/<version>`.
    let project: String?
    private let folder: String

    /// The ledger's path; one that is relative starts from the file's folder.
    var ledgerPath: String? {
        ledger.map { $0.hasPrefix("/") ? $0 : (folder as NSString).appendingPathComponent($0) }
    }

    /// Nil if there is no daybook.yaml here or above.
    static func nearest(
        to directory: String = FileManager.default.currentDirectoryPath
    ) throws -> ProjectConfiguration? {
        var folder = directory
        while true {
            let path = (folder as NSString).appendingPathComponent(fileName)
            if FileManager.default.fileExists(atPath: path) {
                return try ProjectConfiguration(path: path, text: Files.read(path))
            }
            let parent = (folder as NSString).deletingLastPathComponent
            guard parent != folder, !folder.isEmpty else { return nil }
            folder = parent
        }
    }

    init(path: String, text: [UInt8]) throws {
        folder = (path as NSString).deletingLastPathComponent
        guard let yaml = String(validating: text, as: UTF8.self) else {
            throw Failure(.badInput, "\(path) is not valid UTF-8")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw Failure(.badInput, "\(path): \(error)")
        }
        guard let root else {
            throw Failure(.badInput, "\(path) is empty; write ledger: FILE into it")
        }
        guard let mapping = root.mapping else {
            throw Failure(.badInput, "\(path):1: must be a mapping, as ledger: evidence.db")
        }
        var seen: Set<String> = []
        for (key, _) in mapping {
            let name = key.string ?? ""
            let place = "\(path):\(key.mark?.line ?? 1)"
            guard Self.sections.contains(name) else {
                let nearest = Self.sections.min {
                    Self.distance($0, name) < Self.distance($1, name)
                }
                throw Failure(
                    .badInput,
                    "\(place): unknown key \"\(name)\"; did you mean \"\(nearest ?? "")\"?")
            }
            guard seen.insert(name).inserted else {
                throw Failure(.badInput, "\(place): the key \"\(name)\" stands twice")
            }
        }
        func scalar(_ name: String, _ what: String) throws -> String? {
            try mapping[name].map { node in
                guard node.null == nil, let value = node.scalar?.string, !value.isEmpty else {
                    throw Failure(
                        .badInput, "\(path):\(node.mark?.line ?? 1): \(name) must be \(what)")
                }
                return value
            }
        }
        ledger = try scalar("ledger", "a file's path")
        project = try scalar("project", "a name")
    }

    /// Levenshtein's distance: how many letters to add, drop or change.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left)
        var row = Array(0...left.count)
        for (line, letter) in right.enumerated() {
            var next = [line + 1]
            for column in left.indices {
                let change = row[column] + (left[column] == letter ? 0 : 1)
                next.append(min(change, row[column + 1] + 1, next[column] + 1))
            }
            row = next
        }
        return row[left.count]
    }
}
