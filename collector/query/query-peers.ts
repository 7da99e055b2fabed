import type { Ledger } from '@tracelab/protocol';
import type { SamplerRouter } from '../route/sampler-router.ts';
import type { TraceStore } from '../store/trace-store.ts';

/** What the query side asks. */
export interface QueryPeers {
  router: SamplerRouter;
  store: TraceStore;
  ledger: () => Promise<Ledger>;
  metrics: () => Promise<{ contentType: string; body: string }>;
}
