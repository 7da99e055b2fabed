import { NOT_SAMPLED, SAMPLED } from './sampler.ts';
import type { Sampler } from './sampler.ts';

/** The right-most 56 bits of a trace id are random by W3C level 2: 14 hex digits, read as two halves that a double holds. */
const HALF_DIGITS = 7;
const HALF_RANGE = 16 ** HALF_DIGITS;

/**
 * Keeps the given share of traces, the same ones in every process and a superset of those at any lower ratio: keep where
 * R >= T, with R the trace id's random bits and T = (1 - ratio) * 2^56. Ignores the parent: wrap it in parent-based.
 */
export function createTraceIdRatioSampler(ratio: number): Sampler {
  if (!(ratio >= 0 && ratio <= 1)) throw new RangeError(`the sampling ratio should be from 0 to 1: was ${ratio}`);
  const thresholdScaled = (1 - ratio) * HALF_RANGE;
  const thresholdHigh = Math.floor(thresholdScaled);
  const thresholdLow = (thresholdScaled - thresholdHigh) * HALF_RANGE;
  const isKept = (traceId: string): boolean => {
    const high = Number.parseInt(traceId.slice(-2 * HALF_DIGITS, -HALF_DIGITS), 16);
    if (high !== thresholdHigh) return high > thresholdHigh;
    return Number.parseInt(traceId.slice(-HALF_DIGITS), 16) >= thresholdLow;
  };
  return {
    sample: (traceId) => (ratio > 0 && isKept(traceId) ? SAMPLED : NOT_SAMPLED),
    toString: () => `TraceIdRatioBased{${ratio.toFixed(6)}}`,
  };
}
