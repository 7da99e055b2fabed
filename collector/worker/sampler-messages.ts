import type { SpanBatch } from '../receive/span-batch.ts';
import type { DecidedTrace } from '../sample/decided-trace.ts';
import type { Ruling } from '../sample/policies/policy.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { SpanFates } from '../sample/span-fates.ts';

/** What the main thread asks of a sampler's worker, one answer each. */
export type SamplerRequest =
  /** All its rows. The answer comes when they are gathered. */
  | { method: 'accept'; batch: SpanBatch }
  | { method: 'tick' }
  | { method: 'readPending'; traceId: string }
  | { method: 'readTaps' }
  | { method: 'close' };

/** What it is told, without an answer. */
export type SamplerNotice =
  | { kind: 'remember'; rulings: ReadonlyMap<string, Ruling> }
  /** The store has taken so many bytes of what was decided, and has room again; it is so full. */
  | { kind: 'taken'; bytes: number; storeFullness: number };

export type SamplerMessage = { kind: 'ask'; id: number; request: SamplerRequest } | SamplerNotice;

export interface ReleasedRequest {
  id: number;
  fates: SpanFates;
}

/**
 * What the worker has done since its last delivery. The main thread carries it out in this order, at once: a batch is released after its
 * traces and their records have gone on, and the ledger changes in the same instant as the store's.
 */
export interface SamplerDelivery {
  traces: DecidedTrace[];
  /** What they are counted as until they are `taken`. */
  traceBytes: number;
  /** Blocks of explain/record-block.ts. */
  records: Uint8Array[];
  ledger: SamplerLedger;
  /** As TailSampler.msUntilRoom. */
  msUntilRoom: number;
  /** The `accept` requests whose last trace is decided. */
  released: ReleasedRequest[];
  answers: { id: number; value: unknown }[];
}
