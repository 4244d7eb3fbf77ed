/// What a file's other sections may name. Taken from what is written, right or wrong, so that one
/// fault does not cause others.
struct KnownNames {
    var roles: [String] = []
    var environments: [String] = []
    /// Environments that have these commands.
    var deployable: Set<String> = []
    var reversible: Set<String> = []
    var services: [String] = []
    /// Gates that a train may ask.
    var gates: [String] = []
}
