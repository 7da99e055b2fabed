import type { SpanBatch } from '../../receive/span-batch.ts';
import type { PendingTrace } from '../pending-trace.ts';

/** What a policy may look at: everything gathered of one trace. */
export type TraceView = Readonly<Pick<PendingTrace, 'traceId' | 'spanCount' | 'batches' | 'bytesHeld'>>;

/** `error`: the policy could not say; it is counted and is no vote. */
export type Vote = 'sampled' | 'notSampled' | 'dropped' | 'error';

/** What became of a trace. */
export type Decision = Exclude<Vote, 'error'>;

export type VoteOn = (trace: TraceView) => Vote;

export interface Policy {
  /** As it is written in the configuration. */
  name: string;
  vote: VoteOn;
}

export function sampledIf(isMatch: boolean): Vote {
  return isMatch ? 'sampled' : 'notSampled';
}

/** Whether any span matches, asked in the order of arrival. */
export function hasSpan(trace: TraceView, isMatch: (batch: SpanBatch, row: number) => boolean): boolean {
  for (const batch of trace.batches) {
    for (let row = 0; row < batch.spanCount; row++) if (isMatch(batch, row)) return true;
  }
  return false;
}
