import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { arbitraryId } from '../test-kit/arbitrary-trace.ts';
import { B3_HEADERS, formatB3Multi, formatB3Single, parseB3Multi, parseB3Single } from './b3.ts';
import type { B3Context, B3Headers } from './b3.ts';

const TRACE_ID = '80f198ee56343ba864fe8b2a57d3eff7';
const SHORT_ID = '64fe8b2a57d3eff7';
const PADDED_ID = `${'0'.repeat(16)}${SHORT_ID}`;
const SPAN_ID = 'e457b5a2e4d86bd1';
const PARENT_ID = '05e3ac9a4f6e3b90';
const ids = { traceId: TRACE_ID, spanId: SPAN_ID };
const paddedIds = { traceId: PADDED_ID, spanId: SPAN_ID };
const NONE: B3Headers = { traceId: undefined, spanId: undefined, sampled: undefined, flags: undefined };

const arbitraryIds = fc.record({ traceId: arbitraryId(16), spanId: arbitraryId(8) }, { noNullPrototype: true });
const withIds = fc.record(
  { ids: arbitraryIds, state: fc.constantFrom('defer', 'deny', 'accept', 'debug') },
  { noNullPrototype: true },
);
const stateAlone = fc.constantFrom('deny', 'accept', 'debug').map((state): B3Context => ({ ids: undefined, state }));
const arbitraryContext: fc.Arbitrary<B3Context> = fc.oneof(withIds, stateAlone);

function readMulti(headers: Record<string, string>): B3Context | undefined {
  return parseB3Multi({
    traceId: headers[B3_HEADERS.traceId],
    spanId: headers[B3_HEADERS.spanId],
    sampled: headers[B3_HEADERS.sampled],
    flags: headers[B3_HEADERS.flags],
  });
}

describe('B3 in either form', () => {
  it('reads what it writes', () => {
    fc.assert(
      fc.property(arbitraryContext, (context) => {
        assert.deepEqual(parseB3Single(formatB3Single(context)), context);
        assert.deepEqual(readMulti(formatB3Multi(context)), context);
      }),
    );
  });

  it('never sends a parent span id', () => {
    fc.assert(
      fc.property(arbitraryContext, (context) => {
        assert(formatB3Single(context).split('-').length <= 3);
        assert(Object.keys(formatB3Multi(context)).every((name) => Object.values<string>(B3_HEADERS).includes(name)));
      }),
    );
  });

  it('never throws, whatever the headers are', () => {
    const text = fc.option(fc.string({ unit: 'binary', maxLength: 300 }), { nil: undefined });
    const headers = fc.record({ traceId: text, spanId: text, sampled: text, flags: text });
    fc.assert(
      fc.property(headers, fc.string({ unit: 'binary', maxLength: 300 }), (multi, single) => {
        parseB3Multi(multi);
        parseB3Single(single);
      }),
    );
    for (const word of ['constructor', '__proto__', 'toString']) {
      assert.equal(parseB3Single(word), undefined);
      assert.equal(parseB3Multi({ ...NONE, sampled: word }), undefined);
    }
  });
});

describe('parseB3Single', () => {
  const accepted: [string, string, B3Context][] = [
    ['ids alone as a decision left to us', `${TRACE_ID}-${SPAN_ID}`, { ids, state: 'defer' }],
    ['deny', `${TRACE_ID}-${SPAN_ID}-0`, { ids, state: 'deny' }],
    ['accept', `${TRACE_ID}-${SPAN_ID}-1`, { ids, state: 'accept' }],
    ['debug', `${TRACE_ID}-${SPAN_ID}-d`, { ids, state: 'debug' }],
    ['a parent id, which is not kept', `${TRACE_ID}-${SPAN_ID}-1-${PARENT_ID}`, { ids, state: 'accept' }],
    ['a trace id of 16 digits, padded', `${SHORT_ID}-${SPAN_ID}-1`, { ids: paddedIds, state: 'accept' }],
    ['a lone deny', '0', { ids: undefined, state: 'deny' }],
    ['a lone accept', '1', { ids: undefined, state: 'accept' }],
    ['a lone debug', 'd', { ids: undefined, state: 'debug' }],
    ['blanks around it', ` \t${TRACE_ID}-${SPAN_ID}-0 `, { ids, state: 'deny' }],
  ];
  for (const [what, header, context] of accepted) {
    it(`reads ${what}`, () => assert.deepEqual(parseB3Single(header), context));
  }

  const refused: [string, string][] = [
    ['an empty header', ''],
    ['the placeholder -', '-'],
    ['an unknown state', `${TRACE_ID}-${SPAN_ID}-2`],
    ['an empty state', `${TRACE_ID}-${SPAN_ID}-`],
    ['an unknown lone state', 'true'],
    ['a trace id alone', TRACE_ID],
    ['upper-case digits', `${TRACE_ID.toUpperCase()}-${SPAN_ID}-1`],
    ['a trace id of 31 digits', `${TRACE_ID.slice(1)}-${SPAN_ID}-1`],
    ['a trace id of 17 digits', `0${SHORT_ID}-${SPAN_ID}-1`],
    ['a zero trace id', `${'0'.repeat(32)}-${SPAN_ID}-1`],
    ['a zero trace id of 16 digits', `${'0'.repeat(16)}-${SPAN_ID}-1`],
    ['a zero span id', `${TRACE_ID}-${'0'.repeat(16)}-1`],
    ['a short span id', `${TRACE_ID}-${SPAN_ID.slice(1)}-1`],
    ['a parent id that is no id', `${TRACE_ID}-${SPAN_ID}-1-xyz`],
    ['a parent id in the place of the state', `${TRACE_ID}-${SPAN_ID}-${PARENT_ID}`],
    ['a fifth field', `${TRACE_ID}-${SPAN_ID}-1-${PARENT_ID}-1`],
    ['two headers, joined by the server', `${TRACE_ID}-${SPAN_ID}-1, ${TRACE_ID}-${SPAN_ID}-1`],
    ['more than 256 characters', `${TRACE_ID}-${SPAN_ID}-1${' '.repeat(256)}`],
  ];
  for (const [what, header] of refused) {
    it(`refuses ${what}`, () => assert.equal(parseB3Single(header), undefined));
  }
});

describe('parseB3Multi', () => {
  const given = (headers: Partial<B3Headers>): B3Headers => ({ ...NONE, ...headers });
  const accepted: [string, B3Headers, B3Context][] = [
    ['ids alone as a decision left to us', given(ids), { ids, state: 'defer' }],
    ['deny', given({ ...ids, sampled: '0' }), { ids, state: 'deny' }],
    ['accept', given({ ...ids, sampled: '1' }), { ids, state: 'accept' }],
    ['the word true', given({ ...ids, sampled: 'true' }), { ids, state: 'accept' }],
    ['the word False', given({ ...ids, sampled: 'False' }), { ids, state: 'deny' }],
    ['flags 1 as debug, whatever sampled says', given({ ...ids, sampled: '0', flags: '1' }), { ids, state: 'debug' }],
    ['other flags as none', given({ ...ids, sampled: '0', flags: '3' }), { ids, state: 'deny' }],
    ['empty flags as none', given({ ...ids, flags: '' }), { ids, state: 'defer' }],
    ['a trace id of 16 digits, padded', given({ ...ids, traceId: SHORT_ID }), { ids: paddedIds, state: 'defer' }],
    ['a lone decision', given({ sampled: '0' }), { ids: undefined, state: 'deny' }],
    ['a lone debug', given({ flags: '1' }), { ids: undefined, state: 'debug' }],
    ['the first of several decisions', given({ ...ids, sampled: '0, 1' }), { ids, state: 'deny' }],
    ['the first of several flags', given({ ...ids, flags: '1,0' }), { ids, state: 'debug' }],
  ];
  for (const [what, headers, context] of accepted) {
    it(`reads ${what}`, () => assert.deepEqual(parseB3Multi(headers), context));
  }

  const refused: [string, B3Headers][] = [
    ['no header at all', NONE],
    ['an empty trace id', given({ ...ids, traceId: '' })],
    ['an empty decision', given({ ...ids, sampled: '' })],
    ['a decision that is none', given({ ...ids, sampled: 'maybe' })],
    ['flags that say nothing, alone', given({ flags: '0' })],
    ['a trace id without a span id', given({ traceId: TRACE_ID })],
    ['a span id without a trace id', given({ spanId: SPAN_ID, sampled: '1' })],
    ['a placeholder', given({ traceId: '-', spanId: '-' })],
    ['repeated ids', given({ ...ids, traceId: `${TRACE_ID}, ${TRACE_ID}` })],
    ['upper-case digits', given({ ...ids, spanId: SPAN_ID.toUpperCase() })],
    ['a zero trace id', given({ ...ids, traceId: '0'.repeat(32) })],
  ];
  for (const [what, headers] of refused) {
    it(`refuses ${what}`, () => assert.equal(parseB3Multi(headers), undefined));
  }
});

describe('formatB3Multi', () => {
  it('sends debug as flags alone', () => {
    assert.deepEqual(formatB3Multi({ ids, state: 'debug' }), {
      'x-b3-traceid': TRACE_ID,
      'x-b3-spanid': SPAN_ID,
      'x-b3-flags': '1',
    });
  });

  it('sends digits, never words, and nothing where the decision is left to the next', () => {
    assert.equal(formatB3Multi({ ids, state: 'accept' })['x-b3-sampled'], '1');
    assert.deepEqual(Object.keys(formatB3Multi({ ids, state: 'defer' })), ['x-b3-traceid', 'x-b3-spanid']);
  });
});
