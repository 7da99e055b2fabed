import assert from 'node:assert/strict';
import { batchOf, KEPT, NOT_KEPT } from '../fixtures/decided.ts';
import { spanIdFor, traceIdFor, type SpanSketch } from '../fixtures/make-trace.ts';
import { allRows } from '../receive/span-batch.ts';
import type { DecidedTrace } from './decided-trace.ts';
import type { Ruling } from './policies/policy.ts';
import { TailSampler, type TailSamplerOptions } from './tail-sampler.ts';

export const keep = (): Ruling => KEPT;
export const keepNothing = (): Ruling => NOT_KEPT;

export interface Lab {
  sampler: TailSampler;
  decided: DecidedTrace[];
  send: (...sketches: SpanSketch[]) => Promise<string>;
  pass: (ms: number) => void;
  setRoom: (hasRoom: boolean) => void;
  balance: () => Promise<void>;
}

/** A sampler with a clock and a store of its own. */
export function createLab(options: Partial<TailSamplerOptions> = {}): Lab {
  let nowMs = 0;
  let hasRoom = true;
  let release = (): void => {};
  const decided: DecidedTrace[] = [];
  const sink = {
    hasRoom: () => hasRoom,
    untilRoom: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      release = resolve;
      return promise;
    },
    fullness: () => 0,
    accept: (trace: DecidedTrace) => void decided.push(trace),
  };
  const defaults = {
    decide: keep,
    decisionWaitMs: 10_000,
    decisionWaitAfterRootMs: 1000,
    pendingTracesMax: 100,
    pendingBytesMax: 1e6,
    decisionsMax: { sampled: 100, notSampled: 100 },
  };
  const sampler = new TailSampler({ ...defaults, ...options }, { sink, nowMs: () => nowMs });
  return {
    sampler,
    decided,
    send: async (...sketches) => {
      const batch = batchOf(sketches);
      return (await sampler.accept(batch, allRows(batch))).kind;
    },
    pass: (ms) => {
      nowMs += ms;
      sampler.tick();
    },
    setRoom: (room) => {
      hasRoom = room;
      if (room) release();
    },
    balance: async () => {
      const { received, pending, sampledOut, droppedDuplicate, droppedOverflow, droppedAtEnd, kept } = sampler.ledger();
      assert.equal(received, pending + sampledOut + droppedDuplicate + droppedOverflow + droppedAtEnd + kept);
      assert.equal(
        kept,
        decided.reduce((total, trace) => total + trace.spanCount, 0),
      );
    },
  };
}

export const root = (index: number, at = 0): SpanSketch => ({ traceId: traceIdFor(index), spanId: spanIdFor(at) });
export const child = (index: number, at: number): SpanSketch => ({
  traceId: traceIdFor(index),
  spanId: spanIdFor(at),
  parentSpanId: spanIdFor(0),
});
