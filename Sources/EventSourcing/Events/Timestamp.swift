/// An instant in UTC, in microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let microseconds: Int64

    package init(microseconds: Int64) { self.microseconds = microseconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }

    /// Reads an RFC 3339 date-time; nil if it is not one. A leap second (…:60) is the second after
    /// …:59; digits beyond the microsecond are cut off.
    package init?(rfc3339 text: String) {
        var text = text
        guard let time = text.withUTF8({ Timestamp(rfc3339: UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = time
    }

    init?(rfc3339 text: UnsafeRawBufferPointer) {
        var reader = DigitReader(text)
        guard let year = reader.number(4), reader.take("-"),
            let month = reader.number(2), (1...12).contains(month), reader.take("-"),
            let day = reader.number(2), day >= 1, day <= Self.days(in: month, of: year),
            reader.take("T") || reader.take("t"),
            let hour = reader.number(2), hour < 24, reader.take(":"),
            let minute = reader.number(2), minute < 60, reader.take(":"),
            let second = reader.number(2), second <= 60,
            let fraction = reader.fraction(), let offset = reader.zone(), reader.isAtEnd
        else { return nil }
        let days = Self.daysSinceEpoch(year: year, month: month, day: day)
        let seconds = ((days * 24 + hour) * 60 + minute - offset) * 60 + second
        microseconds = seconds * 1_000_000 + fraction
    }

    /// `YYYY-MM-DDThh:mm:ss.ffffffZ`, the form of `recordedtime`.
    package var description: String {
        let (days, inDay) = microseconds.flooredDivision(by: 86_400_000_000)
        let (year, month, day) = Self.date(daysSinceEpoch: days)
        var text: [UInt8] = []
        text.reserveCapacity(27)
        func append(_ value: Int64, digits: Int, then mark: Unicode.Scalar) {
            var power: Int64 = 1
            for _ in 1..<digits { power *= 10 }
            while power > 0 {
                text.append(UInt8(ascii: "0") + UInt8(value / power % 10))
                power /= 10
            }
            text.append(UInt8(ascii: mark))
        }
        if year < 0 { text.append(UInt8(ascii: "-")) }
        append(abs(year), digits: 4, then: "-")
        append(month, digits: 2, then: "-")
        append(day, digits: 2, then: "T")
        append(inDay / 3_600_000_000, digits: 2, then: ":")
        append(inDay / 60_000_000 % 60, digits: 2, then: ":")
        append(inDay / 1_000_000 % 60, digits: 2, then: ".")
        append(inDay % 1_000_000, digits: 6, then: "Z")
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads a text in exactly the form of `description`: 27 characters, a T, a Z, no leap second.
    package init?(recorded text: String) {
        var text = text
        guard let time = text.withUTF8({ Timestamp(recorded: UnsafeRawBufferPointer($0)) }) else {
            return nil
        }
        self = time
    }

    init?(recorded text: UnsafeRawBufferPointer) {
        guard text.count == 27, text[10] == UInt8(ascii: "T"), text[19] == UInt8(ascii: "."),
            text[26] == UInt8(ascii: "Z"), text[17] != UInt8(ascii: "6")
        else { return nil }
        self.init(rfc3339: text)
    }
}

// Proleptic Gregorian calendar. The algorithms are Howard Hinnant's `days_from_civil` and
// `civil_from_days` (https://howardhinnant.github.io/date_algorithms.html): years start in March,
// so that leap days come last.
extension Timestamp {
    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = (month > 2 ? year : year - 1).flooredDivision(by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func date(daysSinceEpoch days: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

private struct DigitReader {
    private let bytes: UnsafeRawBufferPointer
    private var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
        at += 1
        return true
    }

    mutating func number(_ digits: Int) -> Int64? {
        var value: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    private mutating func digit() -> Int64? {
        guard at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9")
        else { return nil }
        defer { at += 1 }
        return Int64(bytes[at] - UInt8(ascii: "0"))
    }

    /// The microseconds of an optional fraction of a second.
    mutating func fraction() -> Int64? {
        guard take(".") else { return 0 }
        guard var value = digit() else { return nil }
        var digits = 1
        while let next = digit() {
            if digits < 6 {
                value = value * 10 + next
                digits += 1
            }
        }
        for _ in digits..<6 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    mutating func zone() -> Int64? {
        if take("Z") || take("z") { return 0 }
        let sign: Int64
        if take("+") { sign = 1 } else if take("-") { sign = -1 } else { return nil }
        guard let hours = number(2), hours < 24, take(":"), let minutes = number(2), minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
