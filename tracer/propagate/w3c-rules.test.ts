/** What the contract kit leaves to us: other spellings, and limits over several headers, where the specifications leave room. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROOT_CONTEXT, defaultTextMapGetter, defaultTextMapSetter, trace } from '@opentelemetry/api';
import type { TraceState } from '@opentelemetry/api';
import { createPropagator } from './composite.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const propagator = createPropagator(['tracecontext', 'baggage']);
type Headers = Record<string, string | string[]>;

const extract = (headers: Headers) => propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
function passOn(headers: Headers): Record<string, string> {
  const carrier = {};
  propagator.inject(extract(headers), carrier, defaultTextMapSetter);
  return carrier;
}
const members = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}=1`).join();
const sent = (tracestate?: string) => ({ traceparent: TRACEPARENT, ...(tracestate !== undefined && { tracestate }) });

describe('traceparent', () => {
  const rows: [string, Headers][] = [
    ['spelt with a hyphen', { 'trace-parent': TRACEPARENT }],
    ['spelt with an underscore', { trace_parent: TRACEPARENT }],
    ['there twice, joined', { traceparent: `${TRACEPARENT}, ${TRACEPARENT}` }],
    ['an empty list', { traceparent: [] }],
  ];
  for (const [what, headers] of rows) {
    it(`is no parent when it is ${what}`, () => assert.equal(extract(headers), ROOT_CONTEXT));
  }

  it('is read out of a list of one', () => {
    assert.equal(trace.getSpanContext(extract({ traceparent: [TRACEPARENT] }))?.spanId, 'b7ad6b7169203331');
  });
});

describe('tracestate', () => {
  it('is left out where a foreign one gives no text', () => {
    const traceState = { serialize: () => ({}) } as unknown as TraceState;
    const spanContext = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1, traceState };
    const carrier = {};
    propagator.inject(trace.setSpanContext(ROOT_CONTEXT, spanContext), carrier, defaultTextMapSetter);
    assert.deepEqual(carrier, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` });
  });

  const rows: [string, string | string[], string | undefined][] = [
    ['of several headers, one of them empty, is one list', ['b=1', '', 'a=2'], 'b=1,a=2'],
    [
      'of 32 members over several headers goes on',
      [members(20, 'a'), members(12, 'b')],
      `${members(20, 'a')},${members(12, 'b')}`,
    ],
    ['of 33 members over several headers is dropped whole', [members(20, 'a'), members(13, 'b')], undefined],
    ['malformed in one of several headers is dropped whole', ['a=1', 'B=2'], undefined],
    ['of duplicates goes on as it came', 'a=1,a=2', 'a=1,a=2'],
  ];
  for (const [what, tracestate, expected] of rows) {
    it(`${what}, and traceparent is as valid as before`, () => {
      assert.deepEqual(passOn({ traceparent: TRACEPARENT, tracestate }), sent(expected));
    });
  }
});

describe('baggage', () => {
  const rows: [string, string | string[], string | undefined][] = [
    ['of several headers is one list, in order', ['b=1', 'a=2;p=q'], 'b=1,a=2;p=q'],
    [
      'of 64 members over several headers goes on',
      [members(60, 'a'), members(4, 'b')],
      `${members(60, 'a')},${members(4, 'b')}`,
    ],
    [
      'of more members loses whole ones',
      [members(60, 'a'), members(10, 'b')],
      `${members(60, 'a')},${members(4, 'b')}`,
    ],
    [
      'of more than 8192 bytes loses whole members',
      [`a=${'x'.repeat(8000)}`, `b=${'y'.repeat(200)}`, 'c=1'],
      `a=${'x'.repeat(8000)}`,
    ],
  ];
  for (const [what, baggage, expected] of rows) {
    it(what, () => assert.deepEqual(passOn({ baggage }), expected === undefined ? {} : { baggage: expected }));
  }
});
