/// The running evidence of likelihood ratios against a hypothesis. Under the hypothesis each of its
/// values exceeds 1/α at any time with a probability of at most α (Ville's inequality), however
/// often one looks. docs/spec/judge.md.
///
/// A mixture over alternatives: one ratio a look for each of them. Kept as logarithms.
struct EProcess {
    /// Of each alternative, the product of all ratios.
    private var products: [Double]
    /// Of each alternative, the products that begin at look j = 2, 3, …, weighted by 1/(j(j − 1)):
    /// a fault that comes late need not make up for the good time before it.
    private var late: [Double]
    private var looks = 0

    init(alternatives: Int) {
        products = Array(repeating: 0, count: alternatives)
        late = Array(repeating: -.infinity, count: alternatives)
    }

    /// - Parameter logRatio: The logarithm of the likelihood ratio of an alternative, by its place.
    mutating func multiply(_ logRatio: (Int) -> Double) {
        looks += 1
        let begins = looks > 1 ? -Elementary.ln(Double(looks) * Double(looks - 1)) : -.infinity
        for place in products.indices {
            let ratio = logRatio(place)
            products[place] += ratio
            late[place] = Elementary.lnSum([late[place], begins]) + ratio
        }
    }

    /// The logarithm of the average over the alternatives.
    var log: Double { average(products) }
    var logLate: Double { average(late) }

    /// What `log` becomes if each alternative's logarithm grows by so much.
    func log(growingBy growth: [Double]) -> Double {
        average(zip(products, growth).map { $0 + $1 })
    }

    private func average(_ logarithms: [Double]) -> Double {
        Elementary.lnSum(logarithms) - Elementary.ln(Double(logarithms.count))
    }
}
