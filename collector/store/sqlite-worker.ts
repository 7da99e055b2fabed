import { parentPort, workerData } from 'node:worker_threads';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from './sqlite-schema.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';
import type { NumberedRequest, StoreAnswer, StoreRequest } from './sqlite-messages.ts';
import type { WriteOutcome } from './trace-table.ts';

/** Owns the database: SQLite blocks the thread that calls it, and receiving must not wait for it. */
const port = parentPort;
if (port === null) throw new Error('this file runs in a worker thread');

function say(answer: StoreAnswer): void {
  port?.postMessage(answer);
}

interface OpenStore {
  database: DatabaseSync;
  reader: SqliteReader;
  writer: SqliteWriter;
}

function open(file: string): OpenStore | undefined {
  try {
    const database = openDatabase(file);
    const reader = new SqliteReader(database);
    // Damage that its first page does not show is better said now than as one refused trace after the other.
    reader.services();
    reader.search({ limit: 1 });
    return { database, reader, writer: new SqliteWriter(database) };
  } catch (error) {
    say({ kind: 'failedToOpen', message: messageOf(error) });
    return undefined;
  }
}

function perform({ database, reader, writer }: OpenStore, request: StoreRequest): unknown {
  switch (request.method) {
    case 'write':
      return write(writer, request.batch);
    case 'readParts':
      return reader.readParts(request.traceId);
    case 'search':
      return reader.search(request.query);
    case 'services':
      return reader.services();
    case 'operations':
      return reader.operations(request.service);
    case 'close':
      return database.close();
  }
}

/** Primary result codes that may pass: BUSY, LOCKED, NOMEM, READONLY, IOERR, FULL, CANTOPEN (sqlite.org/rescode.html). */
const PASSING_CODES: ReadonlySet<number> = new Set([5, 6, 7, 8, 10, 13, 14]);

function write(writer: SqliteWriter, batch: Parameters<SqliteWriter['write']>[0]): WriteOutcome {
  try {
    writer.write(batch);
    return { kind: 'stored' };
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    const mayPass = errcode !== undefined && PASSING_CODES.has(errcode & 0xff);
    return { kind: mayPass ? 'unavailable' : 'refused', reason: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const store = open((workerData as { file: string }).file);
if (store !== undefined) {
  port.on('message', ({ id, request }: NumberedRequest) => {
    try {
      say({ kind: 'answer', id, value: perform(store, request) });
    } catch (error) {
      say({ kind: 'failure', id, message: messageOf(error) });
    }
    if (request.method === 'close') port.close();
  });
  say({ kind: 'opened' });
}
