import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { context } from '@opentelemetry/api';
import { encodeTracesData, emptyResourceSpans, emptyScopeSpans } from '@tracelab/protocol';
import { prepareOperations, runBatches } from '../micro/run-operations.ts';
import { createLabSubject } from '../subject/lab-subject.ts';
import { createSdkSubject } from '../subject/sdk-subject.ts';
import { spansOf } from '../subject/spans-of-batch.ts';
import { HTTP_SERVER_SPAN } from './http-server-span.ts';
import { BYTES_CASES, runBytes } from './section.ts';
import type { BytesRow } from './section.ts';

describe('bytes of a span', () => {
  after(() => context.disable());

  it('are those of the HTTP server span that both tracers make alike: twelve attributes, a remote parent', async () => {
    for (const create of [createLabSubject, createSdkSubject]) {
      const subject = create();
      await runBatches(prepareOperations(HTTP_SERVER_SPAN, subject), 1);
      const [span] = spansOf(subject.lastBatch());
      assert.deepEqual([span?.attributes.length, span?.kind, span?.parentSpanId], [12, 2, '00f067aa0ba902b7']);
    }
  });

  it('are a batch by its spans: a span as protocol encodes it, and at most a byte for what the batch says once', async () => {
    const { rows } = (await runBytes()).json as { rows: BytesRow[] };
    assert.equal(rows.length, BYTES_CASES.length);
    for (const [index, spanCase] of BYTES_CASES.entries()) {
      const subject = createLabSubject();
      await runBatches(prepareOperations(spanCase, subject), 1);
      const spans = spansOf(subject.lastBatch());
      const envelope = { ...emptyResourceSpans(), scopeSpans: [{ ...emptyScopeSpans(), spans }] };
      const alone = encodeTracesData({ resourceSpans: [envelope] }).length / spans.length;
      const { labBytes = 0, sdkBytes = 0 } = rows[index] ?? {};
      assert.ok(labBytes >= alone && labBytes < alone + 1, `${spanCase.name}: ${labBytes} B, ${alone} B alone`);
      assert.ok(sdkBytes > labBytes, `${spanCase.name}: the SDK also writes counts that are zero`);
    }
  });

  it('grow with what the span holds', async () => {
    const { rows } = (await runBytes()).json as { rows: BytesRow[] };
    const sizes = rows.map(({ labBytes }) => labBytes);
    assert.deepEqual(
      sizes,
      [...sizes].sort((a, b) => a - b),
    );
  });
});
