-- A Daybook ledger, format version 1. Frozen: a shipped statement is never edited, a later format adds a file.
-- The event column is the only truth. The columns after it are computed from it by SQLite itself, so that what
-- is searched cannot disagree with what was hashed.

CREATE TABLE entries (
    position      INTEGER PRIMARY KEY CHECK (position >= 0),
    hash          BLOB NOT NULL CHECK (length(hash) = 32),
    event         TEXT NOT NULL,
    id            TEXT    GENERATED ALWAYS AS (json_extract(event, '$.id')) VIRTUAL,
    source        TEXT    GENERATED ALWAYS AS (json_extract(event, '$.source')) VIRTUAL,
    type          TEXT    GENERATED ALWAYS AS (json_extract(event, '$.type')) VIRTUAL,
    subject       TEXT    GENERATED ALWAYS AS (json_extract(event, '$.subject')) VIRTUAL,
    streamversion INTEGER GENERATED ALWAYS AS (json_extract(event, '$.streamversion')) VIRTUAL
) STRICT;

CREATE UNIQUE INDEX entries_by_key ON entries (source, id);

CREATE UNIQUE INDEX entries_by_stream ON entries (subject, streamversion);

CREATE INDEX entries_by_type ON entries (type);

-- The roots of full subtrees: level 1 over 256 entries, level 2 over 65,536, and so on.
CREATE TABLE subtree_hashes (
    level  INTEGER NOT NULL CHECK (level >= 1),
    number INTEGER NOT NULL CHECK (number >= 0),
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, number)
) STRICT, WITHOUT ROWID;

-- Every checkpoint that was signed, by the number of entries it covers.
CREATE TABLE checkpoints (
    size INTEGER PRIMARY KEY CHECK (size >= 1),
    note TEXT NOT NULL
) STRICT;

-- Bytes kept beside the log, by their SHA-256.
CREATE TABLE attachments (
    digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
    bytes  BLOB NOT NULL
) STRICT;

CREATE TRIGGER entries_refuse_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never changed'); END;

CREATE TRIGGER entries_refuse_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are never deleted'); END;

CREATE TRIGGER subtree_hashes_refuse_update BEFORE UPDATE ON subtree_hashes
BEGIN SELECT RAISE(ABORT, 'subtree hashes are never changed'); END;

CREATE TRIGGER subtree_hashes_refuse_delete BEFORE DELETE ON subtree_hashes
BEGIN SELECT RAISE(ABORT, 'subtree hashes are never deleted'); END;

CREATE TRIGGER checkpoints_refuse_update BEFORE UPDATE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are never changed'); END;

CREATE TRIGGER checkpoints_refuse_delete BEFORE DELETE ON checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are never deleted'); END;

CREATE TRIGGER attachments_refuse_update BEFORE UPDATE ON attachments
BEGIN SELECT RAISE(ABORT, 'attachments are never changed'); END;

CREATE TRIGGER attachments_refuse_delete BEFORE DELETE ON attachments
BEGIN SELECT RAISE(ABORT, 'attachments are never deleted'); END;
