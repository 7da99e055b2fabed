import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { OtlpBytes } from '../encode/otlp-bytes.ts';
import { arbitraryAnchor, arbitraryOffset, arbitraryTime } from '../test-kit/arbitrary-record.ts';
import { ClockAnchor, nanosFromMillis } from './span-clock.ts';
import { isEarlier, nanosAfterAnchor, timeFromInput, unixNano } from './span-time.ts';
import type { SpanTime } from './span-time.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 5000;

/** The eight bytes of a fixed64 behind its tag. */
function written(time: SpanTime, anchor: ClockAnchor): bigint {
  const bytes = new OtlpBytes(16);
  bytes.time(1, time, anchor);
  return Buffer.from(bytes.written()).readBigUInt64LE(1);
}

describe('a moment of a span', () => {
  it('is written as the anchor and the offset add up to, to the nanosecond', () => {
    fc.assert(
      fc.property(arbitraryAnchor, arbitraryOffset, (anchor, offset) => {
        const sum = anchor.unixNano + BigInt(nanosAfterAnchor(offset));
        assert.equal(unixNano(offset, anchor), sum);
        assert.equal(written(offset, anchor), sum);
      }),
      { numRuns: 1000 },
    );
  });

  it('is written as it was given where the caller gave a date', () => {
    fc.assert(
      fc.property(arbitraryAnchor, fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (anchor, time) =>
        assert.equal(written(time, anchor), time),
      ),
    );
  });

  it('is earlier than another as their dates are, offset or date', () => {
    fc.assert(
      fc.property(
        arbitraryTime,
        arbitraryTime,
        fc.integer({ min: -1, max: 1 }),
        arbitraryAnchor,
        (a, b, by, anchor) => {
          assert.equal(isEarlier(a, b, anchor), unixNano(a, anchor) < unixNano(b, anchor));
          const beside = unixNano(a, anchor) + BigInt(by);
          assert.deepEqual([isEarlier(a, beside, anchor), isEarlier(beside, a, anchor)], [by > 0, by < 0]);
        },
      ),
    );
  });

  it('is off by a nanosecond at most for 104 days, and stays within a microsecond for years', () => {
    fc.assert(
      fc.property(fc.nat(103 * DAY_MS), fc.nat(999_999), (ms, nanos) => {
        const reading = ms + nanos / 1e6;
        const difference = nanosAfterAnchor(reading) - (ms * 1e6 + nanos);
        // Half the distance of two neighbouring doubles at 103 days in milliseconds.
        assert(Math.abs(difference) <= 1, `${difference} ns`);
      }),
    );
    const tenYearsMs = 3650 * DAY_MS + 0.5;
    assert(Math.abs(nanosAfterAnchor(tenYearsMs) - tenYearsMs * 1e6) <= 1000);
  });
});

describe('a clock anchor', () => {
  it('has its halves', () => {
    fc.assert(
      fc.property(arbitraryAnchor, ({ unixNano: whole, high, low }) =>
        assert.equal((BigInt(high) << 32n) + BigInt(low), whole),
      ),
    );
  });

  it('is read from milliseconds to the nanosecond, as far as a double says it', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.nat(999_999), (ms, nanos) => {
        const read = nanosFromMillis(ms + nanos / 1e6);
        const difference = read - (BigInt(ms) * 1_000_000n + BigInt(nanos));
        assert(difference >= -1n && difference <= 1n, `${difference} ns`);
      }),
    );
  });
});

describe('a time of the caller', () => {
  const taken: [what: string, input: unknown, time: SpanTime][] = [
    ['a reading of the monotonic clock', 4999.5, 4999.5],
    ['the present reading', NOW_MS, NOW_MS],
    ['milliseconds since the epoch', 5000.25, 5_000_250_000n],
    ['a date', new Date(1_700_000_000_123), 1_700_000_000_123_000_000n],
    ['the epoch as a date', new Date(0), 0n],
    ['seconds and nanoseconds', [1, 2], 1_000_000_002n],
    ['seconds and a surplus of nanoseconds', [1, 3_000_000_000], 4_000_000_000n],
    ['the last nanosecond of OTLP', [18_446_744_073, 709_551_615], 2n ** 64n - 1n],
  ];
  for (const [what, input, time] of taken) {
    it(`may be ${what}`, () => assert.equal(timeFromInput(input, NOW_MS), time));
  }

  const refused: [what: string, input: unknown][] = [
    ['the first nanosecond that OTLP cannot say', [18_446_744_073, 709_551_616]],
    ['nanoseconds in the place of milliseconds', 1.7e18],
    ['the last date there is', new Date(8.64e15)],
    ['a date before 1970', new Date(-1)],
    ['a date that is none', new Date(NaN)],
    ['before 1970 in seconds', [-1, 0]],
    ['below zero', -1],
    ['not finite', Infinity],
    ['no number', NaN],
    ['a pair with fractions', [1.5, 0]],
    ['three numbers', [1, 2, 3]],
    ['text', '2026-11-21'],
    ['nothing', null],
  ];
  for (const [what, input] of refused) {
    it(`is not taken where it is ${what}`, () => assert.equal(timeFromInput(input, NOW_MS), undefined));
  }
});
