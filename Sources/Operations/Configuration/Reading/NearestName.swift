/// The name that somebody may have meant.
enum NearestName {
    /// Nil if none is near: more than a third of the letters would have to change.
    static func of(_ name: String, in names: [String]) -> String? {
        guard names.count <= mostNames else { return nil }
        let nearest = names.map { ($0, distance($0, name)) }.min { $0.1 < $1.1 }
        guard let nearest, nearest.1 <= max(2, nearest.0.count / 3) else { return nil }
        return nearest.0
    }

    /// Among more, a hint is not worth its time.
    private static let mostNames = 500

    /// Levenshtein's distance: how many letters to add, drop or change, whatever their case.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.lowercased())
        var row = Array(0...left.count)
        for (line, letter) in right.lowercased().prefix(200).enumerated() {
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
