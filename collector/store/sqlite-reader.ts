import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import type { TraceSummary } from '@tracelab/protocol';
import { matchesAttributes } from './match-attributes.ts';
import { buildSearch } from './sqlite-search.ts';
import { rowFromRecord, type TraceRecord } from './sqlite-rows.ts';
import { mergeParts, summarizeRow } from './summarize-row.ts';
import { ATTRIBUTE_SCAN_TRACES_MAX, type TraceQuery, type TraceSearchResult } from './trace-store.ts';

/** Names of one list that are answered; more than a person can read. */
const NAMES_MAX = 10_000;

/** Answers every question about what is written. */
export class SqliteReader {
  readonly #database: DatabaseSync;
  readonly #selectParts: StatementSync;
  readonly #selectPartsById: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#selectParts = database.prepare('SELECT bytes FROM part WHERE trace = ? ORDER BY id');
    this.#selectPartsById = database.prepare(
      'SELECT bytes FROM part WHERE trace = (SELECT id FROM trace WHERE trace_id = ?) ORDER BY id',
    );
  }

  readParts(traceId: string): Uint8Array[] {
    return partsOf(this.#selectPartsById.all(Buffer.from(traceId, 'hex')));
  }

  services(): string[] {
    return namesOf(this.#database.prepare('SELECT name FROM service ORDER BY name LIMIT ?').all(NAMES_MAX));
  }

  operations(service: string): string[] {
    const sql =
      'SELECT name FROM operation WHERE service = (SELECT id FROM service WHERE name = ?) ORDER BY name LIMIT ?';
    return namesOf(this.#database.prepare(sql).all(service, NAMES_MAX));
  }

  search(query: TraceQuery): TraceSearchResult {
    const conditions = query.attributes ?? [];
    const traces: TraceSummary[] = [];
    let scanned = 0;
    let truncated = false;
    for (const record of this.#candidates(query)) {
      if (traces.length >= query.limit) break;
      const readParts = (): Uint8Array[] => partsOf(this.#selectParts.all(record.id));
      if (conditions.length > 0) {
        if (scanned >= ATTRIBUTE_SCAN_TRACES_MAX) return { traces, truncated: true };
        scanned++;
        const data = mergeParts(readParts());
        truncated ||= !data.ok;
        if (!data.ok || !matchesAttributes(data.value, conditions)) continue;
      }
      traces.push(summarizeRow(Buffer.from(record.trace_id).toString('hex'), rowFromRecord(record), readParts));
    }
    return { traces, truncated };
  }

  /** Newest first, read from the index as far as they are asked for; a trace comes once for each of its operations that fit. */
  *#candidates(query: TraceQuery): Generator<TraceRecord> {
    const { sql, parameters } = buildSearch(query);
    const statement = this.#database.prepare(sql);
    statement.setReadBigInts(true);
    let last: bigint | undefined;
    for (const found of statement.iterate(...parameters)) {
      const record = found as unknown as TraceRecord;
      if (record.id === last) continue;
      last = record.id;
      yield record;
    }
  }
}

function partsOf(records: readonly Record<string, unknown>[]): Uint8Array[] {
  return records.map((record) => zstdDecompressSync(record['bytes'] as Uint8Array));
}

function namesOf(records: readonly Record<string, unknown>[]): string[] {
  return records.map((record) => String(record['name']));
}
