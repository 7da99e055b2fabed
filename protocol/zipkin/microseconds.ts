import type { JsonRecord } from '../json-record.ts';
import type { JsonFields } from '../otlp/json-fields.ts';

/** Microseconds beyond it are no nanoseconds of 64 bits, and a start and a duration together still are. */
const MICROSECONDS_MAX = 2n ** 63n / 1000n;

/**
 * Whole microseconds as number or text, 0 where absent, in nanoseconds. Fractions are taken to the nanosecond: OpenTelemetry's exporter for
 * JavaScript writes them.
 */
export function readMicroseconds(fields: JsonFields, record: JsonRecord, key: string): bigint {
  const value = record[key];
  const isFraction = typeof value === 'number' && !Number.isInteger(value);
  if (isFraction && value > 0 && value <= Number.MAX_SAFE_INTEGER) {
    const whole = Math.trunc(value);
    return BigInt(whole) * 1000n + BigInt(Math.round((value - whole) * 1000));
  }
  const microseconds = isFraction ? -1n : fields.uint64(record, key);
  if (microseconds >= 0n && microseconds <= MICROSECONDS_MAX) return microseconds * 1000n;
  fields.refuse(key, `microseconds from 0 to ${MICROSECONDS_MAX}`, String(value));
  return 0n;
}
