import type { Ledger } from '@tracelab/protocol';
import type { Explain } from '../explain/explain.ts';
import type { SamplerRouter } from '../route/sampler-router.ts';
import type { TraceStore } from '../store/trace-store.ts';

/** What the query side asks. */
export interface QueryPeers {
  router: SamplerRouter;
  store: TraceStore;
  explain: Pick<Explain, 'explain' | 'windowStartUnixMs'>;
  /** Why the spans of a trace may not have come as far as to where decisions are explained, as far as its id says. @default they have */
  whySampledOut?: (traceId: string) => string | undefined;
  ledger: () => Promise<Ledger>;
  metrics: () => Promise<{ contentType: string; body: string }>;
}
