import BoringDeploy

/// `services`: what a release is made of.
enum ServicesSection {
    static func read(_ value: Value?, _ known: inout KnownNames) -> [Service] {
        (value?.entries() ?? []).compactMap { key, name, value in
            known.services.append(name)
            guard key.plainName() != nil, let section = SectionReader(value, keys: ["slos"])
            else { return nil }
            return Service(name: name, slos: section["slos"]?.texts() ?? [])
        }
    }
}
