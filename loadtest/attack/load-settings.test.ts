import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../seeded-random.ts';
import { describeLoad, pacerOf, profileOf, type LoadSettings } from './load-settings.ts';

const PLAIN: LoadSettings = {
  rate: 10,
  rateTo: -1,
  spikeRate: -1,
  spikeAfterS: 2,
  spikeS: 1,
  arrival: 'even',
  durationS: 10,
};

describe('what is asked of a load', () => {
  it('is a constant rate, a ramp over the duration, or a spike', () => {
    const requestsIn = (seconds: number, given: Partial<LoadSettings>): number =>
      Math.round(profileOf({ ...PLAIN, ...given }).countBy(seconds * 1000));
    assert.equal(requestsIn(10, {}), 100);
    assert.equal(requestsIn(10, { rate: 0, rateTo: 20 }), 100);
    assert.equal(requestsIn(5, { rate: 0, rateTo: 20 }), 25);
    assert.equal(requestsIn(10, { spikeRate: 100 }), 190);
  });

  it('is repeated by its seed where arrivals are random', () => {
    const starts = (seed: number): number[] => {
      const pacer = pacerOf({ ...PLAIN, arrival: 'poisson' }, seededRandom(seed));
      return Array.from({ length: 20 }, (_, index) => pacer(index));
    };
    assert.deepEqual(starts(5), starts(5));
    assert.notDeepEqual(starts(5), starts(6));
  });

  it('is refused where it is two loads at once, or none', () => {
    assert.throws(() => profileOf({ ...PLAIN, rateTo: 5, spikeRate: 5 }), {
      name: 'UsageError',
      message: '--rate-to and --spike-rate should not be given together: a load is a ramp or has a spike',
    });
    assert.throws(() => profileOf({ ...PLAIN, rate: 0 }), {
      name: 'UsageError',
      message: '--rate: requests per second should be above 0: was 0',
    });
  });

  it('is said in a line', () => {
    assert.equal(describeLoad(PLAIN), '10 requests/s, evenly spaced, 10 s');
    assert.equal(
      describeLoad({ ...PLAIN, rateTo: 50, arrival: 'poisson' }),
      '10 to 50 requests/s, Poisson arrivals, 10 s',
    );
    assert.equal(
      describeLoad({ ...PLAIN, spikeRate: 99 }),
      '10 requests/s, but 99 for 1 s after 2 s, evenly spaced, 10 s',
    );
  });
});
