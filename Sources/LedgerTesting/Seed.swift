import Foundation

/// Where a test's random inputs come from: printed once a run, and replayable by
/// `DAYBOOK_TEST_SEED=<number>`.
package enum Seed {
    /// The variable that replays a run.
    package static let variable = "DAYBOOK_TEST_SEED"

    /// This run's seed.
    package static let value: UInt64 = {
        let given = ProcessInfo.processInfo.environment[variable].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 1...UInt64(UInt32.max))
        FileHandle.standardError.write(Data("random inputs: \(variable)=\(seed)\n".utf8))
        return seed
    }()

    /// Random numbers for one test. The name keeps tests apart, so that what one draws does not
    /// depend on the others.
    package static func numbers(for name: String) -> SeededNumbers {
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: Swift's own hashes differ from run to
        // run.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return SeededNumbers(seed: value ^ hash)
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
package struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True once in so many times.
    package mutating func happens(onceIn times: Int) -> Bool {
        Int.random(in: 0..<times, using: &self) == 0
    }
}
