/// Doubles in order as integers in order, so that they can be halved to the last bit; −0 comes with 0.
enum OrderedDouble {
    static func rank(_ value: Double) -> Int64 {
        let bits = Int64(bitPattern: (value == 0 ? 0.0 : value).bitPattern)
        return bits >= 0 ? bits : Int64.min - bits
    }

    static func value(_ rank: Int64) -> Double {
        Double(bitPattern: UInt64(bitPattern: rank >= 0 ? rank : Int64.min - rank))
    }

    /// Rounded down, where a sum would overflow.
    static func mean(_ low: Int64, _ high: Int64) -> Int64 { (low & high) + ((low ^ high) >> 1) }
}
