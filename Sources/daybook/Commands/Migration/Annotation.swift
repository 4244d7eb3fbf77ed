import BoringDeploy
import Foundation

/// How a finding is shown: in GitHub Actions as a workflow command, which marks the diff
/// (docs.github.com, "Workflow commands"), elsewhere as a plain line.
enum Annotation {
    static func line(
        _ reason: ProposalCheck.Reason, isGitHub: Bool = getenv("GITHUB_ACTIONS") != nil
    ) -> String {
        guard isGitHub else {
            return Table.printable(reason.path.map { "\($0): \(reason.reason)" } ?? reason.reason)
        }
        let place = reason.path.map { " file=\(escaped($0, ":,")),line=1" } ?? ""
        let text = "\(reason.reason). To supply what is missing: \(reason.remedy)"
        return "::error\(place)::\(escaped(text))"
    }

    /// As the runner reads it: `%`, line ends and, in properties, `:` and `,`.
    private static func escaped(_ text: String, _ more: String = "") -> String {
        text.unicodeScalars.map { scalar in
            guard
                scalar == "%" || scalar == "\r" || scalar == "\n"
                    || more.unicodeScalars.contains(scalar)
            else { return String(scalar) }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}
