import { OTLP_FIELDS, parseTracestate, ProtobufReader, WireType } from '@tracelab/protocol';
import { STATUS_NAMES, type LatencyRule, type SharedRule } from '../../config/policy-config.ts';
import { hasTraceStateAt, spanBytesAt, statusCodeAt } from '../../receive/span-batch.ts';
import { readTraceState } from '../probability/span-trace-state.ts';
import { TimeExtent } from '../time-extent.ts';
import { sampledIf, type PolicyContext, type VoteOn } from './policy.ts';

type Rule<Type extends SharedRule['type']> = Extract<SharedRule, { type: Type }>;

/**
 * contrib's latency (latency.go): looked at after every span in the order of arrival, and the first prefix of the trace that fits
 * decides, so that a trace that is longer than the upper bound can be sampled (#43948). Whole milliseconds, cut.
 */
export function createLatency({ thresholdMs, upperThresholdMs }: LatencyRule, { observe }: PolicyContext): VoteOn {
  const isWithin = (durationMs: number): boolean =>
    durationMs > thresholdMs && (upperThresholdMs === 0 || durationMs <= upperThresholdMs);
  const extent = new TimeExtent();
  return (trace) => {
    extent.reset();
    const isMatch = trace.hasSpan((batch, row) => {
      // 0 is "not yet known" upstream too.
      extent.forgetZeroStart();
      extent.add(batch, row);
      return isWithin(extent.durationMs);
    });
    observe(extent.durationMs);
    return sampledIf(isMatch);
  };
}

export function createStatusCode({ statusCodes }: Rule<'status_code'>, { observe }: PolicyContext): VoteOn {
  const codes = new Set(statusCodes.map((name) => STATUS_NAMES.indexOf(name)));
  return (trace) =>
    sampledIf(
      trace.hasSpan((batch, row) => {
        const code = statusCodeAt(batch, row);
        observe(STATUS_NAMES[code] ?? '');
        return codes.has(code);
      }),
    );
}

export function createSpanCount({ spansMin, spansMax }: Rule<'span_count'>, { observe }: PolicyContext): VoteOn {
  return ({ spanCount }) => {
    observe(spanCount);
    return sampledIf(spanCount >= spansMin && (spansMax === 0 || spanCount <= spansMax));
  };
}

/** Any span with the flag "sampled" of its own. */
export function createTraceFlags(): VoteOn {
  return (trace) => sampledIf(trace.hasSpan((batch, row) => (readFlags(spanBytesAt(batch, row)) & SAMPLED_FLAG) !== 0));
}

const SAMPLED_FLAG = 0x01;
/** Of key, "=" and value together; upstream forgets values that are longer. */
const MEMBER_LENGTH_MAX = 256;

export function createTraceState({ key, values }: Rule<'trace_state'>, { observe }: PolicyContext): VoteOn {
  const wanted = new Set(values.filter((value) => key.length + value.length < MEMBER_LENGTH_MAX));
  return (trace) =>
    sampledIf(
      trace.hasSpan((batch, row) => {
        if (!hasTraceStateAt(batch, row)) return false;
        const members = parseTracestate(readTraceState(spanBytesAt(batch, row)));
        const value = members?.find((member) => member.key === key)?.value;
        if (value === undefined) return false;
        observe(value);
        return wanted.has(value);
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
