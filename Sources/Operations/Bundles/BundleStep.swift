import BoringDeploy
import EventSourcing
import EvidenceBundle
import Foundation
import LedgerCore

/// The train's step `bundle`: exports the release's evidence so far, and keeps it in the ledger.
package struct BundleStep: Sendable {
    private let export: BundleExport

    package init(_ export: BundleExport) { self.export = export }

    /// Never throws: what goes wrong is a failed outcome.
    func run(
        _ key: StepKey, of release: StreamName, at now: Timestamp
    ) async -> (BundleExported, [Attachment]) {
        do {
            let files = try await export.files(BundleExport.Request(.release(release)), at: now)
            let bundle = Attachment(try Self.archive(files))
            var details = JSONObject()
            details["files"] = .integer(files.count)
            details["size"] = .integer(bundle.bytes.count)
            let outcome = BundleExported(
                key, environment: nil, .passed, "\(bundle.digest.reference)", details: details,
                attachments: [
                    AttachmentName("\(release.shortName.replacing("/", with: "-")).zip", bundle)
                ])
            return (outcome, [bundle])
        } catch {
            return (BundleExported(key, environment: nil, .failed, "\(error)"), [])
        }
    }

    private static func archive(_ files: [String: [UInt8]]) throws -> [UInt8] {
        let path = NSTemporaryDirectory() + "/daybook-bundle-\(UUID().uuidString).zip"
        defer { unlink(path) }
        try ArchiveWriter.write(files, to: path)
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
