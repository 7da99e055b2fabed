import { EMPTY_LEDGER } from '@tracelab/protocol';
import type { Ledger } from '@tracelab/protocol';
import type { ReceiveLedger } from '../receive/receive-ledger.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { SpanFates } from '../sample/span-fates.ts';
import type { StoreCounts } from '../store/trace-store.ts';

/** In spans. */
export type LedgerCounts = Omit<Ledger, 'sinceUnixMs'>;

/** What receive has done with single spans. */
export type ReceiveCounts = Pick<ReceiveLedger, 'spansRejected' | 'spansSampledOut'>;

/**
 * One ledger of this life from the three that count:
 *   received = rejected + pending + sampledOut + dropped + kept      kept = stored + storeQueued + storeDropped + storeLost
 * Received is taken from the sampler, not from receive: both sides of the first law then change in the same instant.
 */
export function composeLedger(
  { spansRejected, spansSampledOut }: ReceiveCounts,
  sampler: SamplerLedger,
  store: StoreCounts,
): LedgerCounts {
  return {
    ...EMPTY_LEDGER,
    received: spansRejected + spansSampledOut + sampler.received,
    rejected: spansRejected,
    pending: sampler.pending,
    sampledOut: spansSampledOut + sampler.sampledOut,
    droppedDuplicate: sampler.droppedDuplicate,
    droppedOverflow: sampler.droppedOverflow,
    droppedAtEnd: sampler.droppedAtEnd,
    kept: sampler.kept,
    stored: store.spansStored,
    storeQueued: store.spansQueued,
    storeDropped: store.spansDropped,
  };
}

/** Of spans of which nothing is pending or queued: what the store did not drop of those that were kept is stored. */
export function ledgerOfFates(fates: SpanFates, storeDropped: number): LedgerCounts {
  const { received, droppedDuplicate, droppedAtEnd, kept } = fates;
  const sampledOut = received - droppedDuplicate - droppedAtEnd - kept;
  return { ...EMPTY_LEDGER, ...fates, sampledOut, stored: kept - storeDropped, storeDropped };
}

export function sumLedgers(...ledgers: readonly LedgerCounts[]): LedgerCounts {
  const total = { ...EMPTY_LEDGER };
  for (const ledger of ledgers)
    for (const key of Object.keys(EMPTY_LEDGER) as (keyof LedgerCounts)[]) total[key] += ledger[key];
  return total;
}

/** What is wrong with a ledger; undefined while nothing was lost or invented. */
export function findImbalance(ledger: LedgerCounts): string | undefined {
  const { received, rejected, pending, sampledOut, kept } = ledger;
  const dropped = ledger.droppedDuplicate + ledger.droppedOverflow + ledger.droppedAtEnd + ledger.droppedLost;
  const accounted = rejected + pending + sampledOut + dropped + kept;
  if (received !== accounted) return `${received} spans were received, ${accounted} are accounted for`;
  const inStore = ledger.stored + ledger.storeQueued + ledger.storeDropped + ledger.storeLost;
  return kept === inStore ? undefined : `${kept} spans were kept, the store accounts for ${inStore}`;
}
