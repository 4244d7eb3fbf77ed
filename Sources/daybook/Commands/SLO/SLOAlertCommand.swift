import ArgumentParser
import BoringDeploy
import EventSourcing
import LedgerCore
import Operations

struct SLOAlertCommand: LedgerCommand {
    static let configuration = CommandConfiguration(
        commandName: "alert",
        abstract: "Record the alerts of an Alertmanager webhook, each once however often it comes.",
        discussion: """
            Takes the body of a webhook (version 4). Alerts need a label service; canaries of that service heed those
            that fire.

              daybook slo alert --from body.json
              curl … | daybook slo alert --from -
            """)

    @OptionGroup var ledger: WritingOptions
    @OptionGroup var format: OutputOptions

    @Option(help: ArgumentHelp("The webhook's body; - for standard input.", valueName: "file"))
    var from: String

    func execute() async throws {
        let bytes = try Files.read(from)
        let delivery: AlertDelivery
        do {
            delivery = try AlertDelivery(StrictJSONParser.parse(bytes))
        } catch let error as EventError {
            throw Failure(.badInput, "\(Files.name(from)): \(error)")
        } catch let error as JSONError {
            throw Failure(.badInput, "\(Files.name(from)): \(error)")
        }
        for name in delivery.homeless {
            StandardError.write("\(Table.printable(name)) names no service, and is not recorded\n")
        }
        guard !delivery.alerts.isEmpty else {
            throw Failure(
                .badInput, "\(Files.name(from)): no alert has a label service; add it to the rules")
        }
        let log = try Project().log
        let receipts = try await ledger.withStore { store in
            let log = try log(store)
            var receipts: [(position: Position, isDuplicate: Bool)] = []
            for alert in delivery.alerts {
                let stream = StreamName.service(alert.service)
                receipts.append(
                    alert.isFiring
                        ? try await log.appendOnce(
                            AlertFired(alert), to: stream, id: alert.identity)
                        : try await log.appendOnce(
                            AlertResolved(alert), to: stream, id: alert.identity))
            }
            return receipts
        }
        for (alert, receipt) in zip(delivery.alerts, receipts) {
            let name = alert.labels["alertname"] ?? alert.fingerprint
            let state = alert.isFiring ? "firing" : "resolved"
            switch format.output {
            case .json:
                try StandardOutput.writeLine([
                    "service": .string(alert.service), "alert": .string(name),
                    "status": .string(state), "duplicate": .bool(receipt.isDuplicate),
                    "position": .integer(Int(receipt.position.value)),
                ])
            case .table:
                try StandardOutput.write(
                    Table.printable("\(alert.service): \(name) \(state), position ")
                        + "\(receipt.position)"
                        + (receipt.isDuplicate ? ", recorded before\n" : "\n"))
            }
        }
    }
}
