/**
 * When the next request of an open-loop load shall start, in milliseconds since the load began. `sentCount` is how many
 * were started before. A pacer is asked with both, so that a schedule can follow the clock (ramps) or the count; it never
 * looks at whether the target keeps up: late sends stay late and are the caller's to count.
 */
export type Pacer = (elapsedMs: number, sentCount: number) => number;

/** Evenly spaced arrivals: request n starts at n / rate. Does not drift, because no interval is ever added to another. */
export function constantArrival(requestsPerSecond: number): Pacer {
  requirePositive(requestsPerSecond);
  return (_elapsedMs, sentCount) => (sentCount * 1000) / requestsPerSecond;
}

/**
 * Arrivals that know nothing of each other, as independent users make them: gaps are exponential with mean 1 / rate.
 * The schedule is drawn once and remembered for the latest count, so asking twice gives the same answer.
 */
export function poissonArrival(requestsPerSecond: number, random: () => number): Pacer {
  requirePositive(requestsPerSecond);
  let drawnCount = 0;
  let sendMs = exponentialMs(requestsPerSecond, random);
  return (_elapsedMs, sentCount) => {
    while (drawnCount < sentCount) {
      sendMs += exponentialMs(requestsPerSecond, random);
      drawnCount++;
    }
    return sendMs;
  };
}

/** 1 - random keeps the logarithm finite: random may be 0, never 1. */
function exponentialMs(requestsPerSecond: number, random: () => number): number {
  return (-Math.log(1 - random()) * 1000) / requestsPerSecond;
}

function requirePositive(requestsPerSecond: number): void {
  if (requestsPerSecond > 0 && Number.isFinite(requestsPerSecond)) return;
  throw new RangeError(`requests per second should be above 0: was ${requestsPerSecond}`);
}
