import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { after, describe, it } from 'node:test';
import * as fc from 'fast-check';
import {
  decodeExportResponse,
  decodeRpcStatus,
  emptyResourceSpans,
  emptyScopeSpans,
  emptySpan,
  encodeTracesData,
  type Span,
} from '@tracelab/protocol';
import { createSink } from './server.ts';
import { createTally } from './tally.ts';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };

function span(trace: number, id: number, parent = 0): Span {
  const hex = (value: number, digits: number): string => (value === 0 ? '' : value.toString(16).padStart(digits, '0'));
  return { ...emptySpan(), traceId: hex(trace, 32), spanId: hex(id, 16), parentSpanId: hex(parent, 16), name: 'GET /' };
}

function encode(...spans: Span[]): Uint8Array {
  return encodeTracesData({
    resourceSpans: [{ ...emptyResourceSpans(), scopeSpans: [{ ...emptyScopeSpans(), spans }] }],
  });
}

describe('the tally', () => {
  it('counts distinct traces, and tells those without a root', () => {
    const tally = createTally();
    assert.deepEqual(tally.add(encode(span(1, 1), span(1, 2, 1), span(2, 3, 9))), { ok: true, value: 3 });
    tally.add(encode(span(2, 9), span(3, 4, 7)));
    const { spans, traces, tracesRootless, requests, spansUncounted } = tally.endPeriod();
    assert.deepEqual(
      { spans, traces, tracesRootless, requests, spansUncounted },
      { spans: 5, traces: 2, tracesRootless: 1, requests: 2, spansUncounted: 0 },
    );
  });

  it('begins anew with every period', () => {
    const tally = createTally();
    tally.add(encode(span(1, 1)));
    tally.endPeriod();
    assert.deepEqual(tally.endPeriod(), {
      requests: 0,
      bytes: 0,
      spans: 0,
      traces: 0,
      tracesRootless: 0,
      spansUncounted: 0,
    });
  });

  it('gives the same counts however the spans are cut into requests, in any order, twice or not', () => {
    const spans = [span(1, 1), span(1, 2, 1), span(2, 3), span(3, 4, 8), span(3, 5, 4)];
    fc.assert(
      fc.property(fc.shuffledSubarray(spans, { minLength: 5 }), fc.integer({ min: 1, max: 5 }), (order, size) => {
        const tally = createTally();
        for (let from = 0; from < order.length; from += size) tally.add(encode(...order.slice(from, from + size)));
        const { traces, tracesRootless, spans: count } = tally.endPeriod();
        assert.deepEqual([traces, tracesRootless, count], [2, 1, 5]);
      }),
    );
  });

  it('counts nothing of a malformed request', () => {
    const tally = createTally();
    const whole = encode(span(1, 1), span(2, 2));
    for (const broken of [
      whole.subarray(0, whole.length - 3),
      encode({ ...span(1, 1), traceId: 'abcd' }),
      new Uint8Array([0xff]),
    ]) {
      assert.equal(tally.add(broken).ok, false);
    }
    assert.equal(tally.endPeriod().spans, 0);
  });

  it('is bounded: beyond it spans are counted as not told apart', () => {
    const tally = createTally(2);
    tally.add(encode(span(1, 1), span(2, 2), span(3, 3), span(1, 4, 1)));
    const { traces, spans, spansUncounted } = tally.endPeriod();
    assert.deepEqual([traces, spans, spansUncounted], [2, 4, 1]);
  });
});

describe('the sink', () => {
  const server = createSink();
  after(() => server.close());

  it('accepts protobuf, plain and gzip, with an empty full success', async () => {
    const body = Buffer.from(encode(span(1, 1)));
    for (const [payload, headers] of [
      [body, PROTOBUF],
      [gzipSync(body), { ...PROTOBUF, 'content-encoding': 'gzip' }],
    ] as const) {
      const reply = await server.inject({ method: 'POST', url: '/v1/traces', headers, payload });
      assert.equal(reply.statusCode, 200);
      assert.equal(reply.headers['content-type'], 'application/x-protobuf');
      assert.equal(reply.rawPayload.length, 0);
      assert.deepEqual(decodeExportResponse(reply.rawPayload), {
        ok: true,
        value: { rejectedSpans: 0, errorMessage: '' },
      });
    }
    const period = (await server.inject({ method: 'POST', url: '/_sink/period' })).json<{
      spans: number;
      traces: number;
    }>();
    assert.deepEqual([period.spans, period.traces], [2, 1]);
  });

  it('refuses a malformed body with a google.rpc.Status, and goes on', async () => {
    const bodies = [
      [Buffer.from([0xff, 0xff]), PROTOBUF],
      [Buffer.from('no gzip'), { ...PROTOBUF, 'content-encoding': 'gzip' }],
      [Buffer.from('x'), { ...PROTOBUF, 'content-encoding': 'br' }],
    ] as const;
    for (const [payload, headers] of bodies) {
      const reply = await server.inject({ method: 'POST', url: '/v1/traces', headers, payload });
      assert.equal(reply.statusCode, 400);
      const status = decodeRpcStatus(reply.rawPayload);
      assert.ok(status.ok && status.value.message.length > 0);
    }
    assert.equal((await server.inject('/healthz')).statusCode, 200);
  });

  it('refuses JSON with 415: it counts protobuf only', async () => {
    const reply = await server.inject({
      method: 'POST',
      url: '/v1/traces',
      headers: { 'content-type': 'text/plain' },
      payload: '{}',
    });
    assert.equal(reply.statusCode, 415);
  });
});
