import BoringDeploy

/// The whole file, in the order in which its sections need each other.
enum RootSection {
    static let keys = [
        "ledger", "project", "people", "environments", "services", "releases", "gates", "train",
    ]

    static func read(_ root: Value) -> Configuration? {
        guard let section = SectionReader(root, keys: keys) else { return nil }
        var known = KnownNames()
        var configuration = Configuration()
        configuration.ledger = section["ledger"]?.text()
        configuration.project = section["project"]?.plainName()
        configuration.people = PeopleSection.read(section["people"], &known)
        configuration.environments = EnvironmentsSection.read(section["environments"], &known)
        configuration.services = ServicesSection.read(section["services"], &known)
        configuration.releases = ReleasesSection.read(section["releases"])
        configuration.gates = GatesSection.read(section["gates"], &known)
        if let train = section["train"] {
            configuration.train = TrainSection.read(train, known)
            if section["project"] == nil {
                train.fault("a train needs a name for its releases; add project: NAME")
            }
        }
        return configuration
    }
}
