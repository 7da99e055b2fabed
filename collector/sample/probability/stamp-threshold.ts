import {
  formatOtMember,
  formatThreshold,
  formatTracestate,
  isAtLeast,
  LIMITS,
  OT_KEY,
  OT_RANDOMNESS,
  OT_THRESHOLD,
  OTLP_FIELDS,
  deleteTracestateMember,
  parseRandomness,
  parseThreshold,
  parseTracestate,
  ProtobufReader,
  ProtobufWriter,
  setTracestateMember,
  THRESHOLD_ALWAYS,
  WireType,
  type Bits56,
  type OtMember,
} from '@tracelab/protocol';
import { otMemberOf, readTraceState } from './span-trace-state.ts';
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

/** Where the entry would be too long for it, `th` is left out: unknown is better than wrong. */
function changedTraceState(before: string, member: OtMember, th: string | undefined): string {
  const others = new Map([...member].filter(([key]) => key !== OT_THRESHOLD));
  const withThreshold = th === undefined ? undefined : formatOtMember(new Map([[OT_THRESHOLD, th], ...others]));
  const text = withThreshold ?? formatOtMember(others) ?? '';
  const members = parseTracestate(before) ?? [];
  const changed = text === '' ? deleteTracestateMember(members, OT_KEY) : setTracestateMember(members, OT_KEY, text);
  // The left-most was written last; the oldest goes, as from a list that is full.
  while (formatTracestate(changed).length > LIMITS.tracestateLengthMax) changed.pop();
  return formatTracestate(changed);
}

function withTraceState(span: Uint8Array, traceState: string): Uint8Array {
  const writer = new ProtobufWriter(span.length + traceState.length + 8);
  const reader = new ProtobufReader(span);
  let copied = 0;
  while (reader.next()) {
    if (reader.field !== OTLP_FIELDS.span.traceState || reader.wireType !== WireType.lengthDelimited) continue;
    writer.raw(span.subarray(copied, reader.fieldStart));
    copied = reader.valueEnd;
  }
  writer.raw(span.subarray(copied));
  if (traceState !== '') writer.string(OTLP_FIELDS.span.traceState, traceState);
  return writer.finish();
}
