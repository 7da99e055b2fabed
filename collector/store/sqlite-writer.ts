import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { zstdCompressSync } from 'node:zlib';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import { columnsOfRow, rowFromRecord, toInteger, type TraceRecord } from './sqlite-rows.ts';
import { addRows, rowOf } from './trace-row.ts';

/** Ids of names remembered; at the bound all are forgotten and looked up again. */
const NAMES_REMEMBERED_MAX = 20_000;

/** Writes batches, one transaction each. */
export class SqliteWriter {
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #serviceIds = new Map<string, bigint>();
  readonly #operationIds = new Map<string, bigint>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = prepareStatements(database);
  }

  /** All of the batch or, with an exception, nothing. */
  write(batch: readonly DecidedTrace[]): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const trace of batch) this.#writePart(trace);
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      // Names that were added are gone again, so are their ids.
      this.#serviceIds.clear();
      this.#operationIds.clear();
      throw error;
    }
  }

  #writePart(part: DecidedTrace): void {
    const traceId = Buffer.from(part.traceId, 'hex');
    const known = this.#statements.findTrace.get(traceId) as unknown as TraceRecord | undefined;
    const id = known === undefined ? this.#insertTrace(traceId, part) : this.#updateTrace(known, part);
    this.#statements.insertPart.run(id.trace, zstdCompressSync(part.bytes));
    for (const { service, operation } of part.operations) {
      const serviceId = this.#serviceId(service);
      this.#statements.insertOccurrence.run(serviceId, id.start, id.trace, this.#operationId(serviceId, operation));
    }
  }

  #insertTrace(traceId: Buffer, part: DecidedTrace): { trace: bigint; start: bigint } {
    const result = this.#statements.insertTrace.run(traceId, ...columnsOfRow(rowOf(part)));
    return { trace: BigInt(result.lastInsertRowid), start: toInteger(part.startTimeUnixNano) };
  }

  /** Where a late span moves the start, the index moves with it: it is ordered by start. */
  #updateTrace(known: TraceRecord, part: DecidedTrace): { trace: bigint; start: bigint } {
    const earlier = rowFromRecord(known);
    const row = addRows(earlier, rowOf(part));
    this.#statements.updateTrace.run(...columnsOfRow(row), known.id);
    const start = toInteger(row.startTimeUnixNano);
    if (start === known.start_ns) return { trace: known.id, start };
    for (const { service } of earlier.services) {
      this.#statements.moveOccurrences.run(start, this.#serviceId(service), known.start_ns, known.id);
    }
    return { trace: known.id, start };
  }

  #serviceId(name: string): bigint {
    const known = this.#serviceIds.get(name);
    if (known !== undefined) return known;
    this.#statements.insertService.run(name);
    return remember(this.#serviceIds, name, idOf(this.#statements.findService.get(name)));
  }

  #operationId(service: bigint, name: string): bigint {
    const key = `${service} ${name}`;
    const known = this.#operationIds.get(key);
    if (known !== undefined) return known;
    this.#statements.insertOperation.run(service, name);
    return remember(this.#operationIds, key, idOf(this.#statements.findOperation.get(service, name)));
  }
}

function prepareStatements(
  database: DatabaseSync,
): Record<
  | 'findTrace'
  | 'insertTrace'
  | 'updateTrace'
  | 'insertPart'
  | 'insertOccurrence'
  | 'moveOccurrences'
  | 'insertService'
  | 'findService'
  | 'insertOperation'
  | 'findOperation',
  StatementSync
> {
  const prepare = (sql: string): StatementSync => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement;
  };
  return {
    findTrace: prepare('SELECT * FROM trace WHERE trace_id = ?'),
    insertTrace:
      prepare(`INSERT INTO trace (trace_id, start_ns, end_ns, duration_ns, span_count, error_count, root, services, part_count)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    updateTrace:
      prepare(`UPDATE trace SET start_ns = ?, end_ns = ?, duration_ns = ?, span_count = ?, error_count = ?, root = ?, services = ?, part_count = ?
      WHERE id = ?`),
    insertPart: prepare('INSERT INTO part (trace, bytes) VALUES (?, ?)'),
    insertOccurrence: prepare(
      'INSERT OR IGNORE INTO occurrence (service, start_ns, trace, operation) VALUES (?, ?, ?, ?)',
    ),
    moveOccurrences: prepare(
      'UPDATE OR REPLACE occurrence SET start_ns = ? WHERE service = ? AND start_ns = ? AND trace = ?',
    ),
    insertService: prepare('INSERT OR IGNORE INTO service (name) VALUES (?)'),
    findService: prepare('SELECT id FROM service WHERE name = ?'),
    insertOperation: prepare('INSERT OR IGNORE INTO operation (service, name) VALUES (?, ?)'),
    findOperation: prepare('SELECT id FROM operation WHERE service = ? AND name = ?'),
  };
}

function idOf(record: Record<string, unknown> | undefined): bigint {
  const id = record?.['id'];
  if (typeof id !== 'bigint') throw new Error('a name that was just written has no id');
  return id;
}

function remember(ids: Map<string, bigint>, key: string, id: bigint): bigint {
  if (ids.size >= NAMES_REMEMBERED_MAX) ids.clear();
  ids.set(key, id);
  return id;
}
