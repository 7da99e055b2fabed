import {
  formatRandomness,
  formatThreshold,
  isAtLeast,
  OT_RANDOMNESS,
  THRESHOLD_ALWAYS,
  THRESHOLD_NEVER,
  type Bits56,
} from '@tracelab/protocol';
import type { SpanPolicy } from '../../receive/span-samplings.ts';
import { changedTraceState } from '../probability/span-trace-state.ts';
import { higherOf } from '../probability/threshold.ts';
import type { DrawnRandomness, SamplingMode } from './sampling-mode.ts';
import type { SamplingPriority } from './sampling-priority.ts';
import { hasPassed, readSamplingState, type WrittenSampling } from './sampling-state.ts';

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
  const chosen = hasPassed(drawn.randomness, state) ? mode.thresholdFor(state.threshold) : failing(failsClosed);
  const threshold = thresholdOf(span.priority) ?? chosen;
  const policy = span.priority === undefined ? drawn.policy : 'sampling_priority';
  if (!isAtLeast(drawn.randomness, threshold)) return { isSampled: false, policy, traceState: span.traceState };
  const written = drawn.isToBeWritten
    ? new Map([[OT_RANDOMNESS, formatRandomness(drawn.randomness)], ...state.ot])
    : state.ot;
  // A probability of 1 is written too, as upstream does.
  const th = formatThreshold(raised(state, drawn, threshold));
  return { isSampled: true, policy, traceState: changedTraceState(span.traceState, written, th) };
}

/** What is written cannot be gone on with, and stays. */
function judgeBlindly({ priority, traceState }: JudgedSpan, failsClosed: boolean): SpanVerdict {
  const threshold = thresholdOf(priority) ?? failing(failsClosed);
  const policy = priority === undefined ? 'missing_randomness' : 'sampling_priority';
  return { isSampled: threshold === THRESHOLD_ALWAYS, policy, traceState };
}

function thresholdOf(priority: SamplingPriority): Bits56 | undefined {
  if (priority === undefined) return undefined;
  return priority === 'keep' ? THRESHOLD_ALWAYS : THRESHOLD_NEVER;
}

function failing(failsClosed: boolean): Bits56 {
  return failsClosed ? THRESHOLD_NEVER : THRESHOLD_ALWAYS;
}

/** What R has not passed is a lie and goes. */
function raised(written: WrittenSampling, { randomness }: DrawnRandomness, threshold: Bits56): Bits56 {
  if (written.threshold === undefined || !hasPassed(randomness, written)) return threshold;
  return higherOf(written.threshold, threshold);
}
