import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ROOT_CONTEXT, propagation, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Behaviour, Differences } from './behaviour.ts';
import { extract, headersFor, inject } from './headers.ts';
import { RANDOM_FLAG, REMOTE, below } from './remote-parent.ts';

const IDS = `${REMOTE.traceId}-${REMOTE.spanId}`;
const TRACEPARENT = `00-${IDS}-01`;
const LENIENT = { see: 'W3C Trace Context, level 2' };

/** Flags of the parent that is read; undefined where there is none. */
const HEADERS: [what: string, traceparent: string | string[], flags: number | undefined, differences?: Differences][] =
  [
    ['a sampled parent', TRACEPARENT, 1],
    ['a parent that was not sampled', `00-${IDS}-00`, 0],
    ['the random flag', `00-${IDS}-03`, 3],
    ['a value in an array', [TRACEPARENT], 1],
    [
      'flags that nobody knows, which are cleared',
      `00-${IDS}-fd`,
      1,
      { official: { ...LENIENT, instead: 'keeps unknown flags', shows: /253/ } },
    ],
    ['a blank around the value', ` ${TRACEPARENT} `, 1],
    [
      'blanks and tabs around the value',
      ` \t${TRACEPARENT}\t `,
      1,
      { official: { ...LENIENT, instead: 'allows a single blank', shows: /undefined/ } },
    ],
    ['a higher version', `01-${IDS}-01`, 1],
    ['a higher version with more behind a dash', `cc-${IDS}-01-what-comes`, 1],
    ['a higher version with more and no dash', `cc-${IDS}-01.what-comes`, undefined],
    ['version ff', `ff-${IDS}-01`, undefined],
    ['version 00 with more', `${TRACEPARENT}-more`, undefined],
    ['version 00 with a dash at the end', `${TRACEPARENT}-`, undefined],
    ['upper-case digits', `00-${IDS.toUpperCase()}-01`, undefined],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${REMOTE.spanId}-01`, undefined],
    ['a parent id of zeros', `00-${REMOTE.traceId}-${'0'.repeat(16)}-01`, undefined],
    ['a trace id that is too short', `00-${IDS.slice(1)}-01`, undefined],
    ['a trace id that is too long', `00-0${IDS}-01`, undefined],
    ['flags that are too short', `00-${IDS}-1`, undefined],
    ['flags that are not hexadecimal', `00-${IDS}-0g`, undefined],
    ['a version of one digit', `0-${IDS}-01`, undefined],
    ['dots in the place of dashes', TRACEPARENT.replaceAll('-', '.'), undefined],
    ['nothing', '', undefined],
    ['two headers that a server joined', `${TRACEPARENT}, ${TRACEPARENT}`, undefined],
    [
      'two headers in an array',
      [TRACEPARENT, TRACEPARENT],
      undefined,
      { official: { ...LENIENT, instead: 'takes the first of several', shows: /1 !== undefined/ } },
    ],
  ];

function reads([what, traceparent, flags, differences]: (typeof HEADERS)[number]): Behaviour {
  const title = flags === undefined ? `is no parent with ${what}` : `may come with ${what}`;
  return behaviour(
    title,
    () => {
      const earlier = ROOT_CONTEXT.setValue(Symbol('earlier'), true);
      const extracted = propagation.extract(earlier, { traceparent });
      const parent = trace.getSpanContext(extracted);
      assert.equal(parent?.traceFlags, flags);
      if (parent === undefined) assert.equal(extracted, earlier, 'the context stays as it was');
      else assert.deepEqual([parent.traceId, parent.spanId, parent.isRemote], [REMOTE.traceId, REMOTE.spanId, true]);
    },
    differences,
  );
}

const hex = (digits: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: digits, maxLength: digits })
    .filter((id) => /[^0]/.test(id));
const anyParent: fc.Arbitrary<SpanContext> = fc.record({ traceId: hex(32), spanId: hex(16), traceFlags: fc.nat(3) });

export const traceContext: Area = {
  title: 'traceparent',
  behaviours: [
    ...HEADERS.map(reads),
    behaviour('goes out and comes in the same', () => {
      fc.assert(
        fc.property(anyParent, ({ traceId, spanId, traceFlags }) => {
          const read = trace.getSpanContext(extract(headersFor({ traceId, spanId, traceFlags })));
          assert.deepEqual([read?.traceId, read?.spanId, read?.traceFlags], [traceId, spanId, traceFlags]);
        }),
      );
    }),
    behaviour('is written in version 00, in lower case and under a lower-case name', () => {
      assert.deepEqual(inject(below(REMOTE)), { traceparent: TRACEPARENT });
      assert.deepEqual(inject(extract({ traceparent: `cc-${IDS}-01-more` })), { traceparent: TRACEPARENT });
    }),
    behaviour(
      'is written with known flags only',
      () => assert.deepEqual(inject(below({ traceFlags: 0xff })), { traceparent: `00-${IDS}-0${1 | RANDOM_FLAG}` }),
      { official: { ...LENIENT, instead: 'writes three digits of flags', shows: /-0ff/ } },
    ),
    behaviour('is not written for a span without valid ids, nor without a span', () => {
      assert.deepEqual(inject(ROOT_CONTEXT), {});
      for (const parent of [{ traceId: '0'.repeat(32) }, { spanId: '' }]) assert.deepEqual(inject(below(parent)), {});
    }),
    behaviour(
      'carries trace id and flags through any chain of spans, with ever new parent ids',
      async ({ tracer, spans }) => {
        const root = tracer.startSpan('root');
        root.end();
        let headers = inject(trace.setSpan(ROOT_CONTEXT, root));
        const first = trace.getSpanContext(extract(headers));
        const seen = new Set([first?.spanId]);
        for (let hop = 0; hop < 5; hop++) {
          const span = tracer.startSpan('hop', {}, extract(headers));
          span.end();
          headers = inject(trace.setSpan(ROOT_CONTEXT, span));
          const last = trace.getSpanContext(extract(headers));
          assert.deepEqual([last?.traceId, last?.traceFlags], [first?.traceId, first?.traceFlags]);
          seen.add(last?.spanId);
        }
        assert.equal(seen.size, 6);
        await spans();
      },
    ),
    behaviour('is one of the fields that are announced', () => {
      assert.deepEqual([...propagation.fields()].sort(), ['baggage', 'traceparent', 'tracestate']);
    }),
    behaviour('is read under its lower-case name through the getter that is given', () => {
      const asked: string[] = [];
      const getter = {
        keys: () => [],
        get: (carrier: Map<string, string>, key: string) => {
          asked.push(key);
          return carrier.get(key.toUpperCase());
        },
      };
      const extracted = propagation.extract(ROOT_CONTEXT, new Map([['TRACEPARENT', TRACEPARENT]]), getter);
      assert.equal(trace.getSpanContext(extracted)?.traceId, REMOTE.traceId);
      assert(asked.includes('traceparent') && asked.every((key) => key === key.toLowerCase()));
      assert.equal(
        trace.getSpanContext(extract({ 'trace-parent': TRACEPARENT, trace_parent: TRACEPARENT })),
        undefined,
      );
    }),
    behaviour('is written through the setter that is given', () => {
      const carrier = new Map<string, string>();
      propagation.inject(below(REMOTE), carrier, { set: (map, key, value) => void map.set(key, value) });
      assert.equal(carrier.get('traceparent'), TRACEPARENT);
    }),
    behaviour('is not there where the getter throws, and not written where the setter does', () => {
      const fail = (): never => {
        throw new Error('carrier');
      };
      assert.equal(propagation.extract(ROOT_CONTEXT, {}, { keys: fail, get: fail }), ROOT_CONTEXT);
      propagation.inject(below(REMOTE), {}, { set: fail });
    }),
    behaviour('and its companions may hold any bytes: extract never throws', () => {
      const header = fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(fc.string(), { maxLength: 3 }),
        fc.constantFrom<unknown>(undefined, null, 7, {}, [], [undefined], Symbol('header')),
      );
      fc.assert(
        fc.property(header, header, header, (traceparent, tracestate, baggage) => {
          inject(extract({ traceparent, tracestate, baggage }));
          inject(extract({ traceparent: TRACEPARENT, tracestate, baggage }));
        }),
        { numRuns: 300 },
      );
    }),
  ],
};
