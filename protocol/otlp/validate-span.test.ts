import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SPAN_ID_INVALID, TRACE_ID_INVALID } from '../ids.ts';
import { LIMITS } from '../limits.ts';
import { emptySpan } from './empty.ts';
import type { Span } from './trace.ts';
import { validateSpan } from './validate-span.ts';

const valid: Span = {
  ...emptySpan(),
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  name: 'GET /',
  startTimeUnixNano: 5n,
  endTimeUnixNano: 5n,
};

describe('validateSpan', () => {
  it('accepts a root and a child, a duration of zero and an empty name', () => {
    assert.equal(validateSpan(valid), undefined);
    assert.equal(validateSpan({ ...valid, parentSpanId: '00f067aa0ba902b7', name: '' }), undefined);
    assert.equal(validateSpan({ ...valid, startTimeUnixNano: 0n, endTimeUnixNano: 2n ** 64n - 1n }), undefined);
  });

  const rejected: [string, Partial<Span>, RegExp][] = [
    ['an empty trace id', { traceId: '' }, /^trace id should be 16 bytes, not all zero: was ""$/],
    ['a zero trace id', { traceId: TRACE_ID_INVALID }, /^trace id/],
    ['a trace id of 31 digits', { traceId: valid.traceId.slice(1) }, /^trace id/],
    ['a base64 trace id', { traceId: 'w47/95gdgqpsabyzgt/gda==' }, /^trace id/],
    ['a zero span id', { spanId: SPAN_ID_INVALID }, /^span id should be 8 bytes/],
    ['a long span id', { spanId: `${valid.spanId}00` }, /^span id/],
    ['a zero parent id', { parentSpanId: SPAN_ID_INVALID }, /^parent span id should be empty or 8 bytes/],
    ['an end before the start', { endTimeUnixNano: 3n }, /^end should not be before start: was 2 ns before$/],
    [
      'an over-long name',
      { name: 'x'.repeat(LIMITS.spanNameLengthMax + 1) },
      /^name should have at most 8192 characters: had 8193$/,
    ],
    ['an over-long trace state', { traceState: 'x'.repeat(LIMITS.tracestateLengthMax + 1) }, /^trace state should/],
  ];
  for (const [what, change, reason] of rejected) {
    it(`rejects ${what}`, () => assert.match(validateSpan({ ...valid, ...change }) ?? '', reason));
  }
});
