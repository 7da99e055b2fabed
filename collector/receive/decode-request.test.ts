import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tracesDataToJson } from '@tracelab/protocol';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from '../fixtures/make-trace.ts';
import { decodeRequest } from './decode-request.ts';
import { noRejections } from './rejections.ts';

describe('decodeRequest', () => {
  it('rejects a span of a JSON request whose ids are no hex or of another length, and takes its neighbour', () => {
    const valid = { traceId: traceIdFor(1), spanId: spanIdFor(1) };
    const cases: [Partial<SpanSketch>, keyof ReturnType<typeof noRejections>][] = [
      [{ traceId: 'z'.repeat(32) }, 'traceId'],
      [{ traceId: `${traceIdFor(1)}0` }, 'traceId'],
      [{ spanId: 'EjRWeJCrze8=' }, 'spanId'],
      [{ spanId: `${spanIdFor(1)}f` }, 'spanId'],
      [{ parentSpanId: 'x'.repeat(16) }, 'parentSpanId'],
    ];
    for (const [flaw, reason] of cases) {
      const json = JSON.stringify(tracesDataToJson(tracesOf([{ ...valid, ...flaw }, valid])));
      const decoded = decodeRequest({ bytes: Buffer.from(json) }, 'json');
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value.rejections, { ...noRejections(), [reason]: 1 });
      assert.equal(decoded.value.batch.spanCount, 1);
    }
  });
});
