import BoringDeploy

/// One item of `gates.events`: evidence that others record.
enum EventsSection {
    static func read(_ value: Value) -> RequiredEvent? {
        guard let section = SectionReader(value, keys: ["type", "data", "within"]) else {
            return nil
        }
        let type = section.required("type", as: "com.example.scan.completed")?.text()
        var data: [String: String] = [:]
        for (_, name, value) in section["data"]?.entries() ?? [] {
            guard !value.isMissing() else { continue }
            guard let text = value.node.scalar?.string else {
                value.fault("\(value.name) must be a text, a number, true or false")
                continue
            }
            data[name] = text
        }
        let within = section["within"]?.duration()
        return type.map { RequiredEvent(type: $0, data: data, within: within) }
    }
}
