import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { Sampler } from './sampler.ts';

/** The 56 random bits of a trace id come as 24 and 32, since a double does not hold 56. */
const HIGH_RANGE = 2 ** 24;
const LOW_RANGE = 2 ** 32;

/**
 * Keeps the given share of traces, the same ones in every process and a superset of those at any lower ratio: keep where
 * R >= T, with R the trace id's random bits and T = (1 - ratio) * 2^56. Ignores the parent: wrap it in parent-based.
 */
export function createTraceIdRatioSampler(ratio: number): Sampler {
  if (!(ratio >= 0 && ratio <= 1)) throw new RangeError(`the sampling ratio should be from 0 to 1: was ${ratio}`);
  const thresholdScaled = (1 - ratio) * HIGH_RANGE;
  const thresholdHigh = Math.floor(thresholdScaled);
  const thresholdLow = (thresholdScaled - thresholdHigh) * LOW_RANGE;
  return {
    sample: (traceId) => (traceId.isRandomnessAtLeast(thresholdHigh, thresholdLow) ? SAMPLED : NOT_SAMPLED),
    toString: () => `TraceIdRatioBased{${ratio.toFixed(6)}}`,
  };
}
