import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { TraceQuery, TraceSearchResult } from './trace-store.ts';

/** The part of a store behind its queue. Methods may be called while a write is under way. */
export interface TraceTable {
  /** All of the batch or nothing. */
  write: (batch: readonly DecidedTrace[]) => Promise<WriteOutcome>;
  readParts: (traceId: string) => Promise<Uint8Array[]>;
  search: (query: TraceQuery) => Promise<TraceSearchResult>;
  services: () => Promise<string[]>;
  operations: (service: string) => Promise<string[]>;
  close: () => Promise<void>;
}

/** `unavailable` may pass (a full disk): the same batch is tried again. `refused` will not: one of its traces cannot be stored. */
export type WriteOutcome =
  | { kind: 'stored' }
  | { kind: 'unavailable'; reason: string }
  | { kind: 'refused'; reason: string };
