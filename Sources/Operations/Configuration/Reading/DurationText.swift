extension Duration {
    /// `30s`, `2m`, `1h30m`, `2d`: numbers with d, h, m, s, in this order, each at most once, and
    /// more than nothing in all.
    package init?(configured text: String) {
        var rest = text[...]
        var seconds = 0
        for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard rest.dropFirst(digits.count).hasPrefix(unit) else { continue }
            guard (1...6).contains(digits.count), let count = Int(digits) else { return nil }
            seconds += count * length
            rest = rest.dropFirst(digits.count + 1)
        }
        guard rest.isEmpty, seconds > 0 else { return nil }
        self = .seconds(seconds)
    }
}
