-- The register's number and flag stand before each of its terms; the counts spare the list page a count.
CREATE TABLE register (
    number  BIGINT PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    live    BIGINT NOT NULL,
    retired BIGINT NOT NULL
);

-- One row for each entry: where its latest version is, and what it is found by.
CREATE TABLE entry (
    id         BIGINT PRIMARY KEY,
    register   TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    title      TEXT NOT NULL,
    reading    TEXT NOT NULL,
    retired_at TEXT,
    leaf       BIGINT NOT NULL,
    subject    BYTEA NOT NULL,
    terms      BYTEA NOT NULL,
    search     TEXT NOT NULL,
    UNIQUE (register, key)
);

-- One row for each version, under the ledger entry that committed to it.
CREATE TABLE entry_version (
    leaf       BIGINT PRIMARY KEY,
    entry      BIGINT NOT NULL,
    version    BIGINT NOT NULL,
    title      TEXT NOT NULL,
    reading    TEXT NOT NULL,
    retired    BIGINT NOT NULL,
    act        BIGINT NOT NULL,
    index_hash BYTEA NOT NULL,
    document   TEXT NOT NULL,
    UNIQUE (entry, version)
);

CREATE TABLE entry_ref (
    register TEXT COLLATE "C" NOT NULL,
    key      TEXT COLLATE "C" NOT NULL,
    field    TEXT COLLATE "C" NOT NULL,
    source   BIGINT NOT NULL,
    PRIMARY KEY (register, key, field, source)
);

CREATE TABLE entry_unique (
    register TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    value    TEXT COLLATE "C" NOT NULL,
    entry    BIGINT NOT NULL,
    PRIMARY KEY (register, name, value)
);

-- What lists sort by, in the order of the bytes.
CREATE TABLE entry_field (
    register BIGINT NOT NULL,
    field    TEXT COLLATE "C" NOT NULL,
    retired  BIGINT NOT NULL,
    value    BYTEA NOT NULL,
    entry    BIGINT NOT NULL,
    PRIMARY KEY (register, field, retired, value, entry)
);

-- What lists filter and search by.
CREATE TABLE term (
    entry  BIGINT PRIMARY KEY,
    tokens TEXT[] NOT NULL
);
CREATE INDEX term_tokens ON term USING gin (tokens);

CREATE TABLE ledger_head (
    id         BIGINT PRIMARY KEY CHECK (id = 1),
    size       BIGINT NOT NULL,
    edge       BYTEA NOT NULL,
    at         TEXT NOT NULL,
    policy     TEXT,
    next_entry BIGINT NOT NULL
);

CREATE TABLE ledger_leaf (
    idx       BIGINT PRIMARY KEY,
    entry     BYTEA NOT NULL,
    hash      BYTEA NOT NULL,
    class     TEXT NOT NULL,
    secret    BYTEA,
    fields    TEXT,
    erased_by BIGINT
);

-- Hashes of full tiles, from level 1 upwards; level 0 is ledger_leaf.
CREATE TABLE ledger_tile (
    level BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    hash  BYTEA NOT NULL,
    PRIMARY KEY (level, idx)
);

CREATE TABLE pseudonym (
    person TEXT COLLATE "C" PRIMARY KEY,
    actor  TEXT COLLATE "C" NOT NULL UNIQUE,
    digest BYTEA NOT NULL
);

CREATE TABLE secret (
    scope TEXT COLLATE "C" NOT NULL,
    key   TEXT COLLATE "C" NOT NULL,
    value BYTEA NOT NULL,
    digest BYTEA NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE blob (
    hash  BYTEA PRIMARY KEY,
    size  BIGINT NOT NULL,
    media TEXT NOT NULL
);
