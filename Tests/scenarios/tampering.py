"""What somebody with the file, and perhaps the signing key, may do to a ledger: a table of named damages.

A damage is (name, expected, statements). Expected is the set {(position, kind), …} of all findings, or a list of those
that must be among them, where one damage has many consequences: both verifiers find the same ones there, too. The
statements run through scenario.damage.
"""
import json

from forging import canonical, edit, forge, members

SIZE = 300  # of the ledger for plain damages: beyond one full subtree
FORGED_SIZE = 30
# What test_agreement makes of them has checkpoints of these sizes.
ALL = {(size - 1, "checkpoint") for size in (1, 101, 201, 299, 300)}
ALL_FORGED = {(size - 1, "checkpoint") for size in (1, 11, 21, 29, 30)}
LATE = 25  # of those, an entry that no later one of its stream follows, so that its own finding stands alone
NUMBER = f'"number":{LATE - 1}'
CREATED = "dev.daybook.ledger.created.v1"


# Schema: SQLite's own table of tables, edited

def rewrite_schema(name, sql):
    def statement(connection):
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, name))
        version = connection.execute("PRAGMA schema_version").fetchone()[0]
        connection.execute(f"PRAGMA schema_version = {version + 1}")
        connection.execute("PRAGMA writable_schema = OFF")
    return statement


def false_index(name, real, false):
    """An index whose stated SQL is the real one, but whose content was made by another."""
    return [f"DROP INDEX {name}", false, rewrite_schema(name, real)]


def stale_index(name, *statements):
    """An index that misses what the statements change: it is hidden from SQLite meanwhile, its pages stay."""
    def hide(connection):
        connection.execute("PRAGMA writable_schema = ON")
        row = connection.execute("SELECT * FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
        connection.execute("DELETE FROM sqlite_schema WHERE name = ?", (name,))
        connection.execute("PRAGMA writable_schema = RESET")
        for statement in statements:
            connection.execute(statement)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
        connection.execute("PRAGMA writable_schema = RESET")
    return hide


def leftover(name, event):
    """A row in one index for an entry that is not there."""
    return [f"INSERT INTO entries (position, hash, event) VALUES (1000, zeroblob(32), '{event}')",
            stale_index(name, "DELETE FROM entries WHERE position = 1000")]


BY_TYPE = "CREATE INDEX entries_by_type ON entries (type)"
BY_KEY = "CREATE UNIQUE INDEX entries_by_key ON entries (source, id)"
BY_STREAM = "CREATE UNIQUE INDEX entries_by_stream ON entries (subject, streamversion)"
NO_CHECKS = "PRAGMA ignore_check_constraints = ON"


def repeat_key(connection, key):
    """Two events with one key, in spite of the unique index."""
    connection.execute("DROP INDEX entries_by_key")
    connection.execute("CREATE INDEX entries_by_key ON entries (source, id)")

    def change(events):
        event = json.loads(events[9])
        event["id"] = json.loads(events[4])["id"]
        events[9] = canonical(event)
    forge(connection, key, change)
    rewrite_schema("entries_by_key", BY_KEY)(connection)


def repeat_version(connection, key):
    """One stream version twice, in spite of the unique index."""
    connection.execute("DROP INDEX entries_by_stream")
    connection.execute("CREATE INDEX entries_by_stream ON entries (subject, streamversion)")

    def change(events):
        streams = [json.loads(e).get("subject") for e in events]
        position = [p for p, s in enumerate(streams) if s == streams[9]][-1]
        event = json.loads(events[position])
        event["streamversion"] -= 1
        events[position] = canonical(event)
    forge(connection, key, change)
    rewrite_schema("entries_by_stream", BY_STREAM)(connection)


NO_STREAM = '{"id":"x","source":"y","type":"z"}'
STREAM = '{"id":"x","source":"y","streamversion":1,"subject":"s","type":"z"}'
NO_ENTRY = "INSERT INTO entries (position, hash, event) VALUES ({}, zeroblob(32), '{}')"


def update(position, expression):
    return f"UPDATE entries SET {expression} WHERE position = {position}"


def another_key_id(text):
    """The first event, with its key ID in capitals (or any other, where it has no letter)."""
    event = json.loads(text)
    name, key_id, public = event["data"]["key"].split("+", 2)
    other = key_id.upper() if key_id.upper() != key_id else "ABCDEF01"
    event["data"]["key"] = f"{name}+{other}+{public}"
    return canonical(event)


def plain_damages():
    """Without the signing key: (name, expected, statements)."""
    zeros = "zeroblob(32)"
    return [
        ("an event changed", {(7, "hash")}, [update(7, "event = replace(event, 'così', 'cosi')")]),
        ("a hash changed", [(7, "hash"), (8, "hash"), (299, "checkpoint")], [
            "UPDATE entries SET hash = (SELECT hash FROM entries WHERE position = 3) WHERE position = 7"]),
        ("two events swapped", [(4, "hash"), (5, "hash")], [
            "UPDATE entries SET event = json_set(event, '$.id', 'x' || json_extract(event, '$.id')) WHERE position IN (4, 5)"]),
        ("the last event changed", {(299, "hash")}, [update(299, "event = replace(event, '\"name\":\"a\"', '\"name\":\"b\"')")]),
        ("the first event changed", [(0, "hash")], [update(0, "event = replace(event, 'example.com/shop', 'example.com/shoq')")]),
        ("one entry missing", {(7, "position"), (14, "stream")}, ["DELETE FROM entries WHERE position = 7"]),
        ("two gaps", [(7, "position"), (20, "position")], ["DELETE FROM entries WHERE position IN (7, 8, 20)"]),
        ("the first entry missing", {(0, "position"), (0, "created"), *ALL}, ["DELETE FROM entries WHERE position = 0"]),
        ("the tail missing", {(298, "checkpoint"), (299, "checkpoint")}, ["DELETE FROM entries WHERE position > 290"]),
        ("the tail missing with its checkpoints", {(200, "checkpoint")}, [
            "DELETE FROM entries WHERE position > 290", "DELETE FROM checkpoints WHERE size > 291"]),
        ("all entries missing", {(0, "created"), (None, "subtree"), *ALL}, ["DELETE FROM entries"]),
        ("everything missing", {(0, "created")}, ["DELETE FROM entries", "DELETE FROM checkpoints", "DELETE FROM subtree_hashes"]),
        ("entries moved by one", {(11, "position"), (299, "checkpoint")}, [
            "UPDATE entries SET position = position + 1000 WHERE position > 10",
            "UPDATE entries SET position = position - 999 WHERE position > 1000"]),
        ("the last entry far away", {(299, "position"), (299, "checkpoint")}, [
            "UPDATE entries SET position = 9223372036854775807 WHERE position = 299"]),
        ("a negative position", {(0, "position"), (299, "checkpoint")}, [
            NO_CHECKS, "UPDATE entries SET position = -1 WHERE position = 299"]),
        ("rows before and after all positions", {(0, "position"), (298, "position"), (298, "checkpoint"), (299, "checkpoint")}, [
            NO_CHECKS, update(299, "position = -9223372036854775808"), update(298, "position = 9007199254740992")]),
        ("a row of nonsense before the first", {(0, "position")}, [NO_CHECKS, NO_ENTRY.format(-7, "[]")]),
        ("a row of nonsense after 2^53", {(300, "position")}, [NO_ENTRY.format(2**53, "[]")]),
        ("an entry at the last position", {
            (300, "position"), (299, "checkpoint"), (2**53 - 1, "hash"), (2**53 - 1, "event")}, [
            NO_CHECKS, f"INSERT INTO entries (position, hash, event) VALUES ({2**53 - 1}, x'00', '[]')"]),
        ("rows instead of entries", {(0, "position"), (0, "created")}, [
            NO_CHECKS, "DELETE FROM checkpoints", "DELETE FROM subtree_hashes", "DELETE FROM entries WHERE position > 9",
            "UPDATE entries SET position = -1 - position"]),
        ("a short hash", [(7, "hash")], [NO_CHECKS, update(7, "hash = zeroblob(31)")]),
        ("a long hash", [(7, "hash")], [NO_CHECKS, update(7, "hash = CAST(hash || x'00' AS BLOB)")]),
        ("an empty hash", [(7, "hash")], [NO_CHECKS, update(7, "hash = x''")]),
        ("a subtree hash changed", {(None, "subtree")}, [f"UPDATE subtree_hashes SET hash = {zeros}"]),
        ("a subtree hash missing", {(None, "subtree")}, ["DELETE FROM subtree_hashes"]),
        ("a subtree hash too many", {(None, "subtree")}, [f"INSERT INTO subtree_hashes VALUES (1, 1, {zeros})"]),
        ("a subtree hash at no level", {(None, "subtree")}, [NO_CHECKS, f"INSERT INTO subtree_hashes VALUES (0, 0, {zeros})"]),
        ("a subtree hash at level two", {(None, "subtree")}, [f"INSERT INTO subtree_hashes VALUES (2, 0, {zeros})"]),
        ("a short subtree hash", {(None, "subtree")}, [NO_CHECKS, "UPDATE subtree_hashes SET hash = x'00'"]),
        ("the newest checkpoint missing", {(298, "checkpoint")}, ["DELETE FROM checkpoints WHERE size = 300"]),
        ("all checkpoints missing", {(None, "checkpoint")}, ["DELETE FROM checkpoints"]),
        ("a checkpoint without sense", {(299, "checkpoint")}, ["UPDATE checkpoints SET note = 'x' WHERE size = 300"]),
        ("an empty checkpoint", {(299, "checkpoint")}, ["UPDATE checkpoints SET note = '' WHERE size = 300"]),
        ("a checkpoint with a false signature", {(299, "checkpoint")}, [
            "UPDATE checkpoints SET note = substr(note, 1, length(note) - 9) || 'AAAAAAA=' || char(10) WHERE size = 300"]),
        ("a checkpoint of another size in the row", {(298, "checkpoint")}, ["DELETE FROM checkpoints WHERE size = 299",
                                                      "UPDATE checkpoints SET size = 299 WHERE size = 300"]),
        ("a checkpoint above the ledger's size", {(300, "checkpoint")}, ["UPDATE checkpoints SET size = 301 WHERE size = 300"]),
        ("a checkpoint copied to a later size", {(400, "checkpoint")}, [
            "INSERT INTO checkpoints SELECT 401, note FROM checkpoints WHERE size = 300"]),
        ("a checkpoint of no size", {(None, "checkpoint")}, [
            NO_CHECKS, "INSERT INTO checkpoints SELECT 0, note FROM checkpoints WHERE size = 300"]),
        ("a checkpoint of negative size", {(None, "checkpoint")}, [
            NO_CHECKS, "INSERT INTO checkpoints SELECT -5, note FROM checkpoints WHERE size = 300"]),
        ("a checkpoint of the largest size", {(None, "checkpoint")}, [
            "INSERT INTO checkpoints SELECT 9223372036854775807, note FROM checkpoints WHERE size = 300"]),
        ("a checkpoint of no size alone", {(None, "checkpoint")}, [
            NO_CHECKS, "INSERT INTO checkpoints SELECT 0, note FROM checkpoints WHERE size = 300",
            "DELETE FROM checkpoints WHERE size > 0"]),
        ("no entries, but checkpoints of all sizes", {(0, "created"), (None, "checkpoint"), (0, "checkpoint")}, [
            NO_CHECKS, "DELETE FROM entries", "DELETE FROM subtree_hashes", "DELETE FROM checkpoints WHERE size > 1",
            "INSERT INTO checkpoints SELECT size - 1, note FROM checkpoints"]),
        ("an attachment changed", {(None, "attachment")}, ["UPDATE attachments SET bytes = x'00'"]),
        ("an attachment's digest changed", {(None, "attachment"), (299, "attachment")}, [
            f"UPDATE attachments SET digest = {zeros}"]),
        ("an attachment missing", {(299, "attachment")}, ["DELETE FROM attachments"]),
        ("an attachment with a short digest", {(None, "attachment")}, [NO_CHECKS, "INSERT INTO attachments VALUES (x'00', x'')"]),
        ("an event that is a blob in text's place", [(7, "hash")], [update(7, "event = CAST(CAST(event AS BLOB) AS TEXT) || char(0)")]),
        ("another application", {(None, "file")}, ["PRAGMA application_id = 7"]),
        ("no application", {(None, "file")}, ["PRAGMA application_id = 0"]),
        ("format nought", {(None, "file")}, ["PRAGMA user_version = 0"]),
        ("a negative format", {(None, "file")}, ["PRAGMA user_version = -1"]),
        ("another application of a newer format", {(None, "file")}, ["PRAGMA application_id = 7", "PRAGMA user_version = 2"]),
        ("another application that is damaged", {(None, "file")}, [
            "PRAGMA application_id = 7", "DELETE FROM entries", "DROP TABLE checkpoints"]),
        ("analysed", set(), ["ANALYZE"]),
        ("a table that SQLite makes for others", {(None, "schema")}, [
            "CREATE TABLE more (x INTEGER PRIMARY KEY AUTOINCREMENT)", "DROP TABLE more"]),
        ("a newer format", [], ["PRAGMA user_version = 2"]),
        ("no table of attachments", {(None, "schema"), (299, "attachment")}, ["DROP TABLE attachments"]),
        ("no table of checkpoints", {(None, "schema")}, ["DROP TABLE checkpoints"]),
        ("no table of subtree hashes", {(None, "schema")}, ["DROP TABLE subtree_hashes"]),
        ("no table of entries", {(None, "schema")}, ["DROP TABLE entries"]),
        ("entries replaced by a view", {(None, "schema")}, [
            "ALTER TABLE entries RENAME TO real", "CREATE VIEW entries AS SELECT * FROM real"]),
        ("checkpoints replaced by a view", {(None, "schema")}, [
            "ALTER TABLE checkpoints RENAME TO real", "CREATE VIEW checkpoints AS SELECT * FROM real"]),
        ("an endless view", {(None, "schema"), (299, "attachment")}, [
            "DROP TABLE attachments", "CREATE VIEW attachments AS WITH RECURSIVE n(digest, bytes) AS "
            "(SELECT zeroblob(32), x'' UNION ALL SELECT digest, bytes FROM n) SELECT * FROM n"]),
        ("an index dropped", {(None, "schema")}, ["DROP INDEX entries_by_type"]),
        ("an index added", {(None, "schema")}, ["CREATE INDEX more ON entries (position)"]),
        ("a unique index no longer unique", {(None, "schema")}, [
            "DROP INDEX entries_by_key", "CREATE INDEX entries_by_key ON entries (source, id)"]),
        ("a table added", {(None, "schema")}, ["CREATE TABLE more (x)"]),
        ("a view added", {(None, "schema")}, ["CREATE VIEW more AS SELECT * FROM entries"]),
        ("a trigger added", {(None, "schema")}, [
            "CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END"]),
        ("white space in a statement", {(None, "schema")}, [
            "DROP INDEX entries_by_type", "CREATE INDEX entries_by_type ON entries  (type)"]),
        ("a column computed otherwise", {(None, "schema")}, [rewrite_schema("entries", None)]),
        ("an index on something else", {(p, "index") for p in range(SIZE)}, false_index(
            "entries_by_type", BY_TYPE, "CREATE INDEX entries_by_type ON entries (subject)")),
        ("an index of a part only", {(p, "index") for p in range(250, SIZE)}, false_index(
            "entries_by_type", BY_TYPE, "CREATE INDEX entries_by_type ON entries (type) WHERE position < 250")),
        ("a key index of a part only", {(20, "index")}, false_index(
            "entries_by_key", BY_KEY, "CREATE UNIQUE INDEX entries_by_key ON entries (source, id) WHERE position <> 20")),
        *[(f"{name} with a row of no entry", {(None, "index")}, leftover(name, STREAM))
          for name in ("entries_by_key", "entries_by_stream", "entries_by_type")],
        *[(f"{name} with a row of no entry and no stream", {(None, "index")}, leftover(name, NO_STREAM))
          for name in ("entries_by_key", "entries_by_stream", "entries_by_type")],
        ("a stream index the other way round", [], false_index(
            "entries_by_stream", BY_STREAM, "CREATE UNIQUE INDEX entries_by_stream ON entries (subject DESC, streamversion)")),
    ]


def finished_plain_damages(schema):
    """The table, with what needs the ledger's own schema filled in."""
    computed = schema.replace("'$.type'", "'$.subject'")
    assert computed != schema
    for name, expected, statements in plain_damages():
        if name == "a column computed otherwise":
            statements = [rewrite_schema("entries", computed)]
        yield name, expected, statements


def forgeries():
    """By the holder of the signing key: (name, expected, a function of the connection and the key)."""
    long = "x" * 61_440
    later = "2999-01-01T00:00:00.000000Z"
    return [
        ("nothing changed", set(), lambda c, key: forge(c, key)),
        ("white space in an event", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(":", ": ", 1))),
        ("a trailing newline", {(LATE, "canonical")}, edit(LATE, lambda e: e + "\n")),
        ("members out of order", {(LATE, "canonical")}, edit(LATE, lambda e: json.dumps(
            dict(reversed(json.loads(e).items())), separators=(",", ":"), ensure_ascii=False))),
        ("an escape that need not be", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace("così", "cos\\u00ec"))),
        ("a number written at length", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, NUMBER + ".0"))),
        ("an unsafe integer", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, '"number":9007199254740993'))),
        ("a large number in canonical form", set(), edit(
            LATE, lambda e: e.replace(NUMBER, '"number":100000000000000000000'))),
        ("a number in exponent form", set(), edit(LATE, lambda e: e.replace(NUMBER, '"number":1e+30'))),
        ("a number in the wrong exponent form", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, '"number":1e30'))),
        ("a negative zero", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, '"number":-0'))),
        ("a number beyond doubles", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, '"number":1e999'))),
        ("a name twice", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace(NUMBER, NUMBER + "," + NUMBER))),
        ("a lone surrogate", {(LATE, "canonical")}, edit(LATE, lambda e: e.replace("così", "\\ud800"))),
        ("data deeper than the limit", {(LATE, "canonical")}, edit(
            LATE, lambda e: e.replace(NUMBER, '"number":' + "[" * 520 + "]" * 520))),
        ("no id", {(LATE, "event")}, members(LATE, id=None)),
        ("an empty id", {(LATE, "event")}, members(LATE, id="")),
        ("a number as id", {(LATE, "event")}, members(LATE, id=5)),
        ("no source", {(LATE, "event")}, members(LATE, source=None)),
        ("a source with a space", {(LATE, "event")}, members(LATE, source="a b")),
        *[(f"the source {source}", {(LATE, "event")}, members(LATE, source=source)) for source in (
            "x#y#z", "##", "%", "%4", "%zz", "a|b", "a\\b", "\u00e9")],
        *[(f"the source {source}", set(), members(LATE, source=source)) for source in ("#", "x#y", "a?b#c?d/e", "[", "%41#")],
        *[(f"the dataschema {schema}", {(LATE, "event")}, members(LATE, dataschema=schema)) for schema in (
            "x:##", "x:#y#z", "x", "1a:x", "//x", "a:%4", "x#y:z")],
        *[(f"the dataschema {schema}", set(), members(LATE, dataschema=schema)) for schema in ("x:", "x:#", "a+b-c.d:%41?#y")],
        ("no type", {(LATE, "event")}, members(LATE, type=None)),
        ("another specversion", {(LATE, "event")}, members(LATE, specversion="0.3")),
        ("a bad time", {(LATE, "event")}, members(LATE, time="noon")),
        ("a time with a space", {(LATE, "event")}, members(LATE, time="2026-01-31 12:00:00Z")),
        ("a time in small letters", set(), members(LATE, time="2026-01-31t12:00:00z")),
        ("a media type with nothing after the semicolon", {(LATE, "event")}, members(LATE, datacontenttype="a/b;")),
        ("a media type with a name alone", {(LATE, "event")}, members(LATE, datacontenttype="a/b; c")),
        ("a media type with an open quotation", {(LATE, "event")}, edit(LATE, lambda e: canonical(
            {**json.loads(e), "datacontenttype": 'a/b; c="x'}))),
        ("a media type with spaces around the equals sign", {(LATE, "event")}, members(LATE, datacontenttype="a/b; c = d")),
        ("a media type without a part", {(LATE, "event")}, members(LATE, datacontenttype="a/")),
        ("media types", set(), members(LATE, datacontenttype="a/b ; c=d;{e}=|f|")),
        ("a day that never was", {(LATE, "event")}, members(LATE, time="2026-02-30T00:00:00Z")),
        ("no recordedtime", {(LATE, "event")}, members(LATE, recordedtime=None)),
        ("a recordedtime without microseconds", {(LATE, "event")}, members(LATE, recordedtime="2026-01-31T12:00:00Z")),
        ("a recordedtime elsewhere", {(LATE, "event")}, members(LATE, recordedtime="2026-01-31T12:00:00.000000+00:00")),
        ("no streamversion", {(7, "event"), (14, "stream")}, members(7, streamversion=None)),
        ("streamversion nought", {(LATE, "event")}, members(LATE, streamversion=0)),
        ("a negative streamversion", {(LATE, "event")}, members(LATE, streamversion=-1)),
        ("streamversion 2^31", {(LATE, "event")}, members(LATE, streamversion=2**31)),
        ("the largest streamversion", {(LATE, "stream")}, members(LATE, streamversion=2**31 - 1)),
        ("a text as streamversion", {(LATE, "event")}, members(LATE, streamversion="x")),
        ("no subject but a streamversion", {(LATE, "event")}, members(LATE, subject=None)),
        ("an attribute in capitals", {(LATE, "event")}, members(LATE, Trace="x")),
        ("an attribute that is an object", {(LATE, "event")}, members(LATE, trace={"a": 1})),
        ("an attribute beyond 32 bits", {(LATE, "event")}, members(LATE, trace=2**31)),
        ("a null attribute", {(LATE, "event")}, edit(LATE, lambda e: canonical({**json.loads(e), "actor": None}))),
        ("both kinds of data", {(LATE, "event")}, members(LATE, data_base64="AA==")),
        ("bad base64", {(LATE, "event")}, members(LATE, data=None, data_base64="A===")),
        ("a control character", {(LATE, "event")}, members(LATE, actor="a\u0085")),
        ("a noncharacter", {(LATE, "event")}, members(LATE, actor="a\ufdd0")),
        ("an array for an event", {(LATE, "event")}, edit(LATE, lambda e: "[]")),
        ("a number for an event", {(LATE, "event")}, edit(LATE, lambda e: "7")),
        ("an event above the limit", {(LATE, "event")}, members(LATE, data=long)),
        ("an event above the limit that is not canonical", {(LATE, "event")}, edit(LATE, lambda e: e + " " * 61_440)),
        ("neither canonical nor an event", {(LATE, "canonical")}, edit(LATE, lambda e: "[ ]")),
        ("a second beginning that is no event", {(LATE, "event")}, members(LATE, type=CREATED, time="noon")),
        ("a second beginning", {(LATE, "created")}, members(LATE, type=CREATED)),
        ("another type at the beginning", {(0, "created"), *ALL_FORGED}, members(0, type="x.y.z")),
        ("a key ID in capitals at the beginning", {(0, "created"), *ALL_FORGED}, edit(0, another_key_id)),
        ("another origin at the beginning", {(0, "created"), *ALL_FORGED}, edit(
            0, lambda e: e.replace('"origin":"example.com/shop"', '"origin":"example.com/shoq"'))),
        ("a beginning above the limit", {(0, "created"), (0, "event"), *ALL_FORGED}, members(0, actor="x" * 61_440)),
        ("a beginning with a bad time", {(0, "event")}, members(0, time="noon")),
        ("a beginning that is not canonical", {(0, "canonical")}, edit(0, lambda e: e + " ")),
        ("an array at the beginning", {(0, "created"), (0, "event"), *ALL_FORGED}, edit(0, lambda e: "[]")),
        ("no key at the beginning", {(0, "created"), *ALL_FORGED}, members(0, data={"format": 1, "origin": "example.com/shop"})),
        ("another format at the beginning", {(0, "created"), *ALL_FORGED}, edit(0, lambda e: e.replace('"format":1', '"format":2'))),
        ("more data at the beginning", {(0, "created"), *ALL_FORGED}, edit(0, lambda e: e.replace('"format":1', '"aaa":1,"format":1'))),
        ("another subject at the beginning", {(0, "created"), *ALL_FORGED}, members(0, subject="x")),
        ("time goes back", {(8, "time")}, members(8, recordedtime="2000-01-01T00:00:00.000000Z")),
        ("time leaps ahead", {(8, "time")}, members(7, recordedtime=later)),
        ("a stream version skipped", {(29, "stream")}, members(29, streamversion=99)),
        ("a key used twice", {(9, "key")}, repeat_key),
        ("a stream version used twice", {(23, "stream")}, repeat_version),
        ("an attachment that is not there", {(LATE, "attachment")}, members(
            LATE, data={"attachments": [{"name": "x", "digest": "sha256:" + "00" * 32}]})),
        ("attachments that are none", set(), members(LATE, data={"attachments": [
            {"name": 1, "digest": "sha256:" + "00" * 32}, {"digest": "sha256:" + "00" * 32}, "x", None,
            {"name": "x", "digest": "sha256:" + "AA" * 32}, {"name": "x", "digest": "00" * 32}]})),
    ]
