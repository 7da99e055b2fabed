/**
 * How much more than its share the busiest of several samplers gets. Traces go to their sampler by the hash of their id: on
 * the ring of OpenTelemetry's loadbalancing exporter the busiest got 9 to 38 % over the mean (measured over 8 sets of
 * addresses, 2 to 50 samplers). The worst of them is planned for.
 */
export const BUSIEST_SHARE = 1.38;

export interface Tier {
  replicas: number;
  /** Enough for the peak when one is lost. */
  survivors: number;
  /** What the busiest of the survivors takes of the whole. */
  busiestShare: number;
}

/** N + 1: so many that those that are left after the loss of one take the peak, each at most `spansPerSecondEach`. */
export function tierFor(peakSpansPerSecond: number, spansPerSecondEach: number, imbalance: number): Tier {
  const needed = peakSpansPerSecond / spansPerSecondEach;
  // One sampler alone has no imbalance; two or more have.
  const survivors = needed <= 1 ? 1 : Math.max(2, Math.ceil(needed * imbalance));
  return { replicas: survivors + 1, survivors, busiestShare: survivors === 1 ? 1 : imbalance / survivors };
}
