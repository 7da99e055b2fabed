import { PROBABILITY_MIN, SAMPLING_OPERATIONS_MAX, assertNever } from '@tracelab/protocol';
import type { SamplingStrategy } from '@tracelab/protocol';
import { alwaysOffSampler } from '../always.ts';
import { createProbabilitySampler } from '../probability.ts';
import { createRateLimitingSampler, withUnknownProbability } from '../rate-limiting.ts';
import { NOT_SAMPLED, SAMPLED } from '../sampler.ts';
import type { Sampler } from '../sampler.ts';
import { TokenBucket } from '../token-bucket.ts';

/** A bucket for each operation. They outlive the strategies: a server that changes its mind at each poll gives no tokens away. */
export class LowerBounds {
  readonly #nowMs: () => number;
  readonly #bucketByOperation = new Map<string, TokenBucket>();
  #tracesPerSecond = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  setRate(tracesPerSecond: number): void {
    if (tracesPerSecond === this.#tracesPerSecond) return;
    this.#tracesPerSecond = tracesPerSecond;
    this.#bucketByOperation.clear();
  }

  /** Operations beyond the bound (a name made up per request, say) have no lower bound. */
  take(operation: string): boolean {
    const known = this.#bucketByOperation.get(operation);
    if (known !== undefined) return known.take();
    if (this.#bucketByOperation.size >= SAMPLING_OPERATIONS_MAX) return false;
    const bucket = new TokenBucket(this.#tracesPerSecond, this.#nowMs);
    this.#bucketByOperation.set(operation, bucket);
    return bucket.take();
  }
}

/** Does what the server wants. Thresholds are written where the probability is all that decides. */
export function createStrategySampler(
  strategy: SamplingStrategy,
  lowerBounds: LowerBounds,
  nowMs: () => number,
): Sampler {
  switch (strategy.kind) {
    case 'probabilistic':
      return samplerOfRate(strategy.samplingRate);
    case 'rateLimiting':
      return createRateLimitingSampler(strategy.tracesPerSecond, nowMs);
    case 'perOperation':
      return createOperationSampler(strategy, lowerBounds);
    default:
      return assertNever(strategy);
  }
}

export function samplerOfRate(rate: number): Sampler {
  return rate < PROBABILITY_MIN ? alwaysOffSampler : createProbabilitySampler(rate);
}

function createOperationSampler(
  strategy: SamplingStrategy & { kind: 'perOperation' },
  lowerBounds: LowerBounds,
): Sampler {
  const { defaultRate, lowerBoundTracesPerSecond, rateByOperation } = strategy;
  const byDefault = samplerOfRate(defaultRate);
  const byOperation = new Map([...rateByOperation].map(([operation, rate]) => [operation, samplerOfRate(rate)]));
  lowerBounds.setRate(lowerBoundTracesPerSecond);
  const sampleByRate: Sampler['sample'] = (traceId, parent, name, options) =>
    (byOperation.get(name) ?? byDefault).sample(traceId, parent, name, options);
  return {
    sample:
      lowerBoundTracesPerSecond === 0
        ? sampleByRate
        : (traceId, parent, name, options) => {
            const { isSampled } = sampleByRate(traceId, parent, name, options);
            // A trace kept by its rate counts towards the lower bound too, so the bucket is asked either way.
            const isWithinBound = lowerBounds.take(name);
            return withUnknownProbability(isSampled || isWithinBound ? SAMPLED : NOT_SAMPLED, parent);
          },
    toString: () =>
      `PerOperation{default=${byDefault.toString()}, lowerBoundTracesPerSecond=${lowerBoundTracesPerSecond}, ` +
      `operations=${byOperation.size}}`,
  };
}
