import BoringDeploy

extension StepReader {
    /// `stage`, or `{environment: stage, services: […]}`: an environment with the commands to go
    /// there and back.
    func target(_ body: Value) -> (environment: String, services: [String])? {
        guard body.node.mapping != nil else {
            return deployable(body).map { ($0, []) }
        }
        guard let section = SectionReader(body, keys: ["environment", "services"]) else {
            return nil
        }
        let services =
            section["services"]?
            .references(to: known.services, "service", orElse: "add it under services", atLeast: 1)
            ?? []
        return section.required("environment", as: "stage").flatMap(deployable).map {
            ($0, services)
        }
    }

    private func deployable(_ value: Value) -> String? {
        guard let name = environment(value) else { return nil }
        if !known.deployable.contains(name) {
            value.fault(
                "nothing can deploy to \(name); add deploy: [PROGRAM, …] to environments.\(name)")
        }
        if !known.reversible.contains(name) {
            value.fault(
                "a failed train could not roll \(name) back; add rollback: [PROGRAM, …] to "
                    + "environments.\(name)")
        }
        return name
    }

    func soak(_ body: Value) -> SoakPlan? {
        guard let section = SectionReader(body, keys: ["environment", "for", "every", "watch"])
        else { return nil }
        let environment = environment(section.required("environment", as: "stage"))
        let duration = section.required("for", as: "30m")?.duration()
        let every = section["every"]?.duration()
        let watch = section["watch"]?.argv() ?? []
        guard let environment, let duration else { return nil }
        var plan = SoakPlan(environment: environment, duration: duration, watch: watch)
        // A short soak without an interval is looked at once, at its end.
        plan.every = every ?? min(plan.every, duration)
        if plan.every > duration {
            section["every"]?.fault("the soak ends before its first look; make every shorter")
        }
        return plan
    }

    func verify(_ body: Value) -> VerifyPlan? {
        guard
            let section = SectionReader(
                body, keys: ["environment", "smoke", "junit", "timeout", "golden"])
        else { return nil }
        let environment = environment(section.required("environment", as: "stage"))
        let smoke = section.required("smoke", as: "[./ops/smoke, stage]")?.argv()
        let junit = section.required("junit", as: "smoke.xml")?.text()
        let timeout = section["timeout"]?.duration()
        guard let environment, let smoke, let junit else { return nil }
        var plan = VerifyPlan(environment: environment, smoke: smoke, junit: junit)
        if let timeout { plan.timeout = timeout }
        plan.golden = section["golden"].flatMap(golden)
        return plan
    }
}
