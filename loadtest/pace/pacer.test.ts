import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from '../seeded-random.ts';
import { constantArrival, poissonArrival } from './pacer.ts';
import { constantRate, rampRate } from './rate-profile.ts';

const rates = fc.double({ min: 0.1, max: 5000, noNaN: true });

describe('constantArrival', () => {
  it('starts request n at n / rate', () => {
    fc.assert(
      fc.property(rates, fc.nat(1_000_000), (rate, sentCount) => {
        const sendMs = constantArrival(rate)(sentCount);
        assert.ok(Math.abs(sendMs - (sentCount / rate) * 1000) <= 1e-9 * Math.max(1, sendMs));
      }),
    );
  });

  it('sends exactly the rate in every whole second', () => {
    const pacer = constantArrival(7);
    const inThirdSecond = Array.from({ length: 100 }, (_, n) => pacer(n)).filter((ms) => ms >= 2000 && ms < 3000);
    assert.equal(inThirdSecond.length, 7);
  });

  it('refuses a rate that is not above zero, naming it', () => {
    for (const rate of [0, -1, Number.NaN, Infinity]) {
      assert.throws(() => constantArrival(rate), {
        name: 'RangeError',
        message: `requests per second should be above 0: was ${rate}`,
      });
    }
  });
});

describe('poissonArrival', () => {
  it('never goes back in time, and answers the same when asked twice', () => {
    fc.assert(
      fc.property(rates, fc.integer(), (rate, seed) => {
        const pacer = poissonArrival(constantRate(rate), seededRandom(seed));
        let previousMs = 0;
        for (let sentCount = 0; sentCount < 50; sentCount++) {
          const sendMs = pacer(sentCount);
          assert.ok(sendMs >= previousMs && Number.isFinite(sendMs));
          assert.equal(pacer(sentCount), sendMs);
          previousMs = sendMs;
        }
      }),
    );
  });

  it('has gaps whose mean is 1 / rate and whose deviation equals their mean', () => {
    const pacer = poissonArrival(constantRate(100), seededRandom(42));
    const sends = Array.from({ length: 20_000 }, (_, n) => pacer(n));
    const gaps = sends.map((ms, n) => ms - (sends[n - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    assert.ok(Math.abs(mean - 10) < 0.25, `mean gap ${mean} ms`);
    assert.ok(Math.abs(deviation / mean - 1) < 0.03, `deviation ${deviation} ms`);
  });

  it('follows a rate that changes: on a ramp the gaps shrink as it rises', () => {
    const pacer = poissonArrival(rampRate(0, 2000, 20_000), seededRandom(7));
    const counts = [0, 0, 0, 0];
    for (let n = 0; n < 20_000; n++) {
      const quarter = Math.floor(pacer(n) / 5000);
      if (quarter < 4) counts[quarter] = (counts[quarter] ?? 0) + 1;
    }
    // 1, 3, 5 and 7 sixteenths of 20,000; five standard deviations.
    for (const [index, expected] of [1250, 3750, 6250, 8750].entries())
      assert.ok(Math.abs((counts[index] ?? 0) - expected) < 5 * Math.sqrt(expected), counts.join());
  });
});
