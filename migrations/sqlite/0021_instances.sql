-- The twin of migrations/postgres/0021_instances.sql. It stays empty: SQLite tells by itself when
-- another process has written to the file (PRAGMA data_version).
CREATE TABLE revisions (
    slot   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    number INTEGER NOT NULL DEFAULT 1
) STRICT;
