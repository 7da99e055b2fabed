import { constantRate, type RateProfile } from './rate-profile.ts';

/**
 * When the next request of an open-loop load shall start, in milliseconds since the load began. `sentCount` is how many
 * were started before. A pacer never looks at the clock nor at whether the target keeps up: late sends stay late and are
 * the caller's to count. Infinity: never.
 */
export type Pacer = (sentCount: number) => number;

/** As evenly as the profile allows: request n starts when n requests are expected. Does not drift, because no interval is ever added to another. */
export function evenArrival(profile: RateProfile): Pacer {
  return (sentCount) => profile.timeOf(sentCount);
}

/** Evenly spaced arrivals: request n starts at n / rate. */
export function constantArrival(requestsPerSecond: number): Pacer {
  return evenArrival(constantRate(requestsPerSecond));
}

/**
 * Arrivals that know nothing of each other, as independent users make them: a Poisson process, whose gaps are exponential
 * where the rate is constant, and stretched by the profile where it is not. The schedule is drawn once and remembered for
 * the latest count, so asking twice gives the same answer.
 */
export function poissonArrival(profile: RateProfile, random: () => number): Pacer {
  let drawnCount = 0;
  let expected = exponential(random);
  return (sentCount) => {
    while (drawnCount < sentCount) {
      expected += exponential(random);
      drawnCount++;
    }
    return profile.timeOf(expected);
  };
}

/** Mean 1. 1 - random keeps the logarithm finite: random may be 0, never 1. */
function exponential(random: () => number): number {
  return -Math.log(1 - random());
}
