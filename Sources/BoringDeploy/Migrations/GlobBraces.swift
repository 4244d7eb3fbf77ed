/// Spells `{a,b}` out: `x.{sql,py}` is `x.sql` and `x.py`.
enum GlobBraces {
    /// More would be a mistake, or somebody's mischief.
    private static let most = 256

    static func expand(_ glob: String) throws(GlobError) -> [[Unicode.Scalar]] {
        var done: [[Unicode.Scalar]] = []
        var open = [Array(glob.unicodeScalars)]
        while let text = open.popLast() {
            guard let (start, end, commas) = try firstBraces(text, of: glob) else {
                done.append(text)
                continue
            }
            let cuts = [start] + commas + [end]
            for (from, to) in zip(cuts, cuts.dropFirst()).reversed() {
                open.append(Array(text[..<start] + text[(from + 1)..<to] + text[(end + 1)...]))
            }
            guard open.count + done.count <= most else {
                throw GlobError("the glob \"\(glob)\" has more than \(most) alternatives")
            }
        }
        return done
    }

    private static func firstBraces(
        _ text: [Unicode.Scalar], of glob: String
    ) throws(GlobError) -> (start: Int, end: Int, commas: [Int])? {
        var start: Int?
        var depth = 0
        var commas: [Int] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case "\\": index += 1
            case "{":
                if depth == 0 { start = index }
                depth += 1
            case "}":
                guard depth > 0, let start else {
                    throw GlobError("the glob \"\(glob)\" closes } without having opened it")
                }
                depth -= 1
                if depth == 0 { return (start, index, commas) }
            case "," where depth == 1: commas.append(index)
            default: break
            }
            index += 1
        }
        guard depth == 0 else {
            throw GlobError("the glob \"\(glob)\" opens { and does not close it")
        }
        return nil
    }
}
