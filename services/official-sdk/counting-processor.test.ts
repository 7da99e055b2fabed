import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { core, tracing } from '@opentelemetry/sdk-node';
import { createCountingProcessor } from './counting-processor.ts';

type Report = Parameters<tracing.SpanExporter['export']>[1];

/** Keeps every batch until the test says how it ended. */
function heldExporter(): { exporter: tracing.SpanExporter; finish: (code: core.ExportResultCode) => void } {
  const reports: Report[] = [];
  return {
    exporter: { export: (_spans, report) => void reports.push(report), shutdown: async () => {} },
    finish: (code) => reports.shift()?.({ code }),
  };
}

function endSpans(tracer: ReturnType<tracing.BasicTracerProvider['getTracer']>, count: number): void {
  for (let index = 0; index < count; index++) tracer.startSpan('work').end();
}

describe('the counts around the SDK’s batch processor', () => {
  it('account for every span: exported, refused, dropped at the full queue, or queued', async () => {
    const { exporter, finish } = heldExporter();
    const { processor, counts } = createCountingProcessor(exporter, 10);
    const provider = new tracing.BasicTracerProvider({ spanProcessors: [processor] });
    endSpans(provider.getTracer('test'), 13);
    assert.deepEqual([counts().spansQueued, counts().spansDropped.queue_full], [3 + 10, 0]);
    // The first ten left the queue for the exporter at once, as a full batch; three wait, and seven more fit.
    endSpans(provider.getTracer('test'), 9);
    const { spansQueued, spansDropped } = counts();
    assert.deepEqual([spansQueued, spansDropped.queue_full], [20, 2]);
    finish(core.ExportResultCode.SUCCESS);
    assert.deepEqual([counts().spansExported, counts().spansQueued], [10, 10]);
    const flushed = processor.forceFlush().catch(() => 'failed');
    finish(core.ExportResultCode.FAILED);
    await flushed;
    const end = counts();
    assert.deepEqual([end.spansExported, end.spansDropped.refused, end.spansQueued], [10, 10, 0]);
    assert.equal(end.requestsSent, 2);
  });
});
