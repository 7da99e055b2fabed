/** The address is the whole state of the viewer, so writing and reading it must lose nothing, and reading must survive anything. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ATTRIBUTES_MAX, LIMIT_MAX } from './search-filter.ts';
import type { SearchFilter, TimeRange } from './search-filter.ts';
import { COLLAPSED_IN_URL_MAX, readViewState, writeViewState } from './url-state.ts';
import type { ExplainView, SearchView, TraceView } from './url-state.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const hexId = (digits: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: digits - 1, maxLength: digits - 1 })
    .map((values) => `${values.map((value) => value.toString(16)).join('')}1`);
const durationMs = fc.option(
  fc.double({ min: 0, max: 1e6, noNaN: true }).map((value) => value + 0),
  { nil: undefined },
);
const range: fc.Arbitrary<TimeRange> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.record({ kind: fc.constant('last' as const), minutes: fc.integer({ min: 1, max: 10_000 }) }),
  fc
    .tuple(fc.integer({ min: 0, max: 2e9 }), fc.integer({ min: 1, max: 1e9 }))
    .map(([start, length]) => ({ kind: 'between' as const, startUnixMs: start, endUnixMs: start + length })),
);
const filter: fc.Arbitrary<SearchFilter> = fc.record({
  service: text,
  operation: text,
  minDurationMs: durationMs,
  maxDurationMs: durationMs,
  errorsOnly: fc.boolean(),
  attributes: fc.array(fc.record({ key: text.map((key) => `k${key.replaceAll('=', '')}`), value: text }), {
    maxLength: ATTRIBUTES_MAX,
  }),
  range,
  limit: fc.integer({ min: 1, max: LIMIT_MAX }),
});
const searchView: fc.Arbitrary<SearchView> = fc.record({
  page: fc.constant('search' as const),
  filter,
  isLive: fc.boolean(),
});
const zoom = fc.option(
  fc
    .tuple(fc.bigInt(0n, 10n ** 17n), fc.bigInt(1n, 10n ** 17n))
    .map(([startNano, length]) => ({ startNano, endNano: startNano + length })),
  { nil: undefined },
);
const traceView: fc.Arbitrary<TraceView> = fc.record({
  page: fc.constant('trace' as const),
  traceId: hexId(32),
  selectedSpanId: fc.oneof(fc.constant(''), hexId(16)),
  collapsedSpanIds: fc.uniqueArray(hexId(16), { maxLength: COLLAPSED_IN_URL_MAX }),
  zoom,
  find: text,
});

const explainView: fc.Arbitrary<ExplainView> = fc.record({ page: fc.constant('explain' as const), traceId: hexId(32) });

describe('the address of a view', () => {
  it('reads back exactly what was written, for every search, trace and explanation', () => {
    fc.assert(
      fc.property(fc.oneof(searchView, traceView, explainView), (state) => {
        const url = new URL(writeViewState(state), 'http://viewer');
        assert.deepEqual(readViewState(url), { state: structuredClone({ ...state }), problems: [] });
      }),
    );
  });

  it('survives garbage: some state that can be written again, without a throw', () => {
    const names = fc.constantFrom(
      'trace',
      'explain',
      'span',
      'collapsed',
      'zoom',
      'find',
      'service',
      'minDurationMs',
      'error',
      'attribute',
      'limit',
      'lastMinutes',
      'startUnixMs',
      'paused',
      'other',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.string({ unit: 'binary' })), { maxLength: 12 }), text, (pairs, path) => {
        const search = `?${new URLSearchParams(pairs).toString()}`;
        const { state } = readViewState({ pathname: `/${path}`, search });
        const again = readViewState(new URL(writeViewState(state), 'http://viewer'));
        assert.deepEqual(again, { state, problems: [] });
      }),
    );
  });

  const complaints: [address: string, complaint: RegExp][] = [
    ['/?trace=xyz', /32 lower-case hex digits/],
    ['/explain/xyz', /explain should be a trace id of 32 lower-case hex digits/],
    ['/?limit=0', /limit should be a number from 1 to 500: was "0"/],
    ['/?limit=2.5', /whole number/],
    ['/?minDurationMs=fast', /minDurationMs should be a number/],
    ['/?error=maybe', /error should be true or false/],
    ['/?attribute=novalue', /key=value/],
    ['/?startUnixMs=5', /needs startUnixMs and endUnixMs/],
    [`/?trace=${'a'.repeat(32)}&zoom=9-3`, /zoom should be two numbers/],
    [`/?trace=${'a'.repeat(32)}&span=no`, /16 lower-case hex digits/],
    [`/?trace=${'a'.repeat(32)}&collapsed=no.no`, /2 left out/],
  ];
  for (const [address, complaint] of complaints) {
    it(`says what is wrong with ${address}`, () =>
      assert.match(readViewState(new URL(address, 'http://viewer')).problems.join(), complaint));
  }

  it('may name the trace in the query as well, for servers that know no address but the root', () => {
    const { state, problems } = readViewState({
      pathname: '/',
      search: `?trace=${'b'.repeat(32)}&span=${'c'.repeat(16)}`,
    });
    assert.deepEqual(problems, []);
    assert.equal(writeViewState(state), `/trace/${'b'.repeat(32)}?span=${'c'.repeat(16)}`);
    const explained = readViewState({ pathname: '/', search: `?explain=${'b'.repeat(32)}` });
    assert.deepEqual(explained.problems, []);
    assert.equal(writeViewState(explained.state), `/explain/${'b'.repeat(32)}`);
  });

  it('goes by the path where the query names another page', () => {
    const [id, other] = ['b'.repeat(32), 'c'.repeat(32)];
    const { state } = readViewState({ pathname: `/explain/${id}`, search: `?trace=${other}` });
    assert.deepEqual(state, { page: 'explain', traceId: id });
  });
});
