import type { TimeInput } from '@opentelemetry/api';
import { nanosFromMillis } from './span-clock.ts';

/** What a reading of the monotonic clock means. */
export interface MonotonicFrame {
  nowMs: number;
  /** Unix time at monotonic zero. */
  anchorUnixNano: bigint;
}

/**
 * What a caller gave as a time, in nanoseconds since the epoch: [seconds, nanos], a Date, milliseconds since the epoch,
 * or a reading of performance.now() (recognised as in the official SDK: it is not above the present reading). Undefined
 * where it is none of these; the caller then takes the current time.
 */
export function unixNanoFromTimeInput(time: TimeInput, frame: MonotonicFrame): bigint | undefined {
  if (typeof time === 'number') {
    if (!Number.isFinite(time) || time < 0) return undefined;
    return time <= frame.nowMs ? frame.anchorUnixNano + nanosFromMillis(time) : nanosFromMillis(time);
  }
  if (time instanceof Date) return time.getTime() >= 0 ? nanosFromMillis(time.getTime()) : undefined;
  return unixNanoFromHrTime(time);
}

function unixNanoFromHrTime(time: unknown): bigint | undefined {
  if (!Array.isArray(time) || time.length !== 2) return undefined;
  const [seconds, nanos]: unknown[] = time;
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(nanos)) return undefined;
  const total = BigInt(Number(seconds)) * 1_000_000_000n + BigInt(Number(nanos));
  return total >= 0n ? total : undefined;
}
