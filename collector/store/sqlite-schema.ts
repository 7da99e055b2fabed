import { DatabaseSync } from 'node:sqlite';

const SCHEMA_VERSION = 1;

/**
 *   trace       a row per trace: its numbers over all parts; search runs on it
 *   part        a row per delivery: zstd of the TracesData bytes, in the order of their coming
 *   occurrence  which operations of which services a trace has, newest start first within a service
 */
const SCHEMA = `
  CREATE TABLE service (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE operation (
    id INTEGER PRIMARY KEY, service INTEGER NOT NULL, name TEXT NOT NULL, UNIQUE (service, name)
  ) STRICT;
  CREATE TABLE trace (
    id INTEGER PRIMARY KEY, trace_id BLOB NOT NULL UNIQUE,
    start_ns INTEGER NOT NULL, end_ns INTEGER NOT NULL, duration_ns INTEGER NOT NULL,
    span_count INTEGER NOT NULL, error_count INTEGER NOT NULL,
    root TEXT NOT NULL, services TEXT NOT NULL, part_count INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX trace_start ON trace (start_ns);
  CREATE TABLE part (id INTEGER PRIMARY KEY, trace INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX part_trace ON part (trace);
  CREATE TABLE occurrence (
    service INTEGER NOT NULL, start_ns INTEGER NOT NULL, trace INTEGER NOT NULL, operation INTEGER NOT NULL,
    PRIMARY KEY (service, start_ns, trace, operation)
  ) STRICT, WITHOUT ROWID;
`;

/** Opens the file, making it where it is missing. Throws where it cannot be written or comes from another version. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    // NORMAL in WAL mode survives the end of the process; a power cut may take the last transactions, never the file.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000');
    const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
    else if (version !== SCHEMA_VERSION) {
      throw new Error(
        `${file} has schema version ${version}, this collector reads ${SCHEMA_VERSION}: move the file away, or use the version that wrote it`,
      );
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
