import BoringDeploy
import EventSourcing
import LedgerCore

/// A release, as people name it: `1.5.0`, `shop/1.5.0` or `release/shop/1.5.0`.
enum ReleaseName {
    /// - Parameter project: Of a version alone; asked only then.
    static func stream(_ text: String, project: () throws -> String) throws -> StreamName {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.count {
        case 1 where !text.isEmpty: return .release(try project(), text)
        case 2 where !parts.contains(""): return StreamName("release/\(text)")
        case 3 where parts[0] == "release" && !parts.contains(""): return StreamName(text)
        default:
            throw Failure(.usage, "\"\(text)\" names no release; give it as 1.5.0 or shop/1.5.0")
        }
    }
}
