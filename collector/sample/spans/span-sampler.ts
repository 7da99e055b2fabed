import { formatRandomness, formatThreshold, isAtLeast, THRESHOLD_NEVER } from '@tracelab/protocol';
import type { ProbabilisticSamplerConfig } from '../../config/collector-config.ts';
import type { ArrayPool } from '../../receive/array-pool.ts';
import { BatchMemory } from '../../receive/batch-memory.ts';
import { encodeSpans } from '../../receive/encode-spans.ts';
import { scanRequest } from '../../receive/scan-request.ts';
import { Column, columnAt, hasTraceStateAt, spanBytesAt, type SpanBatch } from '../../receive/span-batch.ts';
import { noSamplings, type SpanSamplings } from '../../receive/span-samplings.ts';
import type { SampledSpans } from '../../receive/take-request.ts';
import { readTraceState, withTraceState } from '../probability/span-trace-state.ts';
import { judgeSpan, type SpanVerdict } from './judge-span.ts';
import { createSamplingMode, type SamplingMode } from './sampling-mode.ts';
import { priorityReader } from './sampling-priority.ts';
import { NOTHING_WRITTEN } from './sampling-state.ts';

/**
 * `probabilistic_sampler`: judges the spans of each request one by one and writes a request of those that stay, with their new trace states. What comes
 * behind, the write-ahead log first, sees that request alone, as if another collector had sent it.
 */
export class SpanSampler {
  readonly #mode: SamplingMode;
  readonly #config: ProbabilisticSamplerConfig;
  readonly #arrays: ArrayPool;

  /** @param arrays where the new requests lie */
  constructor(config: ProbabilisticSamplerConfig, arrays: ArrayPool) {
    this.#mode = createSamplingMode(config);
    this.#config = config;
    this.#arrays = arrays;
  }

  sample(batch: SpanBatch): SampledSpans {
    const samplings = noSamplings();
    const kept = this.#judgeAll(batch, samplings);
    const memory = new BatchMemory(this.#arrays);
    const allocate = (byteLength: number): Uint8Array => Buffer.from(memory.take(byteLength), 0, byteLength);
    const bytesOfSpan = (_: SpanBatch, row: number): Uint8Array =>
      withTraceState(spanBytesAt(batch, row), kept.get(row) ?? '');
    const forEachSpan = (look: (batch: SpanBatch, row: number) => void): void => {
      for (const row of kept.keys()) look(batch, row);
    };
    const scanned = scanRequest(encodeSpans({ forEachSpan }, { bytesOfSpan, allocate }), memory);
    if (!scanned.ok) throw new Error(`a request that was sampled cannot be read again: ${scanned.error}`);
    return { batch: scanned.value.batch, samplings, release: () => memory.release() };
  }

  /** Why a trace's spans do not stay that come without trace state and priority; undefined where they do. */
  whySampledOut(traceId: string): string | undefined {
    const { mode, samplingPercentage } = this.#config;
    const drawn = this.#mode.draw(NOTHING_WRITTEN, Buffer.from(traceId, 'hex'), 0);
    const threshold = this.#mode.thresholdFor(undefined);
    if (drawn === undefined || isAtLeast(drawn.randomness, threshold)) return undefined;
    const what = `probabilistic_sampler (${mode}, ${Math.round(samplingPercentage * 1e6) / 1e6} %) drops its spans`;
    return threshold === THRESHOLD_NEVER
      ? what
      : `${what}: its randomness ${formatRandomness(drawn.randomness)} is below the threshold ${formatThreshold(threshold)}`;
  }

  /** The trace states of those that stay, by row. */
  #judgeAll(batch: SpanBatch, samplings: SpanSamplings): Map<number, string> {
    const kept = new Map<number, string>();
    const readPriority = priorityReader(batch);
    for (let row = 0; row < batch.spanCount; row++) {
      const { isSampled, policy, traceState } = this.#judge(batch, row, readPriority);
      samplings[policy][isSampled ? 'sampled' : 'notSampled']++;
      if (isSampled) kept.set(row, traceState);
    }
    return kept;
  }

  #judge(batch: SpanBatch, row: number, readPriority: ReturnType<typeof priorityReader>): SpanVerdict {
    const traceState = hasTraceStateAt(batch, row) ? readTraceState(spanBytesAt(batch, row)) : '';
    const traceIdAt = columnAt(batch, row, Column.traceIdAt);
    const span = { traceState, priority: readPriority(batch, row), bytes: batch.bytes, traceIdAt };
    return judgeSpan(span, this.#mode, this.#config.failsClosed);
  }
}
