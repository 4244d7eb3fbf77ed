import BoringDeploy

/// `train`: the steps, in order. It starts with `cut`.
enum TrainSection {
    static func read(_ value: Value, _ known: KnownNames) -> [TrainStep] {
        var steps: [TrainStep] = []
        for (index, item) in (value.items(atLeast: 1, as: "[cut, …]") ?? []).enumerated() {
            let isCut = item.node.scalar?.string == "cut"
            if index == 0, !isCut {
                item.fault("the train must start with cut; put - cut above this step")
            } else if index > 0, isCut {
                item.fault("cut stands again; a train cuts one release, at its start")
            }
            if let step = StepReader(value: item, known: known).step() { steps.append(step) }
        }
        return steps
    }
}
