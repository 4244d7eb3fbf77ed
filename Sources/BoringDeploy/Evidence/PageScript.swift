import LedgerCore

/// The script and the style of the page. The script is the third implementation of the verifier: the
/// files of `Page`, in one scope.
enum PageScript {
    /// In this order; `Tests/scenarios/test_bundle_page.py` tries them by themselves, too.
    private static let parts: [[UInt8]] = [
        PackageResources.json_js, PackageResources.forms_js, PackageResources.tree_js,
        PackageResources.notes_js, PackageResources.event_js, PackageResources.archive_js,
        PackageResources.documents_js, PackageResources.run_js, PackageResources.checkpoints_js,
        PackageResources.entries_js, PackageResources.bundle_index_js, PackageResources.files_js,
        PackageResources.statements_js, PackageResources.timestamps_js, PackageResources.bundle_js,
        PackageResources.page_js,
    ]

    static let text =
        "\"use strict\";\n(() => {\n"
        + parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n") + "})();\n"

    static let style = String(decoding: PackageResources.page_css, as: UTF8.self)

    /// Runs this script and no other: what a ledger holds is shown, never run. Nothing is loaded and
    /// nothing sent.
    static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-"
        + Base64.encode(SHA256.hash(Array(text.utf8)).bytes)
        + "'; base-uri 'none'; form-action 'none'"
}
