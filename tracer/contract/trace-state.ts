import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Behaviour, Difference, Differences } from './behaviour.ts';
import { extract, inject } from './headers.ts';
import { REMOTE } from './remote-parent.ts';

const TRACEPARENT = `00-${REMOTE.traceId}-${REMOTE.spanId}-01`;
const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}=v`).join();
const long = (length: number): string => 'x'.repeat(length);

const LEVEL_1: Differences = {
  official: { instead: 'knows level 1 keys only', see: 'W3C Trace Context, level 2', shows: /tracestate/ },
};
const LENIENT: Differences = {
  official: {
    instead: 'drops the offending member and sends the rest',
    see: 'W3C suite at STRICT_LEVEL=2',
    shows: /tracestate/,
  },
};
const CUT: Differences = {
  official: {
    instead: 'cuts the list at 512 characters',
    see: 'W3C: at least 512 SHOULD be sent on',
    shows: /tracestate/,
  },
};

/** What is sent on; undefined where the list is dropped. A list that is sent on unchanged is given once. */
const LISTS: [what: string, tracestate: string | string[], sent?: string | undefined, differences?: Differences][] = [
  ['one member', 'a=1', 'a=1'],
  ['members in their order', 'b=2,a=1', 'b=2,a=1'],
  ['members in several headers', ['a=1', 'b=2'], 'a=1,b=2'],
  ['blanks and tabs around members', ' a=1 ,\t b=2 ', 'a=1,b=2'],
  ['empty members', ',a=1,,b=2,', 'a=1,b=2'],
  ['a blank inside a value', 'a=1 2', 'a=1 2'],
  ['a key that begins with a digit', '0a=1', '0a=1', LEVEL_1],
  ['a key with all signs', 'a_-*/=1', 'a_-*/=1'],
  ['a key of a tenant', 'tenant@system=1', 'tenant@system=1'],
  ['a key that ends in @', 'a@=1', 'a@=1', LEVEL_1],
  ['a key of 256 characters', `${long(256)}=1`, `${long(256)}=1`],
  ['a value of 256 characters', `a=${long(256)}`, `a=${long(256)}`],
  ['32 members', numbered(32), numbered(32)],
  ['the members of OpenTelemetry', 'ot=th:8;rv:0123456789abcd,a=1', 'ot=th:8;rv:0123456789abcd,a=1'],
  [
    '600 characters',
    `a=${long(200)},b=${long(200)},c=${long(200)}`,
    `a=${long(200)},b=${long(200)},c=${long(200)}`,
    CUT,
  ],
  ['33 members', numbered(33), undefined, LENIENT],
  ['a key of 257 characters', `a=1,${long(257)}=1`, undefined, LENIENT],
  ['a value of 257 characters', `a=1,b=${long(257)}`, undefined, LENIENT],
  ['an upper-case key', 'a=1,B=2', undefined, LENIENT],
  ['a key that begins with @', 'a=1,@b=2', undefined, LENIENT],
  ['a dot in a key', 'a=1,b.c=2', undefined, LENIENT],
  ['a blank before =', 'a=1,b =2', undefined, LENIENT],
  ['a second = in a member', 'a=1,b=2=3', undefined, LENIENT],
  ['a member without =', 'a=1,b', undefined, LENIENT],
  ['an empty value', 'a=1,b=', undefined, LENIENT],
  ['a value beyond ASCII', 'a=1,b=ü', undefined, LENIENT],
  ['nothing but an upper-case key', 'B=2', undefined, emptyHeader()],
  ['nothing', '', undefined],
  ['nothing but commas', ' , ,', undefined, emptyHeader()],
];

function emptyHeader(): Differences {
  const official: Difference = {
    instead: 'sends an empty header',
    see: 'W3C: SHOULD NOT be sent',
    shows: /tracestate: ''/,
  };
  return { official };
}

function passes([what, tracestate, sent, differences]: (typeof LISTS)[number]): Behaviour {
  return behaviour(
    sent === undefined ? `is dropped alone with ${what}` : `is sent on with ${what}`,
    () => {
      const expected = { traceparent: TRACEPARENT, ...(sent !== undefined && { tracestate: sent }) };
      assert.deepEqual(inject(extract({ traceparent: TRACEPARENT, tracestate })), expected);
    },
    differences,
  );
}

function received(tracestate: string) {
  const state = trace.getSpanContext(extract({ traceparent: TRACEPARENT, tracestate }))?.traceState;
  assert(state);
  return state;
}

const key = fc
  .string({ unit: fc.constantFrom(...'abcz019_-*/'.split('')), minLength: 1, maxLength: 8 })
  .filter((text) => /^[a-z]/.test(text));
const value = fc
  .string({ unit: fc.constantFrom(...'aZ09!~:;@ '.split('')), minLength: 1, maxLength: 8 })
  .filter((text) => !/^ | $/.test(text));
const members = fc.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 20, selector: ([name]) => name });

export const traceState: Area = {
  title: 'tracestate',
  behaviours: [
    ...LISTS.map(passes),
    behaviour('is dropped where no traceparent came with it, or a malformed one', () => {
      assert.deepEqual(inject(extract({ tracestate: 'a=1' })), {});
      assert.equal(extract({ traceparent: 'malformed', tracestate: 'a=1' }), ROOT_CONTEXT);
    }),
    behaviour('is sent on by the spans in between', async ({ tracer, span }) => {
      const started = tracer.startSpan('hop', {}, extract({ traceparent: TRACEPARENT, tracestate: 'a=1,b=2' }));
      started.end();
      assert.equal(inject(trace.setSpan(ROOT_CONTEXT, started))['tracestate'], 'a=1,b=2');
      assert.equal((await span()).traceState, 'a=1,b=2');
    }),
    behaviour('goes in and comes out the same', () => {
      fc.assert(
        fc.property(members, (list) => {
          const tracestate = list.map(([name, text]) => `${name}=${text}`).join();
          assert.equal(inject(extract({ traceparent: TRACEPARENT, tracestate }))['tracestate'], tracestate);
        }),
      );
    }),
    behaviour('never changes: set and unset give another one, with what changed in front', () => {
      const state = received('a=1,b=2,c=3');
      assert.equal(state.get('b'), '2');
      assert.equal(state.get('none'), undefined);
      assert.equal(state.set('b', '4').serialize(), 'b=4,a=1,c=3');
      assert.equal(state.set('new', '5').serialize(), 'new=5,a=1,b=2,c=3');
      assert.equal(state.unset('b').serialize(), 'a=1,c=3');
      assert.equal(state.unset('none').serialize(), 'a=1,b=2,c=3');
      assert.equal(state.serialize(), 'a=1,b=2,c=3');
    }),
    behaviour('ignores a key or value that is not legal', () => {
      const state = received('a=1');
      for (const [name, text] of [
        ['UPPER', '1'],
        ['', '1'],
        ['b', ''],
        ['b', 'a,b'],
        ['b', 'a=b'],
        ['b', 'ü'],
        [long(257), '1'],
        ['b', long(257)],
      ] as const)
        assert.equal(state.set(name, text).serialize(), 'a=1', `${name}=${text}`);
    }),
    behaviour(
      'drops its last member where a new one would be the 33rd',
      () => {
        const state = received(numbered(32)).set('new', '1').serialize().split(',');
        assert.deepEqual([state.length, state[0], state.at(-1)], [32, 'new=1', 'k30=v']);
      },
      { official: { instead: 'lets it grow to 33 members', see: 'W3C: at most 32', shows: /33/ } },
    ),
    behaviour('keeps the order of untouched members, whatever is set and unset', () => {
      const change = fc.tuple(key, fc.option(value, { nil: undefined }));
      fc.assert(
        fc.property(members, fc.array(change, { maxLength: 8 }), (list, changes) => {
          const touched = new Set(changes.map(([name]) => name));
          let state = received(list.map(([name, text]) => `${name}=${text}`).join());
          for (const [name, text] of changes) state = text === undefined ? state.unset(name) : state.set(name, text);
          const names = state
            .serialize()
            .split(',')
            .map((member) => member.split('=', 1)[0] ?? '');
          const untouched = list.map(([name]) => name).filter((name) => !touched.has(name));
          assert.deepEqual(
            names.filter((name) => untouched.includes(name)),
            untouched,
          );
          assert.equal(new Set(names).size, names.length);
        }),
      );
    }),
  ],
};
