import type { SpanBatch } from '../receive/span-batch.ts';
import type { Ruling } from './policies/policy.ts';
import type { SpanFates } from './span-fates.ts';

/** One sampler owns all that belongs to its traces. Every message is numbers and bytes, so it may live in another thread. */
export interface Sampler {
  /**
   * Takes the given rows of a batch, all or none. `refused` means that the store has no room: nothing was taken or
   * counted, and the sender shall come back after the given time. `onReleased` is called once, when the last trace of what was taken is
   * decided, and told what became of it.
   */
  accept: (batch: SpanBatch, rows: Uint32Array, onReleased?: (fates: SpanFates) => void) => Promise<Acceptance>;
  /** Decides what is due. While the store has no room it waits. */
  tick: () => void;
  /** Those of an earlier life, by trace id in hex, oldest first. */
  remember: (rulings: ReadonlyMap<string, Ruling>) => void;
  /** What is gathered of an undecided trace as encoded TracesData; undefined where there is nothing. */
  readPending: (traceId: string) => Promise<Uint8Array | undefined>;
  /** Of this instant, or of a thread's last delivery: the store's counts have changed with it. */
  ledger: () => SamplerLedger;
  /** Decides everything that is pending, however incomplete, or drops it where the configuration says so. */
  close: () => Promise<void>;
}

export type Acceptance = { kind: 'accepted' | 'refused' };

/** In spans, except where the name says otherwise. received = pending + sampledOut + droppedDuplicate + droppedOverflow + droppedAtEnd + kept. */
export interface SamplerLedger {
  received: number;
  pending: number;
  sampledOut: number;
  droppedDuplicate: number;
  /** Stays 0: at the bound of the buffer the oldest trace is decided early instead. */
  droppedOverflow: number;
  /** Undecided at the end, where those are not decided then. */
  droppedAtEnd: number;
  kept: number;
  /** Of kept and sampledOut: came after the decision and followed it. */
  late: number;
  /** Of sampledOut: what the policies would have kept and the store had no room for (`--semantics lab`). */
  shed: number;
  tracesPending: number;
  bytesPending: number;
  tracesDecidedByRoot: number;
  tracesDecidedByWait: number;
  tracesDecidedEarly: number;
  /** Not kept, since they had grown over the size. */
  tracesDecidedTooLarge: number;
  tracesDecidedAtEnd: number;
  /** Policies that could not say anything of a trace: no vote. */
  policyErrors: number;
}

export const EMPTY_SAMPLER_LEDGER: Readonly<SamplerLedger> = {
  received: 0,
  pending: 0,
  sampledOut: 0,
  droppedDuplicate: 0,
  droppedOverflow: 0,
  droppedAtEnd: 0,
  kept: 0,
  late: 0,
  shed: 0,
  tracesPending: 0,
  bytesPending: 0,
  tracesDecidedByRoot: 0,
  tracesDecidedByWait: 0,
  tracesDecidedEarly: 0,
  tracesDecidedTooLarge: 0,
  tracesDecidedAtEnd: 0,
  policyErrors: 0,
};
