import Foundation

/// GitHub's summary of a job, where its variable is set.
enum StepSummary {
    static func write(_ markdown: String) {
        guard let path = getenv("GITHUB_STEP_SUMMARY"), path.pointee != 0 else { return }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var text = markdown
        text.withUTF8 { _ = Foundation.write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Text that came from elsewhere: in one line, and no markup but what code is.
    static func cell(_ text: String) -> String {
        Table.printable(text).map { "|<>\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    }
}
