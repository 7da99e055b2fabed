import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Delay } from '@tracelab/protocol';
import { createRandom } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { DELAY_MS_MAX, sampleDelayMs } from './delay.ts';

const ms = fc.double({ min: 0, max: DELAY_MS_MAX, noNaN: true });
const positiveMs = fc.double({ min: 0.001, max: DELAY_MS_MAX, noNaN: true });
const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const anyDelay: fc.Arbitrary<Delay> = fc.oneof(
  fc.record({ kind: fc.constant('fixed' as const), ms }),
  fc.tuple(ms, ms).map(([a, b]) => ({ kind: 'uniform' as const, minMs: Math.min(a, b), maxMs: Math.max(a, b) })),
  fc.record({ kind: fc.constant('normal' as const), meanMs: ms, stdDevMs: ms }),
  fc
    .tuple(positiveMs, positiveMs)
    .map(([a, b]) => ({ kind: 'lognormal' as const, medianMs: Math.min(a, b), p99Ms: Math.max(a, b) })),
);

function sample(delay: Delay, seed: number, count: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => sampleDelayMs(delay, () => random.next()));
}

function quantile(samples: readonly number[], share: number): number {
  return [...samples].sort((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

describe('sampleDelayMs', () => {
  it('stays between 0 and the bound, whatever the distribution', () => {
    fc.assert(
      fc.property(anyDelay, seed, (delay, seed) => {
        for (const drawn of sample(delay, seed, 20)) assert.ok(drawn >= 0 && drawn <= DELAY_MS_MAX, String(drawn));
      }),
    );
  });

  it('repeats with the same seed', () => {
    fc.assert(
      fc.property(anyDelay, seed, (delay, seed) => assert.deepEqual(sample(delay, seed, 5), sample(delay, seed, 5))),
    );
  });

  it('keeps a uniform delay inside its range', () => {
    fc.assert(
      fc.property(ms, ms, seed, (a, b, seed) => {
        const [minMs, maxMs] = [Math.min(a, b), Math.max(a, b)];
        for (const drawn of sample({ kind: 'uniform', minMs, maxMs }, seed, 20)) {
          assert.ok(drawn >= minMs && drawn <= maxMs);
        }
      }),
    );
  });

  it('has the mean of a normal delay and its spread', () => {
    const samples = sample({ kind: 'normal', meanMs: 500, stdDevMs: 50 }, 7, 20_000);
    const mean = samples.reduce((sum, drawn) => sum + drawn, 0) / samples.length;
    assert.ok(Math.abs(mean - 500) < 2, `mean ${mean}`);
    assert.ok(Math.abs(quantile(samples, 0.8413) - 550) < 3, 'one standard deviation above the mean lies 84.13 %');
  });

  it('has the median and the 99th percentile that a log-normal delay was given', () => {
    const samples = sample({ kind: 'lognormal', medianMs: 100, p99Ms: 900 }, 7, 50_000);
    assert.ok(Math.abs(quantile(samples, 0.5) / 100 - 1) < 0.03);
    assert.ok(Math.abs(quantile(samples, 0.99) / 900 - 1) < 0.08);
  });
});
