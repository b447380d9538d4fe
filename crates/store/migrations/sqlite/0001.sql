-- The register's number and flag stand before each of its terms; the counts spare the list page a count.
CREATE TABLE register (
    number  INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    live    INTEGER NOT NULL,
    retired INTEGER NOT NULL
) STRICT;

-- One row for each entry: where its latest version is, and what it is found by.
CREATE TABLE entry (
    id         INTEGER PRIMARY KEY,
    register   TEXT NOT NULL,
    key        TEXT NOT NULL,
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    reading    TEXT NOT NULL,
    retired_at TEXT,
    leaf       INTEGER NOT NULL,
    subject    BLOB NOT NULL,
    terms      BLOB NOT NULL,
    search     TEXT NOT NULL,
    UNIQUE (register, key)
) STRICT;

-- One row for each version, under the ledger entry that committed to it.
CREATE TABLE entry_version (
    leaf     INTEGER PRIMARY KEY,
    entry    INTEGER NOT NULL,
    version  INTEGER NOT NULL,
    title    TEXT NOT NULL,
    reading  TEXT NOT NULL,
    retired  INTEGER NOT NULL,
    act      INTEGER NOT NULL,
    index_hash BLOB NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (entry, version)
) STRICT;

CREATE TABLE entry_ref (
    register TEXT NOT NULL,
    key      TEXT NOT NULL,
    field    TEXT NOT NULL,
    source   INTEGER NOT NULL,
    PRIMARY KEY (register, key, field, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry_unique (
    register TEXT NOT NULL,
    name     TEXT NOT NULL,
    value    TEXT NOT NULL,
    entry    INTEGER NOT NULL,
    PRIMARY KEY (register, name, value)
) STRICT, WITHOUT ROWID;

-- What lists sort by, in the order of the bytes.
CREATE TABLE entry_field (
    register INTEGER NOT NULL,
    field    TEXT NOT NULL,
    retired  INTEGER NOT NULL,
    value    BLOB NOT NULL,
    entry    INTEGER NOT NULL,
    PRIMARY KEY (register, field, retired, value, entry)
) STRICT, WITHOUT ROWID;

-- What lists filter and search by: posting lists only.
CREATE VIRTUAL TABLE term USING fts5(tokens, content='', contentless_delete=1, detail=none, tokenize='ascii');
-- The same, row by row, to check it.
CREATE VIRTUAL TABLE term_row USING fts5vocab(term, instance);

CREATE TABLE ledger_head (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    size       INTEGER NOT NULL,
    edge       BLOB NOT NULL,
    at         TEXT NOT NULL,
    policy     TEXT,
    next_entry INTEGER NOT NULL
) STRICT;

CREATE TABLE ledger_leaf (
    idx       INTEGER PRIMARY KEY,
    entry     BLOB NOT NULL,
    hash      BLOB NOT NULL,
    class     TEXT NOT NULL,
    secret    BLOB,
    fields    TEXT,
    erased_by INTEGER
) STRICT;

-- Hashes of full tiles, from level 1 upwards; level 0 is ledger_leaf.
CREATE TABLE ledger_tile (
    level INTEGER NOT NULL,
    idx   INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE pseudonym (
    person TEXT PRIMARY KEY,
    actor  TEXT NOT NULL UNIQUE,
    digest BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE secret (
    scope TEXT NOT NULL,
    key   TEXT NOT NULL,
    value BLOB NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    hash  BLOB PRIMARY KEY,
    size  INTEGER NOT NULL,
    media TEXT NOT NULL
) STRICT, WITHOUT ROWID;
