import BoringDeploy
import EventSourcing
import Foundation
import LedgerCore

/// A file of OpenSLO v1 documents (https://github.com/OpenSLO/OpenSLO, `apiVersion: openslo/v1`),
/// one or several, or a list of them: Service, SLO and SLI are read; other kinds are passed over.
///
///     apiVersion: openslo/v1
///     kind: SLO
///     metadata: {name: checkout-availability}
///     spec:
///       service: checkout
///       indicator:
///         metadata: {name: availability}
///         spec:
///           ratioMetric:
///             counter: true
///             bad:
///               metricSource: {type: Prometheus, spec: {query: 'http_requests_total{code=~"5.."}'}}
///             total:
///               metricSource: {type: Prometheus, spec: {query: http_requests_total}}
///       timeWindow: [{duration: 30d, isRolling: true}]
///       budgetingMethod: Occurrences
///       objectives: [{target: 0.999}]
package struct OpenSLOFile: Sendable {
    package let path: String
    package let levels: [ServiceLevel]
    /// Its bytes.
    package let attachment: Attachment

    package init(path: String) throws(ConfigurationError) {
        try self.init(path: path, bytes: ConfigurationFile.bytes(of: path))
    }

    package init(path: String, bytes: [UInt8]) throws(ConfigurationError) {
        let faults = FaultList()
        attachment = Attachment(bytes)
        var reader = OpenSLOReader(source: attachment.digest)
        let documents = YAMLDocument.composeAll(bytes, faults: faults)
        for document in documents { reader.read(document) }
        let levels = reader.finish()
        if levels.isEmpty, faults.isEmpty {
            faults.add(1, "there is no SLO; add a document with kind: SLO")
        }
        guard faults.isEmpty else { throw .invalid(path: path, faults.sorted) }
        self.path = path
        self.levels = levels
    }
}

/// Reads documents, and joins SLOs with the indicators that they refer to.
private struct OpenSLOReader {
    let source: Digest
    private var indicators: [String: ServiceLevel.Indicator?] = [:]
    private var services: Set<String> = []
    private var objectives: [(value: Value, section: SectionReader, name: String)] = []
    private var names: Set<String> = []

    init(source: Digest) { self.source = source }

    private static let kinds = [
        "Service", "SLO", "SLI", "DataSource", "AlertPolicy", "AlertCondition",
        "AlertNotificationTarget",
    ]

    mutating func read(_ document: Value) {
        if document.node.sequence != nil {
            for item in document.items() ?? [] { read(item) }
            return
        }
        guard
            let section = SectionReader(document, keys: ["apiVersion", "kind", "metadata", "spec"])
        else { return }
        guard let version = section.required("apiVersion", as: "openslo/v1")?.text(),
            let kindValue = section.required("kind", as: "SLO"), let kind = kindValue.text()
        else { return }
        guard version == "openslo/v1" else {
            section["apiVersion"]?.fault(
                "apiVersion \"\(version)\" is not read here; write openslo/v1")
            return
        }
        guard
            kindValue.reference(
                to: Self.kinds, "kind", orElse: "take Service, SLO or SLI") != nil,
            let name = Self.name(section)
        else { return }
        switch kind {
        case "Service": services.insert(name)
        case "SLI":
            guard let spec = section.required("spec", as: "{ratioMetric: …}") else { return }
            guard indicators[name] == nil else {
                document.fault("there are two SLIs called \(name)")
                return
            }
            indicators[name] = .some(indicator(spec))
        case "SLO":
            guard names.insert(name).inserted else {
                document.fault("there are two SLOs called \(name)")
                return
            }
            guard let spec = section.required("spec", as: "{service: checkout, …}"),
                let reader = SectionReader(
                    spec,
                    keys: [
                        "description", "service", "indicator", "indicatorRef", "timeWindow",
                        "budgetingMethod", "objectives", "alertPolicies",
                    ])
            else { return }
            objectives.append((spec, reader, name))
        default: break
        }
    }

    private static func name(_ section: SectionReader) -> String? {
        guard let metadata = section.required("metadata", as: "{name: checkout}"),
            let reader = SectionReader(
                metadata, keys: ["name", "displayName", "labels", "annotations"]),
            let value = reader.required("name", as: "checkout"), let name = value.text()
        else { return nil }
        let known = name.allSatisfy {
            $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-" || $0 == ".")
        }
        guard known, name.count <= 63, name.first != "-", name.last != "-" else {
            value.fault(
                "\"\(name)\" is no name; take up to 63 small letters, digits and - (RFC 1123)")
            return nil
        }
        return name
    }

    func finish() -> [ServiceLevel] { objectives.flatMap { levels($0.section, $0.name) } }

    private func levels(_ spec: SectionReader, _ name: String) -> [ServiceLevel] {
        let service = spec.required("service", as: "checkout")?.plainName()
        let indicator = indicator(of: spec)
        let period = spec.required("timeWindow", as: "[{duration: 30d, isRolling: true}]")
            .flatMap(period)
        if let method = spec.required("budgetingMethod", as: "Occurrences"),
            let text = method.reference(
                to: ["Occurrences", "Timeslices", "RatioTimeslices"], "budgetingMethod",
                orElse: "write Occurrences"),
            text != "Occurrences"
        {
            method.fault("budgetingMethod \(text) is not read here; write Occurrences")
        }
        let list = spec.required("objectives", as: "[{target: 0.999}]")
        let targets = (list?.items(atLeast: 1, as: "[{target: 0.999}]") ?? []).map(objective)
        guard let service, let indicator, let period else { return [] }
        return targets.enumerated().compactMap { index, objective in
            guard let objective else { return nil }
            return ServiceLevel(
                name: targets.count == 1 ? name : "\(name)-\(index + 1)", service: service,
                summary: objective.summary, target: objective.target, period: period,
                indicator: indicator, source: source)
        }
    }

    private func indicator(of spec: SectionReader) -> ServiceLevel.Indicator? {
        switch (spec["indicator"], spec["indicatorRef"]) {
        case (let inline?, nil):
            guard let reader = SectionReader(inline, keys: ["metadata", "spec"]) else { return nil }
            return reader.required("spec", as: "{ratioMetric: …}").flatMap(indicator)
        case (nil, let reference?):
            guard let name = reference.text() else { return nil }
            guard let known = indicators[name] else {
                _ = reference.reference(
                    to: indicators.keys.sorted(), "SLI",
                    orElse: "add a document of kind: SLI with this name to the file")
                return nil
            }
            return known
        case (nil, nil):
            spec.value.fault("\(spec.value.title) lacks \"indicator\" or \"indicatorRef\"")
        case (_?, let reference?):
            reference.fault("take indicator or indicatorRef, not both")
        }
        return nil
    }

    private func indicator(_ spec: Value) -> ServiceLevel.Indicator? {
        guard
            let reader = SectionReader(
                spec, keys: ["description", "ratioMetric", "thresholdMetric"])
        else { return nil }
        if let threshold = reader["thresholdMetric"] {
            threshold.fault(
                "a thresholdMetric has no requests to count; write a ratioMetric over a "
                    + "histogram's bucket, as …_bucket{le=\"0.3\"} over …_count")
            return nil
        }
        guard let ratio = reader.required("ratioMetric", as: "{counter: true, bad: …, total: …}"),
            let metric = SectionReader(
                ratio, keys: ["counter", "good", "bad", "total", "raw", "rawType"])
        else { return nil }
        if let raw = metric["raw"] {
            for key in ["good", "bad", "total"] where metric[key] != nil {
                metric[key]?.fault("take raw alone, or total with good or bad")
            }
            let type = metric.required("rawType", as: "failure")?.reference(
                to: ["success", "failure"], "rawType", orElse: "write success or failure")
            guard let query = query(raw), let type else { return nil }
            return .raw(query.text, isFailure: type == "failure")
        }
        let isCounter = metric.required("counter", as: "true")?.bool()
        let total = metric.required("total", as: "{metricSource: …}").flatMap(query)
        switch (metric["good"], metric["bad"]) {
        case (let part?, nil), (nil, let part?):
            guard let query = query(part), let total, let isCounter else { return nil }
            return .ratio(
                part: query.expression, isGood: metric["good"] != nil, total: total.expression,
                isCounter: isCounter)
        case (nil, nil):
            ratio.fault("\(ratio.title) lacks \"good\" or \"bad\"; add one of them")
        case (_?, let bad?): bad.fault("take good or bad, not both")
        }
        return nil
    }

    /// - Returns: The query as it is written, and as it is read with a window put in.
    private func query(_ value: Value) -> (text: String, expression: PromQL)? {
        guard let outer = SectionReader(value, keys: ["metricSource"]),
            let source = outer.required(
                "metricSource", as: "{type: Prometheus, spec: {query: …}}"),
            let reader = SectionReader(source, keys: ["metricSourceRef", "type", "spec"])
        else { return nil }
        if let type = reader["type"], let text = type.text(), text.lowercased() != "prometheus" {
            type.fault("metrics of \(text) are not read here; write type: Prometheus")
            return nil
        }
        guard let spec = reader.required("spec", as: "{query: http_requests_total}"),
            let query = SectionReader(spec, keys: ["query", "queryType", "metric"]),
            let value = query.required("query", as: "http_requests_total"),
            let text = value.text()
        else { return nil }
        do throws(PromQL.Fault) {
            return (text, try PromQL(text.replacing("{{.window}}", with: "5m")))
        } catch {
            value.fault("the query is no PromQL, \(error.description)")
            return nil
        }
    }

    private func period(_ value: Value) -> Duration? {
        guard let windows = value.items(atLeast: 1, as: "[{duration: 30d, isRolling: true}]"),
            let window = windows.first
        else { return nil }
        if windows.count > 1 { windows[1].fault("one timeWindow is read; take the others out") }
        guard let reader = SectionReader(window, keys: ["duration", "isRolling", "calendar"]),
            let duration = reader.required("duration", as: "30d"), let text = duration.text()
        else { return nil }
        if let rolling = reader["isRolling"], rolling.bool() == false {
            rolling.fault("a calendar's window is not read here; write isRolling: true")
        }
        guard let length = Self.length(text) else {
            duration.fault(
                "\"\(text)\" is no time window; write it as 30d or 4w, of one day to one year")
            return nil
        }
        return length
    }

    /// OpenSLO's `28d`, `4w`, `1M`, `1Q`, `1Y`: months are 30 days, and a year is 365.
    private static func length(_ text: String) -> Duration? {
        let units: [Character: Int] = ["h": 1, "d": 24, "w": 168, "M": 720, "Q": 2160, "Y": 8760]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
            count > 0, count <= 8760
        else { return nil }
        let hours = count * unit
        guard (24...8784).contains(hours) else { return nil }
        return .seconds(hours * 3600)
    }

    private func objective(_ value: Value) -> (target: Decimal, summary: String)? {
        guard
            let reader = SectionReader(
                value,
                keys: [
                    "displayName", "op", "value", "target", "targetPercent", "timeSliceTarget",
                    "timeSliceWindow", "indicator", "indicatorRef", "compositeWeight",
                ])
        else { return nil }
        let summary = reader["displayName"]?.text() ?? ""
        let (written, scale): (Value?, Decimal) =
            reader["targetPercent"].map { ($0, 100) }
            ?? (reader.required("target", as: "0.999"), 1)
        guard let written else { return nil }
        let text = written.node.scalar?.string ?? ""
        let plain = text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard plain, text.count <= 20, let number = Decimal(string: text), number > 0,
            number < scale
        else {
            written.fault(
                "\(written.title) must lie between 0 and \(scale), as \(scale == 1 ? "0.999" : "99.9")"
            )
            return nil
        }
        return (number / scale, summary)
    }
}
