import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { seededRandom } from '../seeded-random.ts';
import { constantArrival, poissonArrival } from './pacer.ts';

const rates = fc.double({ min: 0.1, max: 5000, noNaN: true });

describe('constantArrival', () => {
  it('starts request n at n / rate, whatever the clock says', () => {
    fc.assert(
      fc.property(rates, fc.nat(1_000_000), fc.nat(), (rate, sentCount, elapsedMs) => {
        const sendMs = constantArrival(rate)(elapsedMs, sentCount);
        assert.ok(Math.abs(sendMs - (sentCount / rate) * 1000) <= 1e-9 * Math.max(1, sendMs));
      }),
    );
  });

  it('sends exactly the rate in every whole second', () => {
    const pacer = constantArrival(7);
    const inThirdSecond = Array.from({ length: 100 }, (_, n) => pacer(0, n)).filter((ms) => ms >= 2000 && ms < 3000);
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
        const pacer = poissonArrival(rate, seededRandom(seed));
        let previousMs = 0;
        for (let sentCount = 0; sentCount < 50; sentCount++) {
          const sendMs = pacer(0, sentCount);
          assert.ok(sendMs >= previousMs && Number.isFinite(sendMs));
          assert.equal(pacer(1e9, sentCount), sendMs);
          previousMs = sendMs;
        }
      }),
    );
  });

  it('has gaps whose mean is 1 / rate and whose deviation equals their mean', () => {
    const pacer = poissonArrival(100, seededRandom(42));
    const sends = Array.from({ length: 20_000 }, (_, n) => pacer(0, n));
    const gaps = sends.map((ms, n) => ms - (sends[n - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    assert.ok(Math.abs(mean - 10) < 0.25, `mean gap ${mean} ms`);
    assert.ok(Math.abs(deviation / mean - 1) < 0.03, `deviation ${deviation} ms`);
  });
});
