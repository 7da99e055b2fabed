import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { constantRate, rampRate, spikeRate, type RateProfile } from './rate-profile.ts';

const rate = fc.double({ min: 0.1, max: 5000, noNaN: true });
const anyRate = fc.oneof(rate, fc.constant(0));
const durationMs = fc.oneof(fc.double({ min: 1, max: 600_000, noNaN: true }), fc.constant(0));

const arbitraryProfile: fc.Arbitrary<RateProfile> = fc.oneof(
  rate.map(constantRate),
  fc
    .tuple(anyRate, anyRate, durationMs)
    .filter(([from, to]) => from > 0 || to > 0)
    .map(([from, to, duration]) => rampRate(from, to, duration)),
  fc
    .tuple(rate, anyRate, durationMs, durationMs)
    .map(([base, peak, afterMs, duration]) => spikeRate(base, { rate: peak, afterMs, durationMs: duration })),
);

/** How many requests start in these milliseconds. */
function startsIn(profile: RateProfile, fromMs: number, toMs: number): number {
  let count = 0;
  for (let n = 0; profile.timeOf(n) < toMs; n++) if (profile.timeOf(n) >= fromMs) count++;
  return count;
}

describe('a rate over time', () => {
  it('expects so many requests by the time at which it expects so many', () => {
    fc.assert(
      fc.property(arbitraryProfile, fc.double({ min: 0, max: 100_000, noNaN: true }), (profile, count) => {
        const timeMs = profile.timeOf(count);
        fc.pre(Number.isFinite(timeMs));
        assert.ok(timeMs >= 0);
        assert.ok(Math.abs(profile.countBy(timeMs) - count) <= 1e-6 * Math.max(1, count), `${timeMs} ms`);
      }),
      { numRuns: 500 },
    );
  });

  it('never goes back', () => {
    const times = fc.tuple(fc.nat(100_000), fc.nat(1000));
    fc.assert(
      fc.property(arbitraryProfile, times, (profile, [count, more]) => {
        assert.ok(profile.timeOf(count + more) >= profile.timeOf(count));
        assert.ok(profile.countBy(count + more) >= profile.countBy(count) - 1e-9);
      }),
    );
  });

  it('ramps evenly: a quarter of the way up it has sent the sixteenth part of what it will', () => {
    const profile = rampRate(0, 100, 40_000);
    assert.deepEqual(
      [10_000, 20_000, 40_000, 50_000].map((ms) => Math.round(profile.countBy(ms))),
      [125, 500, 2000, 3000],
    );
    assert.equal(startsIn(profile, 40_000, 41_000), 100, 'and stays at its end');
  });

  it('ramps down, to nothing at all', () => {
    const profile = rampRate(10, 0, 10_000);
    assert.equal(profile.timeOf(50), 10_000);
    assert.equal(profile.timeOf(50.5), Infinity);
    assert.equal(profile.countBy(1e9), 50);
  });

  it('jumps to the spike and back, and leaves out nothing in between', () => {
    const profile = spikeRate(10, { rate: 200, afterMs: 2000, durationMs: 500 });
    assert.deepEqual(
      [startsIn(profile, 0, 2000), startsIn(profile, 2000, 2500), startsIn(profile, 2500, 4500)],
      [20, 100, 20],
    );
    const gap = spikeRate(10, { rate: 0, afterMs: 1000, durationMs: 3000 });
    assert.deepEqual([gap.timeOf(10), gap.timeOf(11)], [1000, 4100], 'a spike of nothing is a gap');
  });

  it('refuses a rate that is none, naming it', () => {
    for (const wrong of [0, -1, Number.NaN, Infinity]) {
      assert.throws(() => constantRate(wrong), { message: `requests per second should be above 0: was ${wrong}` });
    }
    assert.throws(() => rampRate(-1, 5, 10), { message: 'requests per second should be 0 or more: was -1' });
    assert.throws(() => rampRate(1, 5, -10), { message: 'milliseconds should be 0 or more: was -10' });
  });
});
