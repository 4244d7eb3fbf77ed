/// Lines over time as SVG. Numbers are rounded, so that the same course is the same page.
struct Chart {
    struct Line {
        let name: String
        let values: [Double?]
        let colour: String

        init(_ name: String, _ values: [Double?], _ colour: String) {
            self.name = name
            self.values = values
            self.colour = colour
        }
    }

    let title: String
    /// In seconds from the first.
    let times: [Double]
    var lines: [Line] = []
    var marks: [(name: String, value: Double)] = []
    /// Values are parts of a whole, shown as percent.
    var isShare = false

    init(title: String, times: [Double]) {
        self.title = title
        self.times = times
    }

    private static let (width, height) = (860.0, 170.0)
    private static let (left, right, top, bottom) = (60.0, 130.0, 20.0, 22.0)

    /// What can be drawn: a metric may say anything.
    private static func isDrawn(_ value: Double) -> Bool { value.magnitude < 1e15 }

    var svg: String {
        let lines = lines.map { line in
            Line(
                line.name, line.values.map { $0.flatMap { Self.isDrawn($0) ? $0 : nil } },
                line.colour)
        }
        let marks = marks.filter { Self.isDrawn($0.value) }
        let all = lines.flatMap { $0.values.compactMap(\.self) } + marks.map(\.value)
        let low = min(0, all.min() ?? 0)
        let high = max(all.max() ?? 1, low + 1e-9)
        let span = max(times.last ?? 1, 1e-9)
        func x(_ time: Double) -> Double {
            Self.left + time / span * (Self.width - Self.left - Self.right)
        }
        func y(_ value: Double) -> Double {
            Self.height - Self.bottom
                - (value - low) / (high - low) * (Self.height - Self.top - Self.bottom)
        }
        var svg =
            "<svg viewBox=\"0 0 \(Self.text(Self.width)) \(Self.text(Self.height))\" "
            + "role=\"img\" aria-label=\"\(Markup.escaped(title))\">"
        svg += label(Self.left, 12, title)
        for value in [low, (low + high) / 2, high] {
            svg += line(Self.left, y(value), Self.width - Self.right, y(value), "#e2e2e2", "")
            svg += label(
                Self.left - 6, y(value) + 4, isShare ? Percentage.text(value) : Self.short(value),
                anchor: "end")
        }
        svg += label(Self.left, Self.height - 6, "0 s")
        svg += label(
            Self.width - Self.right, Self.height - 6, "\(Self.short(span)) s", anchor: "end")
        for mark in marks {
            svg += line(
                Self.left, y(mark.value), Self.width - Self.right, y(mark.value), "#5f5f5f",
                " stroke-dasharray=\"4 3\"")
        }
        var taken: [Double] = []
        /// Labels at the right end, below each other.
        func place(_ wanted: Double) -> Double {
            let places = (0...12).flatMap { [wanted - 12 * Double($0), wanted + 12 * Double($0)] }
            let free = places.first { place in
                place >= 10 && place <= Self.height - 2
                    && !taken.contains { ($0 - place).magnitude < 11.9 }
            }
            taken.append(free ?? wanted)
            return free ?? wanted
        }
        for mark in marks {
            svg += label(Self.width - Self.right + 6, place(y(mark.value) + 4), mark.name)
        }
        for one in lines {
            var path = ""
            var isOpen = false
            var dots = ""
            for (time, value) in zip(times, one.values) {
                guard let value else {
                    isOpen = false
                    continue
                }
                path += "\(isOpen ? "L" : "M")\(Self.text(x(time))) \(Self.text(y(value)))"
                isOpen = true
                // One value between two gaps is no line.
                dots +=
                    "<circle cx=\"\(Self.text(x(time)))\" cy=\"\(Self.text(y(value)))\" r=\"2\" "
                    + "fill=\"\(one.colour)\"/>"
            }
            guard let last = one.values.compactMap(\.self).last else { continue }
            svg +=
                "<path d=\"\(path)\" fill=\"none\" stroke=\"\(one.colour)\" stroke-width=\"1.8\"/>"
                + dots
            svg += label(
                Self.width - Self.right + 6, place(y(last) + 4), one.name, colour: one.colour)
        }
        return svg + "</svg>\n"
    }

    private func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String, _ more: String
    ) -> String {
        "<path d=\"M\(Self.text(x1)) \(Self.text(y1))L\(Self.text(x2)) \(Self.text(y2))\" "
            + "stroke=\"\(colour)\"\(more)/>"
    }

    private func label(
        _ x: Double, _ y: Double, _ text: String, anchor: String = "start", colour: String? = nil
    ) -> String {
        "<text x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" text-anchor=\"\(anchor)\""
            + (colour.map { " style=\"fill:\($0)\"" } ?? "") + ">\(Markup.escaped(text))</text>"
    }

    /// With one digit after the point.
    private static func text(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return Int(exactly: rounded).map { String($0) } ?? String(rounded)
    }

    private static func short(_ value: Double) -> String {
        value.magnitude >= 10
            ? Int(exactly: value.rounded()).map { String($0) } ?? String(value)
            : String((value * 1000).rounded() / 1000)
    }
}
