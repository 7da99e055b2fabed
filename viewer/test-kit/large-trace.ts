import { createRandom } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import { makeTrace } from './make-trace.ts';
import type { SpanSketch } from './make-trace.ts';

const SERVICES = [
  'gateway',
  'checkout',
  'pricing',
  'cache',
  'inventory',
  'payments',
  'search',
  'reviews',
  'shipping',
  'email',
  'ledger',
  'fraud',
];
/** The total stays below this, so that no child outgrows the trace. */
const TRACE_MS = 60_000;

/** A trace of any size over twelve services, deep and wide by chance, the same for the same seed. */
export function largeTrace(spanCount: number, startTimeUnixNano: bigint): TracesData {
  const random = createRandom(7);
  const below = (limit: number): number => Math.floor(random.next() * limit);
  const sketches: SpanSketch[] = [
    { service: 'gateway', name: 'POST /batch', parent: -1, startMs: 0, durationMs: TRACE_MS },
  ];
  for (let at = 1; at < spanCount; at++) {
    // Mostly one of the latest spans, so that the tree gets deep as well as wide.
    const parent = random.next() < 0.9 ? Math.max(0, at - 1 - below(12)) : below(at);
    const outer = sketches[parent] ?? { startMs: 0, durationMs: TRACE_MS };
    const startMs = outer.startMs + random.next() * outer.durationMs * 0.5;
    sketches.push({
      service: SERVICES[below(SERVICES.length)] ?? 'gateway',
      name: `operation ${below(40)}`,
      parent,
      startMs,
      durationMs: (outer.startMs + outer.durationMs - startMs) * (0.2 + random.next() * 0.7),
      attributes: { 'batch.item': BigInt(at), 'code.function.name': 'process' },
      ...(random.next() < 0.002 ? { error: 'item refused' } : {}),
    });
  }
  return makeTrace({ seed: 50, startTimeUnixNano }, sketches);
}
