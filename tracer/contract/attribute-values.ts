import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { AttributeValue } from '@opentelemetry/api';
import type { AnyValue } from '@tracelab/protocol';
import { behaviour } from './behaviour.ts';
import type { Area, Differences } from './behaviour.ts';
import { careless } from './careless.ts';

/** What is set, and what shall arrive. */
const VALUES: [what: string, value: AttributeValue, arrives: AnyValue, differences?: Differences][] = [
  ['a text', 'text', 'text'],
  ['an empty text', '', ''],
  ['a text beyond ASCII', 'Gruß 🧀\n\0', 'Gruß 🧀\n\0'],
  ['a long text', 'x'.repeat(100_000), 'x'.repeat(100_000)],
  ['true', true, true],
  ['false', false, false],
  ['zero, an integer', 0, 0n],
  ['an integer', 42, 42n],
  ['a negative integer', -7, -7n],
  ['the largest safe integer', Number.MAX_SAFE_INTEGER, BigInt(Number.MAX_SAFE_INTEGER)],
  ['the smallest safe integer', Number.MIN_SAFE_INTEGER, BigInt(Number.MIN_SAFE_INTEGER)],
  ['a fraction', 1.5, 1.5],
  ['a number beyond 64 bits', 1e300, 1e300],
  ['infinity', -Infinity, -Infinity],
  ['not a number', Number.NaN, Number.NaN],
  ['a list of texts', ['a', '', 'ü'], ['a', '', 'ü']],
  ['a list of integers', [1, 2], [1n, 2n]],
  ['a list of truths', [true, false], [true, false]],
  ['an empty list', [], []],
  ['a frozen list', careless(Object.freeze(['a'])), ['a']],
  ['a list with null and undefined, which keep their places', ['a', null, undefined], ['a', null, null]],
  ['a list of nothing but null', [null], [null]],
];

export const attributeValues: Area = {
  title: 'the value of an attribute',
  behaviours: [
    ...VALUES.map(([what, value, arrives, differences]) =>
      behaviour(
        `may be ${what}`,
        async ({ tracer, span }) => {
          tracer
            .startSpan('span', { attributes: { given: value } })
            .setAttribute('set', value)
            .end();
          assert.deepEqual((await span()).attributes, { given: arrives, set: arrives });
        },
        differences,
      ),
    ),
    behaviour('may be a list of numbers with and without fractions', async ({ tracer, span }) => {
      tracer.startSpan('span').setAttribute('list', [1, 2.5]).end();
      const { list } = (await span()).attributes;
      assert(Array.isArray(list));
      assert.deepEqual(list.map(Number), [1, 2.5]);
    }),
    behaviour('may be minus zero, which arrives as some zero', async ({ tracer, span }) => {
      tracer.startSpan('span').setAttribute('zero', -0).end();
      assert(Number((await span()).attributes['zero']) === 0);
    }),
    behaviour('may be a list with holes, which count as null', async ({ tracer, span }) => {
      const list: string[] = [];
      list[2] = 'third';
      tracer.startSpan('span').setAttribute('list', list).end();
      assert.deepEqual((await span()).attributes['list'], [null, null, 'third']);
    }),
    behaviour('may hold half a character, which arrives as U+FFFD', async ({ tracer, span }) => {
      tracer.startSpan('span').setAttribute('half', 'a\ud800b').end();
      assert.equal((await span()).attributes['half'], 'a\ufffdb');
    }),
    behaviour('is the number that was set, for any number', async ({ tracer, span }) => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.double(), fc.maxSafeInteger()), async (number) => {
          tracer.startSpan('span').setAttribute('n', number).end();
          const arrived = Number((await span()).attributes['n']);
          assert(Object.is(arrived, number) || (arrived === 0 && number === 0), `${number} arrived as ${arrived}`);
        }),
        { numRuns: 50 },
      );
    }),
  ],
};
