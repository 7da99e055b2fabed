import {
  formatRandomness,
  formatThreshold,
  isAtLeast,
  OT_RANDOMNESS,
  THRESHOLD_ALWAYS,
  THRESHOLD_NEVER,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';
import type { SpanPolicy } from '../../receive/span-samplings.ts';
import { changedTraceState } from '../probability/span-trace-state.ts';
import { higherOf } from '../probability/threshold.ts';
import type { DrawnRandomness, SamplingMode } from './sampling-mode.ts';
import type { SamplingPriority } from './sampling-priority.ts';
import { readSamplingState } from './sampling-state.ts';

export interface JudgedSpan {
  /** '' where it has none. */
  traceState: string;
  priority: SamplingPriority;
  /** Where its trace id of 16 bytes lies. */
  bytes: Uint8Array;
  traceIdAt: number;
}

export interface SpanVerdict {
  isSampled: boolean;
  policy: SpanPolicy;
  /** Of a sampled one, what it says from now on. */
  traceState: string;
}

/**
 * Whether one span goes on, and with which trace state: `th` only rises, a mode by hash writes its `rv`, and a span that cannot be judged (its trace state
 * cannot be read, its R has not passed its `th`, or `hash_seed` finds either) is dropped or kept as `fail_closed` says. A priority has the last word. Upstream:
 * `commonShouldSampleLogic` (0.158).
 */
export function judgeSpan(span: JudgedSpan, mode: SamplingMode, failsClosed: boolean): SpanVerdict {
  const state = readSamplingState(span.traceState);
  const drawn = state === undefined ? undefined : mode.draw(state, span.bytes, span.traceIdAt);
  if (state === undefined || drawn === undefined) return judgeBlindly(span, failsClosed);
  // What R has not passed is a lie, and goes.
  const isConsistent = isAtLeast(drawn.randomness, state.threshold ?? THRESHOLD_ALWAYS);
  const arrived = isConsistent ? state.threshold : undefined;
  const chosen = isConsistent ? mode.thresholdFor(arrived) : failing(failsClosed);
  const threshold = thresholdOf(span.priority) ?? chosen;
  const policy = policyOf(span.priority, drawn.policy);
  if (!isAtLeast(drawn.randomness, threshold)) return { isSampled: false, policy, traceState: span.traceState };
  // A probability of 1 is written too, as upstream does.
  const th = formatThreshold(higherOf(arrived ?? THRESHOLD_ALWAYS, threshold));
  return {
    isSampled: true,
    policy,
    traceState: changedTraceState(span.traceState, withRandomness(state.ot, drawn), th),
  };
}

/** What is written cannot be gone on with, and stays. */
function judgeBlindly({ priority, traceState }: JudgedSpan, failsClosed: boolean): SpanVerdict {
  const threshold = thresholdOf(priority) ?? failing(failsClosed);
  const policy = policyOf(priority, 'missing_randomness');
  return { isSampled: threshold === THRESHOLD_ALWAYS, policy, traceState };
}

function withRandomness(ot: OtMember, { randomness, isToBeWritten }: DrawnRandomness): OtMember {
  return isToBeWritten ? new Map([[OT_RANDOMNESS, formatRandomness(randomness)], ...ot]) : ot;
}

function policyOf(priority: SamplingPriority, otherwise: SpanPolicy): SpanPolicy {
  return priority === undefined ? otherwise : 'sampling_priority';
}

function thresholdOf(priority: SamplingPriority): Bits56 | undefined {
  if (priority === undefined) return undefined;
  return priority === 'keep' ? THRESHOLD_ALWAYS : THRESHOLD_NEVER;
}

function failing(failsClosed: boolean): Bits56 {
  return failsClosed ? THRESHOLD_NEVER : THRESHOLD_ALWAYS;
}
