import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Column, COLUMNS, type SpanBatch } from '../receive/span-batch.ts';
import { TimeExtent } from './time-extent.ts';

function batchAt(times: readonly (readonly [start: bigint, end: bigint])[]): SpanBatch {
  const numbers = new Uint32Array(times.length * COLUMNS);
  for (const [row, [start, end]] of times.entries()) {
    numbers[row * COLUMNS + Column.startHigh] = Number(start >> 32n);
    numbers[row * COLUMNS + Column.startLow] = Number(start & 0xffff_ffffn);
    numbers[row * COLUMNS + Column.endHigh] = Number(end >> 32n);
    numbers[row * COLUMNS + Column.endLow] = Number(end & 0xffff_ffffn);
  }
  return { bytes: new Uint8Array(), spanCount: times.length, numbers, scopes: [] };
}

function extentOf(times: readonly (readonly [start: bigint, end: bigint])[]): TimeExtent {
  const batch = batchAt(times);
  const extent = new TimeExtent();
  for (const row of times.keys()) extent.add(batch, row);
  return extent;
}

describe('TimeExtent', () => {
  it('goes from the earliest start to the latest end, to the nanosecond', () => {
    const near = fc.bigInt({ min: 1_780_000_000_000_000_000n, max: 1_780_000_900_000_000_000n });
    fc.assert(
      fc.property(fc.array(fc.tuple(near, near), { minLength: 1, maxLength: 20 }), (times) => {
        const ordered = times.map(([one, other]) => (one < other ? ([one, other] as const) : ([other, one] as const)));
        const start = ordered.reduce((least, [at]) => (at < least ? at : least), ordered[0]?.[0] ?? 0n);
        const end = ordered.reduce((most, [, at]) => (at > most ? at : most), 0n);
        const extent = extentOf(ordered);
        assert.deepEqual([extent.startTimeUnixNano, extent.endTimeUnixNano], [start, end]);
        assert.equal(extent.durationNano, Number(end - start));
        assert.equal(extent.durationMs, Number((end - start) / 1_000_000n));
      }),
    );
  });

  it('knows times of every size', () => {
    const most = 2n ** 64n - 1n;
    const extent = extentOf([
      [0n, 0n],
      [most, most],
    ]);
    assert.deepEqual([extent.startTimeUnixNano, extent.endTimeUnixNano], [0n, most]);
  });

  it('forgets a start of 0 where it is told to', () => {
    const batch = batchAt([
      [0n, 5n],
      [4n, 9n],
    ]);
    const extent = new TimeExtent();
    for (const row of [0, 1]) {
      extent.forgetZeroStart();
      extent.add(batch, row);
    }
    assert.equal(extent.durationNano, 5);
  });
});
