import type { BodyRefusal } from './read-body.ts';
import { noRejections, totalRejected, type RejectionCounts } from './rejections.ts';
import { addSamplings, noSamplings, totalNotSampled, type SpanSamplings } from './span-samplings.ts';

/**
 * What had no room: the bodies of requests in memory, the store or the write-ahead log behind the sampler, undecided traces under
 * `block_on_overflow`, memory under `memory_limiter`.
 */
export type RefusalReason = 'bodies' | 'store' | 'pendingTraces' | 'memory';

/** What became of the single spans of a request that was taken. */
export interface SpansTaken {
  /** Those that were not rejected. */
  spanCount: number;
  rejections: RejectionCounts;
  /** Undefined where spans are not sampled one by one. */
  samplings: SpanSamplings | undefined;
}

/** What receive answers for: spans that were taken, rejected or sampled out one by one. A request that was refused as a whole counts no spans: its sender keeps them. */
export class ReceiveLedger {
  readonly rejections = noRejections();
  readonly samplings = noSamplings();
  spansReceived = 0;
  bytesReceived = 0;
  requestsAccepted = 0;
  readonly refusals: Record<RefusalReason, number> = { bodies: 0, store: 0, pendingTraces: 0, memory: 0 };
  requestsMalformed = 0;

  get requestsRefused(): number {
    return Object.values(this.refusals).reduce((total, requests) => total + requests, 0);
  }

  get spansRejected(): number {
    return totalRejected(this.rejections);
  }

  /** Before their trace was gathered, by `probabilistic_sampler`. */
  get spansSampledOut(): number {
    return totalNotSampled(this.samplings);
  }

  /** A body that found no room is sent again by its sender; the others will never be taken. */
  countRefusedBody({ kind }: BodyRefusal): void {
    if (kind === 'noBudget') this.countRefused('bodies');
    else this.requestsMalformed++;
  }

  /** As a whole, to be sent again. */
  countRefused(reason: RefusalReason): void {
    this.refusals[reason]++;
  }

  count({ spanCount, rejections, samplings }: SpansTaken, byteCount: number): void {
    this.spansReceived += spanCount + totalRejected(rejections);
    this.bytesReceived += byteCount;
    this.requestsAccepted++;
    for (const reason of Object.keys(rejections) as (keyof RejectionCounts)[])
      this.rejections[reason] += rejections[reason];
    if (samplings !== undefined) addSamplings(this.samplings, samplings);
  }
}
