import type { SpanBatch } from '../receive/span-batch.ts';

/** What a policy may look at: everything gathered of one trace, as numbers. */
export interface TraceView {
  traceId: string;
  spanCount: number;
  batches: readonly SpanBatch[];
}

export type Vote = 'sampled' | 'notSampled';

export interface Policy {
  /** As it is written in the configuration. */
  name: string;
  vote: (trace: TraceView) => Vote;
}

export function createAlwaysSample(name: string): Policy {
  return { name, vote: () => 'sampled' };
}

/** The OpenTelemetry Collector's precedence for plain votes: one policy that says sampled is enough; no policy keeps nothing. */
export function decide(policies: readonly Policy[], trace: TraceView): Vote {
  return policies.some((policy) => policy.vote(trace) === 'sampled') ? 'sampled' : 'notSampled';
}
