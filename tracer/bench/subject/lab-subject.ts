import { readSettings } from '../../config/read-settings.ts';
import { AsyncContextManager } from '../../context/async-context-manager.ts';
import type { SendOutcome, Transport } from '../../export/transport.ts';
import { createPropagator } from '../../propagate/composite.ts';
import { alwaysOnSampler } from '../../sample/always.ts';
import { createParentBasedSampler } from '../../sample/parent-based.ts';
import { createTraceIdRatioSampler } from '../../sample/trace-id-ratio.ts';
import { SpanTracerProvider } from '../../span/tracer-provider.ts';
import { createExporter, createHome } from '../../start.ts';
import { BATCH_SPANS } from './subject.ts';
import type { Subject } from './subject.ts';

/** Ours, with the wiring of `start()` and its defaults; only the way to the collector is cut off behind the bytes. */
export function createLabSubject(name = 'lab'): Subject {
  const environment = {
    OTEL_SERVICE_NAME: 'bench',
    OTEL_PROPAGATORS: 'tracecontext',
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(BATCH_SPANS),
  };
  const settings = readSettings(environment, (complaint) => {
    throw new Error(complaint);
  });
  const contexts = new AsyncContextManager();
  const drain = new Drain();
  const exporter = createExporter(settings, contexts, drain);
  const sampled = createHome(settings, exporter, createParentBasedSampler({ root: alwaysOnSampler }));
  const unsampled = createHome(settings, exporter, createParentBasedSampler({ root: createTraceIdRatioSampler(0) }));
  return {
    name,
    sampledTracer: new SpanTracerProvider(sampled).getTracer('bench'),
    unsampledTracer: new SpanTracerProvider(unsampled).getTracer('bench'),
    contextManager: contexts,
    propagator: createPropagator(settings.propagators),
    batchesEncoded: () => drain.batches,
    lastBatch: () => drain.lastBatch,
    flush: () => exporter.forceFlush(),
  };
}

const DELIVERED: SendOutcome = { kind: 'delivered', rejectedSpans: 0, message: '' };

class Drain implements Transport {
  readonly destination = 'nowhere';
  batches = 0;
  lastBatch: Uint8Array | undefined;

  send(request: Uint8Array): Promise<SendOutcome> {
    this.lastBatch = request;
    this.batches++;
    return Promise.resolve(DELIVERED);
  }

  close(): void {}
}
