import { OTLP_FIELDS, parseTracestate, ProtobufReader, WireType } from '@tracelab/protocol';
import { STATUS_NAMES, type LatencyRule, type SharedRule } from '../../config/policy-config.ts';
import { endTimeAt, spanBytesAt, startTimeAt, statusCodeAt } from '../../receive/span-batch.ts';
import { hasSpan, sampledIf, type VoteOn } from './policy.ts';

type Rule<Type extends SharedRule['type']> = Extract<SharedRule, { type: Type }>;

const NS_PER_MS = 1_000_000n;

/**
 * contrib's latency (latency.go): looked at after every span in the order of arrival, and the first prefix of the trace that fits
 * decides, so that a trace that is longer than the upper bound can be sampled (#43948). Whole milliseconds, cut.
 */
export function createLatency({ thresholdMs, upperThresholdMs }: LatencyRule): VoteOn {
  const isWithin = (durationMs: number): boolean =>
    durationMs > thresholdMs && (upperThresholdMs === 0 || durationMs <= upperThresholdMs);
  return (trace) => {
    let start = 0n;
    let end = 0n;
    return sampledIf(
      hasSpan(trace, (batch, row) => {
        // 0 is "not yet known" upstream too.
        const spanStart = startTimeAt(batch, row);
        const spanEnd = endTimeAt(batch, row);
        if (start === 0n || spanStart < start) start = spanStart;
        if (spanEnd > end) end = spanEnd;
        return isWithin(Number((end - start) / NS_PER_MS));
      }),
    );
  };
}

export function createStatusCode({ statusCodes }: Rule<'status_code'>): VoteOn {
  const codes = new Set(statusCodes.map((name) => STATUS_NAMES.indexOf(name)));
  return (trace) => sampledIf(hasSpan(trace, (batch, row) => codes.has(statusCodeAt(batch, row))));
}

export function createSpanCount({ spansMin, spansMax }: Rule<'span_count'>): VoteOn {
  return ({ spanCount }) => sampledIf(spanCount >= spansMin && (spansMax === 0 || spanCount <= spansMax));
}

/** Any span with the flag "sampled" of its own. */
export function createTraceFlags(): VoteOn {
  return (trace) =>
    sampledIf(hasSpan(trace, (batch, row) => (readFlags(spanBytesAt(batch, row)) & SAMPLED_FLAG) !== 0));
}

const SAMPLED_FLAG = 0x01;
/** Of key, "=" and value together; upstream forgets values that are longer. */
const MEMBER_LENGTH_MAX = 256;

export function createTraceState({ key, values }: Rule<'trace_state'>): VoteOn {
  const wanted = new Set(values.filter((value) => key.length + value.length < MEMBER_LENGTH_MAX));
  return (trace) =>
    sampledIf(
      hasSpan(trace, (batch, row) => {
        const members = parseTracestate(readTraceState(spanBytesAt(batch, row)));
        const value = members?.find((member) => member.key === key)?.value;
        return value !== undefined && wanted.has(value);
      }),
    );
}

function readFlags(span: Uint8Array): number {
  const reader = new ProtobufReader(span);
  let flags = 0;
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.span.flags && reader.wireType === WireType.fixed32) flags = reader.fixed32;
  }
  return flags;
}

function readTraceState(span: Uint8Array): string {
  const reader = new ProtobufReader(span);
  let traceState = '';
  while (reader.next()) {
    if (reader.field === OTLP_FIELDS.span.traceState && reader.wireType === WireType.lengthDelimited)
      traceState = reader.text;
  }
  return traceState;
}
