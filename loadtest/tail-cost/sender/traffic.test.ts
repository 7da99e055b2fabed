import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { flattenTracesData, type TraceSpan } from '@tracelab/model';
import { decodeTracesData } from '@tracelab/protocol';
import { createTraffic, ENCODINGS, SPANS_PER_REQUEST, SPANS_PER_ROUND, type OtlpRequest } from './traffic.ts';

const NOW_MS = 1_780_000_000_000;
const REQUESTS_PER_ROUND = SPANS_PER_ROUND / SPANS_PER_REQUEST;

function spansOf({ body, headers }: OtlpRequest): TraceSpan[] {
  const decoded = decodeTracesData(headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
  assert.ok(decoded.ok);
  return flattenTracesData(decoded.value);
}

function take(count: number, next: () => OtlpRequest): OtlpRequest[] {
  return Array.from({ length: count }, next);
}

function idsOf(spans: readonly TraceSpan[] = []): Set<string> {
  return new Set(spans.map(({ traceId }) => traceId));
}

function areApart(some: readonly TraceSpan[] = [], others: readonly TraceSpan[] = []): boolean {
  const ids = idsOf(some);
  return others.length > 0 && others.every(({ traceId }) => !ids.has(traceId));
}

describe('the traffic of seven services', async () => {
  const traffic = await createTraffic(NOW_MS, 2);

  for (const encoding of ENCODINGS)
    it(`is whole traces of 12 spans in several requests of 512 spans each, ${encoding}`, () => {
      const requests = take(REQUESTS_PER_ROUND, traffic(encoding));
      for (const request of requests) assert.deepEqual([request.spans, spansOf(request).length], [512, 512]);
      assert.equal(new Set(requests.flatMap((request) => spansOf(request)[0]?.serviceName)).size, 7);
      const byTrace = Map.groupBy(requests.flatMap(spansOf), ({ traceId }) => traceId);
      assert.equal(byTrace.size, SPANS_PER_ROUND / 12);
      for (const spans of byTrace.values()) assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 12);
    });

  it('begins every load with traces that no load before it had', () => {
    const before = take(5, traffic('plain')).flatMap(spansOf);
    const after = take(REQUESTS_PER_ROUND, traffic('plain')).flatMap(spansOf);
    assert.ok(areApart(before, after));
    assert.equal(Map.groupBy(after, ({ traceId }) => traceId).size, SPANS_PER_ROUND / 12);
  });

  it('brings gzip ids back after the rounds that were compressed ahead, and never shares one with plain', async () => {
    const traffic = await createTraffic(NOW_MS, 2);
    const next = traffic('gzip');
    const [first, second, third] = [1, 2, 3].map(() => take(REQUESTS_PER_ROUND, next).flatMap(spansOf));
    assert.deepEqual(idsOf(third), idsOf(first));
    assert.ok(areApart(first, second));
    assert.ok(areApart(first, take(REQUESTS_PER_ROUND, traffic('plain')).flatMap(spansOf)));
  });

  it('says how many bytes a body has before compression', () => {
    const [plain, gzip] = ENCODINGS.map((encoding) => traffic(encoding)());
    assert.equal(plain?.body.length, plain?.bytes);
    assert.equal(gunzipSync(gzip?.body ?? '').length, gzip?.bytes);
    assert.equal(gzip?.bytes, plain?.bytes);
  });
});
