import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { ReadableSpan, Sampler, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { BATCH_SPANS } from './subject.ts';
import type { Subject } from './subject.ts';

const SUCCESS = 0;

/** The official SDK: its batch processor hands 512 spans at a time to its own protobuf serializer, and the bytes are dropped. */
export function createSdkSubject(name = 'sdk'): Subject {
  return wire(name, (spans) => ProtobufTraceSerializer.serializeRequest(spans));
}

/** The same without the serializer: batches are counted as encoded when they are handed over, and there are no bytes. */
export function createUnencodedSdkSubject(): Subject {
  return wire('sdk, not encoded', () => undefined);
}

function wire(name: string, serialize: Serialize): Subject {
  const drain = new Drain(serialize);
  const processor = new BatchSpanProcessor(drain, { maxExportBatchSize: BATCH_SPANS });
  const tracer = (root: Sampler) =>
    new BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': 'bench' }),
      sampler: new ParentBasedSampler({ root }),
      spanProcessors: [processor],
    }).getTracer('bench');
  return {
    name,
    sampledTracer: tracer(new AlwaysOnSampler()),
    unsampledTracer: tracer(new TraceIdRatioBasedSampler(0)),
    contextManager: new AsyncLocalStorageContextManager().enable(),
    propagator: new W3CTraceContextPropagator(),
    batchesEncoded: () => drain.batches,
    lastBatch: () => drain.lastBatch,
    flush: () => processor.forceFlush(),
  };
}

type Serialize = (spans: ReadableSpan[]) => Uint8Array | undefined;

class Drain implements SpanExporter {
  readonly #serialize: Serialize;
  batches = 0;
  lastBatch: Uint8Array | undefined;

  constructor(serialize: Serialize) {
    this.#serialize = serialize;
  }

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.lastBatch = this.#serialize(spans);
    this.batches++;
    done({ code: SUCCESS });
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}
