import { SPAN_DROP_REASONS } from '@tracelab/protocol';
import type { SpanCounts, SpanDropReason } from '@tracelab/protocol';
import type { SpanSink } from '../span/span-record.ts';

/** What the exporter knows of SpanCounts. */
export type ExportCounts = Omit<SpanCounts, 'spansCreated' | 'spansSampled'>;
export type DropCounts = Record<SpanDropReason, number>;

/** Where finished spans leave the process, or are at least counted. */
export interface SpanOutlet extends SpanSink {
  /** A copy. accepted = exported + queued + dropped, at every moment. */
  counts: () => ExportCounts;
  /** Sends what has ended so far. False where the time ran out first; nothing is dropped by that. */
  forceFlush: (timeoutMs?: number) => Promise<boolean>;
  /** Flushes within the time, counts the rest as lost, and takes no more. */
  shutdown: (timeoutMs: number) => Promise<void>;
}

export function noDrops(): DropCounts {
  return Object.fromEntries(SPAN_DROP_REASONS.map((reason) => [reason, 0])) as DropCounts;
}

/** OTEL_TRACES_EXPORTER=none: spans are made, nobody gets them, and they are not even encoded. */
export function createNoOutlet(): SpanOutlet {
  const spansDropped = noDrops();
  return {
    accept: () => void spansDropped.no_exporter++,
    counts: () => ({
      spansExported: 0,
      spansQueued: 0,
      spansDropped: { ...spansDropped },
      requestsSent: 0,
      requestsRetried: 0,
    }),
    forceFlush: () => Promise.resolve(true),
    shutdown: () => Promise.resolve(),
  };
}
