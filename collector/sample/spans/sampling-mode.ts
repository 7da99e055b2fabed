import { THRESHOLD_NEVER, thresholdFromProbability, type Bits56 } from '@tracelab/protocol';
import type { ProbabilisticSamplerConfig } from '../../config/collector-config.ts';
import { idWordAt } from '../../receive/span-batch.ts';
import type { SpanPolicy } from '../../receive/span-samplings.ts';
import { thresholdOfArriving } from '../probability/choose-share.ts';
import { higherOf, randomnessOfId } from '../probability/threshold.ts';
import { bucketsKept, hashRandomness, thresholdOfBuckets } from './hash-randomness.ts';
import type { WrittenSampling } from './sampling-state.ts';

export interface DrawnRandomness {
  randomness: Bits56;
  policy: SpanPolicy;
  /** Nobody could find it again otherwise. */
  isToBeWritten: boolean;
}

/** One of the modes of `probabilistic_sampler`, with contrib's meaning (sampler_mode.go, 0.158). */
export interface SamplingMode {
  /** Of the trace id of 16 bytes there. Undefined: what is written already forbids this mode. */
  draw: (written: WrittenSampling, bytes: Uint8Array, traceIdAt: number) => DrawnRandomness | undefined;
  /** T for a span that has passed this threshold before, if it says so. */
  thresholdFor: (arrived: Bits56 | undefined) => Bits56;
}

export function createSamplingMode(config: ProbabilisticSamplerConfig): SamplingMode {
  const { mode, samplingPercentage, precisionDigits } = config;
  const ratio = samplingPercentage / 100;
  if (ratio === 0) return NEVER;
  if (mode === 'hash_seed') return createHashMode(config);
  if (mode === 'proportional')
    return {
      draw: drawConsistently,
      thresholdFor: (arrived) => thresholdOfArriving(ratio, arrived, precisionDigits),
    };
  const threshold = thresholdFromProbability(ratio, precisionDigits);
  return {
    draw: drawConsistently,
    thresholdFor: (arrived) => (arrived === undefined ? threshold : higherOf(arrived, threshold)),
  };
}

const HIGHEST: DrawnRandomness = {
  randomness: { high: 2 ** 24 - 1, low: 2 ** 32 - 1 },
  policy: 'sampling_priority',
  isToBeWritten: false,
};

/** A priority decides alone: the highest R passes the threshold that it sets. */
const NEVER: SamplingMode = {
  draw: () => HIGHEST,
  thresholdFor: () => THRESHOLD_NEVER,
};

function createHashMode({ samplingPercentage, hashSeed }: ProbabilisticSamplerConfig): SamplingMode {
  const buckets = bucketsKept(samplingPercentage);
  if (buckets === 0) return NEVER;
  const threshold = thresholdOfBuckets(buckets);
  return {
    draw: (written, bytes, traceIdAt) => {
      if (written.randomness !== undefined || written.threshold !== undefined) return undefined;
      return {
        randomness: hashRandomness(bytes, traceIdAt, hashSeed),
        policy: 'trace_id_hash',
        isToBeWritten: true,
      };
    },
    thresholdFor: () => threshold,
  };
}

function drawConsistently(written: WrittenSampling, bytes: Uint8Array, traceIdAt: number): DrawnRandomness {
  if (written.randomness !== undefined)
    return { randomness: written.randomness, policy: 'sampling_randomness', isToBeWritten: false };
  const randomness = randomnessOfId(idWordAt(bytes, traceIdAt + 8), idWordAt(bytes, traceIdAt + 12));
  return { randomness, policy: 'trace_id_w3c', isToBeWritten: false };
}
