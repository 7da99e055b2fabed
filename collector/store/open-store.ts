import { setTimeout as delay } from 'node:timers/promises';
import { MemoryTable } from './memory-table.ts';
import { NopTable } from './nop-table.ts';
import { QueuedTraceStore, type QueuedStoreEffects } from './queued-store.ts';
import { openSqliteTable } from './sqlite-table.ts';
import type { TraceStore } from './trace-store.ts';
import { WRITE_QUEUE_BOUNDS, type WriteQueueBounds } from './write-queue.ts';

export interface StoreOptions {
  report: (message: string) => void;
  bounds?: WriteQueueBounds;
}

const MEMORY_BYTES_MAX = 256 * 1024 * 1024;

/** Throws a NotHeldError where the file cannot be used. */
export async function openSqliteStore(file: string, options: StoreOptions): Promise<TraceStore> {
  return new QueuedTraceStore(await openSqliteTable(file), options.bounds ?? WRITE_QUEUE_BOUNDS, effects(options));
}

/** Counts what it gets as stored, and has nothing. */
export function openNopStore(options: StoreOptions): TraceStore {
  return new QueuedTraceStore(new NopTable(), options.bounds ?? WRITE_QUEUE_BOUNDS, effects(options));
}

export function openMemoryStore(options: StoreOptions & { bytesMax?: number }): TraceStore {
  const table = new MemoryTable(options.bytesMax ?? MEMORY_BYTES_MAX);
  return new QueuedTraceStore(table, options.bounds ?? WRITE_QUEUE_BOUNDS, effects(options));
}

function effects({ report }: StoreOptions): QueuedStoreEffects {
  // Unreferenced: a wait must not keep the process alive.
  return { report, delay: (ms) => delay(ms, undefined, { ref: false }), nowMs: () => performance.now() };
}
