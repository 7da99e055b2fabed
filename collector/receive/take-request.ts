import type { ExportResponse, Result } from '@tracelab/protocol';
import type { Acceptance } from '../sample/sampler.ts';
import type { ArrayPool } from './array-pool.ts';
import type { BodyBudget } from './body-budget.ts';
import type { ReceiveLedger, RefusalReason } from './receive-ledger.ts';
import { explainRejections, totalRejected } from './rejections.ts';
import type { ScannedRequest } from './scan-request.ts';
import type { SpanBatch } from './span-batch.ts';
import type { SpanSamplings } from './span-samplings.ts';

/** What every receiver hands its requests to, whatever protocol they came by. */
export interface ReceivePeers {
  accept: (batch: SpanBatch) => Promise<Acceptance>;
  /** Why no request is taken just now, whatever is in it. @default never */
  overload?: () => Overload | undefined;
  /** What spans are sampled by one by one, before their traces are gathered. @default not at all */
  sampleSpans?: (batch: SpanBatch) => SampledSpans;
  ledger: ReceiveLedger;
  /** When there is room again behind the sampler, whole seconds from 1 on: also bodies stay in memory for want of it. */
  retryAfterS: () => number;
  /** Of all receivers together. */
  budget: BodyBudget;
  /** For bodies; shared with the sampler of this thread, which holds them until they are decided. */
  arrays: ArrayPool;
}

export interface SampledSpans {
  /** Those that go on to the samplers of traces, perhaps none. */
  batch: SpanBatch;
  /** Undefined where none were judged. */
  samplings: SpanSamplings | undefined;
  /** Of the memory where the batch lies: who needs it for longer has to hold it. */
  release: () => void;
}

/** When its sender shall come back, in whole seconds from 1 on. */
export interface Overload {
  reason: Exclude<RefusalReason, 'bodies' | 'store'>;
  retryAfterS: number;
}

/** What became of a request; how that is said is each protocol's own. */
export type Taken =
  | { kind: 'accepted'; response: ExportResponse }
  | { kind: 'malformed'; reason: string }
  | { kind: 'refused'; retryAfterS: number };

/** Gives a scanned request of so many bytes to the sampler and counts it. */
export async function takeRequest(
  scanned: Result<ScannedRequest>,
  byteCount: number,
  peers: Omit<ReceivePeers, 'budget' | 'arrays'>,
): Promise<Taken> {
  if (!scanned.ok) {
    peers.ledger.requestsMalformed++;
    return { kind: 'malformed', reason: scanned.error };
  }
  const { batch, rejections } = scanned.value;
  const offered = batch.spanCount === 0 ? NOTHING_OFFERED : await offer(batch, peers);
  if ('reason' in offered) {
    peers.ledger.countRefused(offered.reason);
    return { kind: 'refused', retryAfterS: offered.retryAfterS };
  }
  peers.ledger.count({ spanCount: batch.spanCount, rejections, samplings: offered.samplings }, byteCount);
  const response = { rejectedSpans: totalRejected(rejections), errorMessage: explainRejections(rejections) };
  return { kind: 'accepted', response };
}

type Offered = { samplings: SpanSamplings | undefined } | { reason: RefusalReason; retryAfterS: number };
const NOTHING_OFFERED: Offered = { samplings: undefined };

async function offer(
  batch: SpanBatch,
  { overload, sampleSpans = allOf, accept, retryAfterS }: Omit<ReceivePeers, 'budget' | 'arrays' | 'ledger'>,
): Promise<Offered> {
  const refused = overload?.();
  if (refused !== undefined) return refused;
  const sampled = sampleSpans(batch);
  try {
    const { kind } = sampled.batch.spanCount === 0 ? ACCEPTED : await accept(sampled.batch);
    return kind === 'refused' ? { reason: 'store', retryAfterS: retryAfterS() } : sampled;
  } finally {
    sampled.release();
  }
}

function allOf(batch: SpanBatch): SampledSpans {
  return { batch, samplings: undefined, release: () => {} };
}

const ACCEPTED: Acceptance = { kind: 'accepted' };

/** For answers to what found no room. */
export function explainOverload(retryAfterS: number): string {
  return `the collector has no room just now, nothing of this request was taken: send it again in ${retryAfterS} s`;
}
