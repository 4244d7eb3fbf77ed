import BoringDeploy
import EventSourcing
import LedgerCore

/// Watches the locks of a scratch database through a second connection.
///
/// A loop on the server looks at `pg_locks` about every 5 ms; each look is a transaction of its
/// own, so that CREATE INDEX CONCURRENTLY never waits for it. It ends when somebody asks for the
/// advisory lock that it holds, which is what `stop` does.
struct LockSampler: Sendable {
    let phase: LockTaken.Phase
    /// Longer than the migration may run: where nobody is left to stop it, it ends by itself.
    let longest: Duration

    /// Any number that no migration uses.
    static let key = 0x6461_7962

    static let stop = "SELECT pg_advisory_lock(\(key))"

    /// Locks of plain reads are left out: they are in nobody's way but an exclusive one's.
    /// Relations that the migration itself made are too; nobody else can see them yet.
    var script: String {
        """
        CREATE TEMP TABLE daybook_relations AS
          SELECT c.oid AS relation, n.nspname || '.' || c.relname AS name
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%';
        CREATE TEMP TABLE daybook_locks (
          pid int, transaction text, mode text, relation oid, since timestamptz, until timestamptz,
          waited boolean, PRIMARY KEY (pid, transaction, mode, relation));
        SELECT pg_advisory_lock(\(Self.key));
        DO $daybook$
        DECLARE begun timestamptz := clock_timestamp();
        BEGIN
          LOOP
            INSERT INTO daybook_locks
              SELECT l.pid, l.virtualtransaction, l.mode, l.relation, clock_timestamp(),
                clock_timestamp(), bool_or(NOT l.granted OR EXISTS (
                  SELECT FROM pg_locks w WHERE w.relation = l.relation AND NOT w.granted
                    AND w.database = l.database))
              FROM pg_locks l JOIN daybook_relations r ON r.relation = l.relation
              WHERE l.locktype = 'relation' AND l.pid <> pg_backend_pid()
                AND l.mode <> 'AccessShareLock'
                AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND l.pid NOT IN (SELECT pid FROM pg_stat_activity
                  WHERE backend_type = 'autovacuum worker')
              GROUP BY 1, 2, 3, 4
              ON CONFLICT (pid, transaction, mode, relation) DO UPDATE
                SET until = excluded.until, waited = daybook_locks.waited OR excluded.waited;
            COMMIT;
            EXIT WHEN clock_timestamp() > begun + interval '\(longest.components.seconds) seconds'
              OR EXISTS (SELECT FROM pg_locks WHERE \(Self.ofTheKey) AND NOT granted);
            PERFORM pg_sleep(0.004);
          END LOOP;
        END $daybook$;
        SELECT json_build_object('phase', '\(phase.rawValue)', 'mode', mode, 'relation', r.name,
            'milliseconds', round(sum(extract(epoch FROM until - since)) * 1000)::int,
            'waitedfor', bool_or(waited))
          FROM daybook_locks JOIN daybook_relations r USING (relation)
          GROUP BY mode, r.name ORDER BY r.name, mode;
        """
    }

    /// The advisory lock in `pg_locks` (PostgreSQL 15, §54.12).
    private static let ofTheKey = """
        locktype = 'advisory' AND objid = \(key) AND classid = 0
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    /// Answers t when it watches.
    static let isWatching = "SELECT EXISTS (SELECT FROM pg_locks WHERE \(ofTheKey) AND granted)"

    /// To run at the end of a migration's own transaction, which still holds every lock it took:
    /// what the samples have missed.
    static func lastLook(_ phase: LockTaken.Phase) -> String {
        """
        SELECT json_build_object('phase', '\(phase.rawValue)', 'mode', l.mode,
            'relation', n.nspname || '.' || c.relname, 'waitedfor', false, 'milliseconds',
            (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::int)
          FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation'
            AND l.mode <> 'AccessShareLock' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
            AND n.nspname NOT LIKE 'pg\\_toast%'
          ORDER BY l.mode;
        """
    }

    static func locks(_ bytes: [UInt8]) throws(RehearsalError) -> [LockTaken] {
        var locks: [LockTaken] = []
        for object in try SnapshotReader.objects(bytes) {
            do throws(EventError) {
                locks.append(try LockTaken(object))
            } catch {
                throw RehearsalError("the locks cannot be read: \(error)")
            }
        }
        return locks
    }
}
