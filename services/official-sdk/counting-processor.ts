import type { SpanCounts } from '@tracelab/protocol';
import { core, tracing } from '@opentelemetry/sdk-node';

/** What the processor and its exporter know; the rest of the counts is the sampler's. */
export type DeliveryCounts = Omit<SpanCounts, 'spansCreated' | 'spansSampled'>;

/** A batch processor of the SDK with an exporter behind it, and how many spans came how far. */
interface CountingProcessor {
  processor: tracing.SpanProcessor;
  counts: () => DeliveryCounts;
}

/**
 * The SDK's BatchSpanProcessor as it is (OTEL_BSP_* or its defaults), watched from outside, since it tells nobody what it
 * drops: that is what ends while its queue is full, and it takes from the queue exactly what it gives to the exporter.
 * Why an export failed, and how often the exporter tried, it does not tell either: all failures count as refused.
 */
export function createCountingProcessor(exporter: tracing.SpanExporter, queueSpansMax: number): CountingProcessor {
  const tally = { waiting: 0, sending: 0, exported: 0, refused: 0, queueFull: 0, requestsSent: 0 };
  const watched: tracing.SpanExporter = {
    export: (spans, report) => {
      tally.waiting -= spans.length;
      tally.sending += spans.length;
      tally.requestsSent++;
      exporter.export(spans, (result) => {
        tally.sending -= spans.length;
        if (result.code === core.ExportResultCode.SUCCESS) tally.exported += spans.length;
        else tally.refused += spans.length;
        report(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
  const batches = new tracing.BatchSpanProcessor(watched, { maxQueueSize: queueSpansMax });
  const processor: tracing.SpanProcessor = {
    onStart: (span, context) => batches.onStart(span, context),
    onEnd: (span) => {
      if (tally.waiting >= queueSpansMax) tally.queueFull++;
      else tally.waiting++;
      batches.onEnd(span);
    },
    forceFlush: () => batches.forceFlush(),
    shutdown: () => batches.shutdown(),
  };
  return { processor, counts: () => describe(tally) };
}

function describe(
  tally: Readonly<Record<'waiting' | 'sending' | 'exported' | 'refused' | 'queueFull' | 'requestsSent', number>>,
): DeliveryCounts {
  const none = { rejected: 0, timeout: 0, closed: 0, not_encodable: 0, no_exporter: 0 };
  return {
    spansExported: tally.exported,
    spansQueued: tally.waiting + tally.sending,
    spansDropped: { ...none, queue_full: tally.queueFull, refused: tally.refused },
    requestsSent: tally.requestsSent,
    requestsRetried: 0,
  };
}
