import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatDuration, formatExactNano } from './duration.ts';

describe('formatDuration', () => {
  const examples: [nano: bigint, text: string][] = [
    [0n, '0 ns'],
    [1n, '1 ns'],
    [999n, '999 ns'],
    [1_000n, '1 µs'],
    [12_345n, '12.35 µs'],
    [999_949n, '999.9 µs'],
    [999_999n, '1 ms'],
    [870_123_456n, '870.1 ms'],
    [1_200_000_000n, '1.2 s'],
    [59_994_000_000n, '59.99 s'],
    [60_000_000_000n, '1 min'],
    [123_400_000_000n, '2 min 3 s'],
    [3_599_600_000_000n, '1 h'],
    [11_040_000_000_000n, '3 h 4 min'],
    [93_600_000_000_000n, '1 d 2 h'],
    [-1_500n, '−1.5 µs'],
  ];
  for (const [nano, text] of examples) {
    it(`writes ${nano} ns as ${text}`, () => assert.equal(formatDuration(nano), text));
  }

  it('is within 0.05 % of every duration below a minute', () => {
    const nanoOf: Record<string, number> = { ns: 1, µs: 1e3, ms: 1e6, s: 1e9, min: 6e10 };
    fc.assert(
      fc.property(fc.bigInt(1n, 59_999_000_000n), (nano) => {
        const [number, unit] = formatDuration(nano).split(' ');
        const read = Number(number) * (nanoOf[unit ?? ''] ?? Number.NaN);
        assert.ok(
          Math.abs(read - Number(nano)) <= Number(nano) * 0.0005 + 1e-3,
          `${nano} was written as ${number} ${unit}`,
        );
      }),
    );
  });

  it('keeps every nanosecond in the exact form', () => assert.equal(formatExactNano(870_123_456n), '870,123,456 ns'));
});
