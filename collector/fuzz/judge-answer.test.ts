import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeExportResponse, encodeRpcStatus } from '@tracelab/protocol';
import { findFault, type Answer } from './judge-answer.ts';
import type { Verdict } from './verdict.ts';

const PROTOBUF = 'application/x-protobuf';
const accepted: Verdict = { answerType: 'protobuf', status: 200, spans: [], rejected: 2 };
const malformed: Verdict = { answerType: 'protobuf', status: 400 };
const status = encodeRpcStatus({ code: 3, message: 'malformed protobuf' });

function answer(changes: Partial<Answer>): Answer {
  return { status: 200, contentType: PROTOBUF, retryAfter: undefined, body: new Uint8Array(), ...changes };
}

function partial(rejectedSpans: number, errorMessage: string): Uint8Array {
  return encodeExportResponse({ rejectedSpans, errorMessage });
}

describe('findFault', () => {
  it('finds nothing in what OTLP wants, in both encodings', () => {
    assert.equal(findFault(answer({ body: partial(2, 'zero ids') }), accepted), undefined);
    assert.equal(findFault(answer({}), { ...accepted, rejected: 0 }), undefined);
    assert.equal(findFault(answer({ status: 400, body: status }), malformed), undefined);
    const json = { answerType: 'json', contentType: 'application/json' } as const;
    const statusJson = Buffer.from('{"code":3,"message":"malformed JSON"}');
    assert.equal(findFault(answer({ ...json, status: 400, body: statusJson }), { ...malformed, ...json }), undefined);
    const partialJson = Buffer.from('{"partialSuccess":{"rejectedSpans":"2","errorMessage":"zero ids"}}');
    assert.equal(findFault(answer({ ...json, body: partialJson }), { ...accepted, ...json }), undefined);
  });

  it('takes an overload of any request that says when to come back', () => {
    assert.equal(findFault(answer({ status: 503, retryAfter: '1', body: status }), accepted), undefined);
    assert.match(findFault(answer({ status: 503, body: status }), accepted) ?? '', /when to come back/);
  });

  it('finds every other answer', () => {
    const wrong: [Partial<Answer>, Verdict, RegExp][] = [
      [{ status: 500, body: status }, malformed, /should be answered 400: was 500/],
      [{ status: 200 }, malformed, /should be answered 400: was 200/],
      [{ status: 400, body: status }, accepted, /should be answered 200: was 400/],
      [{ status: 400, body: status, contentType: 'text/plain' }, malformed, /content type should be/],
      [{ status: 400 }, malformed, /the Status says nothing/],
      [{ status: 400, body: Uint8Array.of(0x0a) }, malformed, /no google\.rpc\.Status/],
      [{ body: partial(1, 'zero ids') }, accepted, /2 spans should be rejected: were 1/],
      [{ body: partial(2, '') }, accepted, /does not say why/],
      [{ body: partial(0, 'a warning') }, { ...accepted, rejected: 0 }, /a full success says/],
      [{ body: Uint8Array.of(0x0a) }, accepted, /no ExportTraceServiceResponse/],
      [{ body: new Uint8Array(100_000) }, accepted, /100000 bytes/],
    ];
    for (const [changes, verdict, why] of wrong) assert.match(findFault(answer(changes), verdict) ?? '', why);
  });
});
