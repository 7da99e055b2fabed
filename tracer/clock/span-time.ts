import { attempt } from '../span/attempt.ts';
import { NANOS_PER_MILLI, nanosFromMillis } from './span-clock.ts';
import type { ClockAnchor } from './span-clock.ts';

/**
 * A moment of a span: milliseconds after its clock anchor as performance.now() gives them (a double is exact to a nanosecond
 * for 104 days), or nanoseconds since the Unix epoch as a bigint, where the caller gave a time: that may be any date. Not
 * whole nanoseconds as a number: V8 holds the small ones otherwise than the others and would compile every span's code anew
 * two seconds after the start.
 */
export type SpanTime = number | bigint;

/** OTLP's times are fixed64: until the year 2554. */
const UNIX_NANO_END = 2n ** 64n;

/** Whole nanoseconds of milliseconds after the anchor. */
export function nanosAfterAnchor(offsetMs: number): number {
  return Math.round(offsetMs * NANOS_PER_MILLI);
}

export function isEarlier(time: SpanTime, than: SpanTime, anchor: ClockAnchor): boolean {
  if (typeof time === typeof than) return time < than;
  return unixNano(time, anchor) < unixNano(than, anchor);
}

export function unixNano(time: SpanTime, anchor: ClockAnchor): bigint {
  return typeof time === 'bigint' ? time : anchor.unixNano + BigInt(nanosAfterAnchor(time));
}

/**
 * What a caller gave as a time: [seconds, nanos], a Date, milliseconds since the epoch, or a reading of performance.now()
 * (recognised as in the official SDK: it is not above the present reading). Undefined where it is none of these, or
 * before 1970 or beyond what OTLP can say; the caller then takes the current time.
 */
export function timeFromInput(input: unknown, nowMs: number): SpanTime | undefined {
  if (typeof input === 'number') {
    if (!Number.isFinite(input) || input < 0) return undefined;
    return input <= nowMs ? input : inRange(nanosFromMillis(input));
  }
  return typeof input === 'object' && input !== null ? attempt(timeFromObject, input) : undefined;
}

function timeFromObject(input: object): bigint | undefined {
  if (!(input instanceof Date)) return timeFromHrTime(input);
  const unixMs = input.getTime();
  return Number.isNaN(unixMs) ? undefined : inRange(nanosFromMillis(unixMs));
}

function timeFromHrTime(input: unknown): bigint | undefined {
  if (!Array.isArray(input) || input.length !== 2) return undefined;
  const [seconds, nanos]: unknown[] = input;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  return inRange(BigInt(Number(seconds)) * 1_000_000_000n + BigInt(Number(nanos)));
}

function inRange(unixNanoGiven: bigint): bigint | undefined {
  return unixNanoGiven >= 0n && unixNanoGiven < UNIX_NANO_END ? unixNanoGiven : undefined;
}
