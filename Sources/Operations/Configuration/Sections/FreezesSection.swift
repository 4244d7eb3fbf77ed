import BoringDeploy

/// One item of `gates.freezes`: from when to when nothing goes where.
enum FreezesSection {
    static func read(_ value: Value, _ known: KnownNames) -> Freeze? {
        guard
            let section = SectionReader(
                value, keys: ["from", "to", "zone", "environments", "reason"])
        else { return nil }
        let from = section.required("from", as: "2026-12-20")?.moment()
        let to = section.required("to", as: "2027-01-04")?.moment()
        let zone = section["zone"]?.zone() ?? "UTC"
        let environments =
            section["environments"]?
            .references(
                to: known.environments, "environment", orElse: "add it under environments",
                atLeast: 1)
            ?? []
        let reason = section["reason"]?.text()
        guard let from, let to else { return nil }
        // A day as `to` is included to its end, so it comes after any time of that day.
        guard from <= to || from.hasPrefix(to) else {
            section["to"]?.fault("\(value.name) ends before it starts; swap from and to")
            return nil
        }
        return Freeze(from: from, to: to, zone: zone, environments: environments, reason: reason)
    }
}

extension Value {
    /// `YYYY-MM-DD` or `YYYY-MM-DDThh:mm`, of a day that there is.
    fileprivate func moment() -> String? {
        guard !isMissing() else { return nil }
        if let text = node.scalar?.string, Self.isMoment(text) { return text }
        fault("\(title) must be a day, as 2026-12-20, or a time, as 2026-12-20T18:00")
        return nil
    }

    private static func isMoment(_ text: String) -> Bool {
        let form = text.count == 10 ? "0000-00-00" : "0000-00-00T00:00"
        let fits = zip(text, form).allSatisfy { sign, place in
            place == "0" ? sign.isASCII && sign.isNumber : sign == place
        }
        guard text.count == form.count, fits else { return false }
        let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard year > 0, (1...12).contains(month) else { return false }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return false }
        return numbers.count == 3 || numbers[3] < 24 && numbers[4] < 60
    }
}
