import BoringDeploy
import EventSourcing
import LedgerCore

/// Reads what the engines' queries write: one JSON object a line, as `TableSnapshot.json`.
enum SnapshotReader {
    static func tables(_ bytes: [UInt8]) throws(RehearsalError) -> [TableSnapshot] {
        var tables: [TableSnapshot] = []
        for object in try objects(bytes) {
            do throws(EventError) {
                tables.append(try TableSnapshot(object))
            } catch {
                throw RehearsalError("the tables' checksums cannot be read: \(error)")
            }
        }
        return tables.sorted { $0.name < $1.name }
    }

    static func objects(_ bytes: [UInt8]) throws(RehearsalError) -> [PayloadReader] {
        var objects: [PayloadReader] = []
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            do {
                objects.append(try PayloadReader(StrictJSONParser.parse(Array(line))))
            } catch {
                throw RehearsalError("a query's answer cannot be read: \(error)")
            }
        }
        return objects
    }
}
