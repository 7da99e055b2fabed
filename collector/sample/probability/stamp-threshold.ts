import {
  formatThreshold,
  isAtLeast,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  parseRandomness,
  parseThreshold,
  THRESHOLD_ALWAYS,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';
import { changedTraceState, otMemberOf, readTraceState, withTraceState } from './span-trace-state.ts';
import { higherOf, isAlways, type Threshold } from './threshold.ts';

/**
 * A kept span with `ot=th` in its trace state, as the specification (tracestate-handling) has a sampler downstream do it: T only ever rises, an
 * unknown probability erases it, and so does a T above R, which cannot have kept the span; rv and the entries of others stay. The bytes
 * that came where that changes nothing: a probability of 1 adds no `th` (OTEP 235). Where a span came without one, everything before us is taken
 * as kept, since samplers of 100 % write none.
 */
export function stampThreshold(span: Uint8Array, traceIdRandomness: Bits56, threshold: Threshold): Uint8Array {
  const before = readTraceState(span);
  const member = otMemberOf(before);
  const th = thresholdAfter(member, traceIdRandomness, threshold);
  if (th === member.get(OT_THRESHOLD)) return span;
  return withTraceState(span, changedTraceState(before, member, th));
}

function thresholdAfter(member: OtMember, traceIdRandomness: Bits56, threshold: Threshold): string | undefined {
  const text = member.get(OT_THRESHOLD);
  if (threshold === undefined || (text === undefined && isAlways(threshold))) return undefined;
  const randomness = parseRandomness(member.get(OT_RANDOMNESS) ?? '') ?? traceIdRandomness;
  const arrived = text === undefined ? THRESHOLD_ALWAYS : parseThreshold(text);
  if (arrived === undefined || !isAtLeast(randomness, arrived)) return undefined;
  return formatThreshold(higherOf(arrived, threshold));
}
