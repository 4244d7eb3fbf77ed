// The times of allowed_signers (ssh-keygen(1), "ALLOWED SIGNERS"):
//
//     YYYYMMDD[HHMM[SS]][Z]        20261124, 202611241200, 20261124120000Z, 20261124UTC
//
// Without Z, ssh-keygen takes a time for the local one. Here it is UTC either way, so that a
// verdict is the same on every machine; write the Z.

/// Whole seconds since 1970-01-01T00:00:00Z, without leap seconds.
package struct SSHTime: Sendable, Comparable, CustomStringConvertible {
    package let secondsSinceEpoch: Int64

    package init(secondsSinceEpoch: Int64) { self.secondsSinceEpoch = secondsSinceEpoch }

    /// Nil for dates that no calendar has, and up to the epoch, as in ssh-keygen.
    init?(parsing text: String) {
        var digits = Array(text.utf8)
        for zone in ["Z", "UTC"] where text.uppercased().hasSuffix(zone) {
            digits.removeLast(zone.utf8.count)
            break
        }
        guard [8, 12, 14].contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        func number(_ range: Range<Int>) -> Int64 {
            guard range.upperBound <= digits.count else { return 0 }
            return digits[range].reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
        let (year, month, day) = (number(0..<4), number(4..<6), number(6..<8))
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        guard (1970...).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.days(in: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        secondsSinceEpoch = ((days * 24 + hour) * 60 + minute) * 60 + second
        guard secondsSinceEpoch > 0 else { return nil }
    }

    private static func isLeap(_ year: Int64) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let past = year - 1
        let leapDays = past / 4 - past / 100 + past / 400
        let months = (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
        return past * 365 + leapDays + months + day - 1 - 719_162
    }

    package static func < (left: SSHTime, right: SSHTime) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// As `20261124120000Z`. The algorithm is Howard Hinnant's `civil_from_days`
    /// (https://howardhinnant.github.io/date_algorithms.html).
    package var description: String {
        let inDay = secondsSinceEpoch.modulo(86_400)
        let shifted = (secondsSinceEpoch - inDay) / 86_400 + 719_468
        let dayOfEra = shifted.modulo(146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + (shifted - dayOfEra) / 146_097 * 400 + (month <= 2 ? 1 : 0)
        let fields = [month, day, inDay / 3600, inDay / 60 % 60, inDay % 60]
        return fields.reduce("\(year)") { $0 + ($1 < 10 ? "0" : "") + "\($1)" } + "Z"
    }
}

extension Int64 {
    /// From 0 up to, not with, the divisor.
    fileprivate func modulo(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
