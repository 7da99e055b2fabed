import type { Ledger } from '@tracelab/protocol';
import type { ReceiveLedger } from '../receive/receive-ledger.ts';
import type { SamplerLedger } from '../sample/sampler.ts';
import type { StoreCounts } from '../store/trace-store.ts';

/**
 * One ledger from the three that count, in spans:
 *   received = rejected + pending + sampledOut + dropped + kept      kept = stored + storeQueued + storeDropped
 * Received is taken from the sampler, not from receive: both sides of the first law then change in the same instant.
 */
export function composeLedger(receive: ReceiveLedger, sampler: SamplerLedger, store: StoreCounts): Ledger {
  return {
    received: receive.spansRejected + sampler.received,
    rejected: receive.spansRejected,
    pending: sampler.pending,
    sampledOut: sampler.sampledOut,
    droppedDuplicate: sampler.droppedDuplicate,
    droppedOverflow: sampler.droppedOverflow,
    droppedAtEnd: sampler.droppedAtEnd,
    kept: sampler.kept,
    stored: store.spansStored,
    storeQueued: store.spansQueued,
    storeDropped: store.spansDropped,
  };
}

/** What is wrong with a ledger; undefined while nothing was lost or invented. */
export function findImbalance(ledger: Ledger): string | undefined {
  const { received, rejected, pending, sampledOut, droppedDuplicate, droppedOverflow, droppedAtEnd, kept } = ledger;
  const accounted = rejected + pending + sampledOut + droppedDuplicate + droppedOverflow + droppedAtEnd + kept;
  if (received !== accounted) return `${received} spans were received, ${accounted} are accounted for`;
  const inStore = ledger.stored + ledger.storeQueued + ledger.storeDropped;
  return kept === inStore ? undefined : `${kept} spans were kept, the store accounts for ${inStore}`;
}
