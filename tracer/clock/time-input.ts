import type { TimeInput } from '@opentelemetry/api';
import { nanosFromMillis } from './span-clock.ts';

/**
 * What a caller gave as a time, in nanoseconds since the epoch: [seconds, nanos], a Date, milliseconds since the epoch,
 * or a reading of performance.now() (recognised as in the official SDK: it is smaller than the process's start).
 * Undefined where it is none of these; the caller then takes the current time.
 */
export function unixNanoFromTimeInput(time: TimeInput | undefined, originUnixMs: number): bigint | undefined {
  if (time === undefined || time === null) return undefined;
  if (typeof time === 'number') return unixNanoFromNumber(time, originUnixMs);
  if (time instanceof Date) return unixNanoFromNumber(time.getTime(), 0);
  return unixNanoFromHrTime(time);
}

function unixNanoFromNumber(ms: number, originUnixMs: number): bigint | undefined {
  if (!Number.isFinite(ms) || ms < 0) return undefined;
  return nanosFromMillis(ms < originUnixMs ? ms + originUnixMs : ms);
}

function unixNanoFromHrTime(time: unknown): bigint | undefined {
  if (!Array.isArray(time) || time.length !== 2) return undefined;
  const [seconds, nanos]: unknown[] = time;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  const total = BigInt(Number(seconds)) * 1_000_000_000n + BigInt(Number(nanos));
  return total >= 0n ? total : undefined;
}
