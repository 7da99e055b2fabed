import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Operation } from '../sample/operation-index.ts';
import { LAG_BUCKETS_S } from './decision-lag.ts';
import type { OperationStats } from './population.ts';
import { sumReadings } from './tap-readings.ts';

const SHOP = { service: 'shop', name: 'GET /', kind: 2 };
const BANK = { service: 'bank', name: 'charge', kind: 2 };

describe('sumReadings', () => {
  it('adds up what each sampler counted of an operation', () => {
    const counts = LAG_BUCKETS_S.map((_, bucket) => bucket).concat(1);
    const of = (calls: number): Omit<OperationStats, keyof Operation> => ({
      calls,
      errors: 1,
      callsEstimated: 16 * calls,
      errorsEstimated: 16,
      buckets: [calls, 0, 1],
      durationNanoSum: 10 * calls,
    });
    const lag = { counts, sumS: 0.25 };
    const sum = sumReadings([
      { operations: [{ ...SHOP, ...of(2) }], lag },
      {
        operations: [
          { ...BANK, ...of(7) },
          { ...SHOP, ...of(3) },
        ],
        lag,
      },
    ]);
    assert.deepEqual(sum.operations, [
      {
        ...SHOP,
        calls: 5,
        errors: 2,
        callsEstimated: 80,
        errorsEstimated: 32,
        buckets: [5, 0, 2],
        durationNanoSum: 50,
      },
      { ...BANK, ...of(7) },
    ]);
    assert.deepEqual(sum.lag, { counts: counts.map((count) => 2 * count), sumS: 0.5 });
  });

  it('of none is a histogram of nothing', () => {
    assert.deepEqual(sumReadings([]).operations, []);
    assert.ok(sumReadings([]).lag.counts.every((count) => count === 0));
  });
});
