import type { ExportResponse, Result } from '@tracelab/protocol';
import type { Acceptance } from '../sample/sampler.ts';
import type { ArrayPool } from './array-pool.ts';
import type { BodyBudget } from './body-budget.ts';
import type { ReceiveLedger, RefusalReason } from './receive-ledger.ts';
import { explainRejections, totalRejected } from './rejections.ts';
import type { ScannedRequest } from './scan-request.ts';
import type { SpanBatch } from './span-batch.ts';

/** What every receiver hands its requests to, whatever protocol they came by. */
export interface ReceivePeers {
  accept: (batch: SpanBatch) => Promise<Acceptance>;
  /** Why no request is taken just now, whatever is in it. @default never */
  overload?: () => Overload | undefined;
  ledger: ReceiveLedger;
  /** When there is room again behind the sampler, whole seconds from 1 on: also bodies stay in memory for want of it. */
  retryAfterS: () => number;
  /** Of all receivers together. */
  budget: BodyBudget;
  /** For bodies; shared with the sampler of this thread, which holds them until they are decided. */
  arrays: ArrayPool;
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
  const refused = batch.spanCount === 0 ? undefined : await offer(batch, peers);
  if (refused !== undefined) {
    peers.ledger.countRefused(refused.reason);
    return { kind: 'refused', retryAfterS: refused.retryAfterS };
  }
  peers.ledger.count(batch.spanCount, rejections, byteCount);
  const response = { rejectedSpans: totalRejected(rejections), errorMessage: explainRejections(rejections) };
  return { kind: 'accepted', response };
}

async function offer(
  batch: SpanBatch,
  { overload, accept, retryAfterS }: Pick<ReceivePeers, 'overload' | 'accept' | 'retryAfterS'>,
): Promise<{ reason: RefusalReason; retryAfterS: number } | undefined> {
  const refused = overload?.();
  if (refused !== undefined) return refused;
  const { kind } = await accept(batch);
  return kind === 'refused' ? { reason: 'store', retryAfterS: retryAfterS() } : undefined;
}

/** For answers to what found no room. */
export function explainOverload(retryAfterS: number): string {
  return `the collector has no room just now, nothing of this request was taken: send it again in ${retryAfterS} s`;
}
