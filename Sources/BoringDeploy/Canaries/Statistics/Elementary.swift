/// Logarithm, exponential and the normal distribution out of +, −, ×, ÷ and √ alone, which IEEE 754
/// rounds alike everywhere: a verdict that is computed again on another machine, with another C
/// library, comes out the same to the bit. Each is within a few units in the last place.
package enum Elementary {
    private static let ln2High = 0x1.62e42fee00000p-1
    private static let ln2Low = 0x1.a39ef35793c76p-33

    /// The natural logarithm; −∞ at 0, NaN below it.
    package static func ln(_ x: Double) -> Double {
        guard x > 0, x.isFinite else { return x == 0 ? -.infinity : x == .infinity ? x : .nan }
        // x = m·2^e with m in [√½, √2), and ln m = 2 artanh s, s = (m − 1)/(m + 1), |s| < 0.172.
        var m = x.significand
        var e = Double(x.exponent)
        if m > 1.414_213_562_373_095_1 {
            m /= 2
            e += 1
        }
        let s = (m - 1) / (m + 1)
        let square = s * s
        var sum = 0.0
        for odd in stride(from: 23.0, through: 3, by: -2) { sum = square * (sum + 1 / odd) }
        return e * ln2High + (2 * s + (2 * s * sum + e * ln2Low))
    }

    /// e to the x.
    package static func exp(_ x: Double) -> Double {
        guard x < 709.8 else { return x.isNaN ? x : .infinity }
        guard x > -746 else { return x.isNaN ? x : 0 }
        // x = k·ln 2 + r, |r| ≤ ½ ln 2, and e^r by its series.
        let k = (x / 0.693_147_180_559_945_3).rounded()
        let r = (x - k * ln2High) - k * ln2Low
        var sum = 1.0
        for n in stride(from: 14.0, through: 1, by: -1) { sum = 1 + r / n * sum }
        let half = (k / 2).rounded(.down)
        return sum * power(half) * power(k - half)
    }

    private static func power(_ exponent: Double) -> Double {
        Double(sign: .plus, exponent: Int(exponent), significand: 1)
    }

    /// The logarithm of a sum of exponentials: for numbers that would overflow as they are.
    package static func lnSum(_ logarithms: [Double]) -> Double {
        let most = logarithms.max() ?? -.infinity
        guard most > -.infinity else { return most }
        return most + ln(logarithms.reduce(0) { $0 + exp($1 - most) })
    }

    /// Of the standard normal distribution, the probability above z.
    package static func upperTail(_ z: Double) -> Double {
        if z < 0 { return 1 - upperTail(-z) }
        let density = exp(-z * z / 2) / 2.506_628_274_631_000_5
        guard z >= 3 else {
            // ½ − φ(z)·Σ z^(2k+1)/(2k+1)!!: every term has the same sign.
            var term = z
            var sum = z
            var odd = 1.0
            while term > sum * 1e-17 {
                odd += 2
                term *= z * z / odd
                sum += term
            }
            return 0.5 - density * sum
        }
        // φ(z) over the continued fraction z + 1/(z + 2/(z + 3/…)), from far enough below.
        var fraction = z
        for n in stride(from: 120.0, through: 1, by: -1) { fraction = z + n / fraction }
        return density / fraction
    }

    /// The z that the standard normal distribution exceeds with a probability in (0, ½].
    package static func upperQuantile(_ probability: Double) -> Double {
        var low = 0.0
        var high = 40.0
        // Bisects until no double lies between.
        while true {
            let middle = (low + high) / 2
            guard middle > low, middle < high else { return middle }
            if upperTail(middle) > probability { low = middle } else { high = middle }
        }
    }
}
