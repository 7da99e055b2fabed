import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Attributes } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area } from './behaviour.ts';
import { careless } from './careless.ts';

export const attributes: Area = {
  title: 'attributes',
  behaviours: [
    behaviour('come from the options, setAttribute and setAttributes', async ({ tracer, span }) => {
      const started = tracer.startSpan('span', { attributes: { a: 1 } });
      started.setAttribute('b', 'two').setAttributes({ c: true, d: 0.5 });
      started.end();
      assert.deepEqual((await span()).attributes, { a: 1n, b: 'two', c: true, d: 0.5 });
    }),
    behaviour('keep the last value of a key, whatever its type', async ({ tracer, span }) => {
      const started = tracer.startSpan('span', { attributes: { a: 1, b: 1 } });
      started
        .setAttribute('a', 'text')
        .setAttributes({ b: [true] })
        .setAttribute('a', false)
        .end();
      assert.deepEqual((await span()).attributes, { a: false, b: [true] });
    }),
    behaviour('are copied: what the caller changes later is not seen', async ({ tracer, span }) => {
      const list = ['a'];
      const given: Attributes = { list, n: 1 };
      const started = tracer.startSpan('span', { attributes: given });
      started.setAttribute('again', list);
      list.push('b');
      given['n'] = 2;
      started.end();
      assert.deepEqual((await span()).attributes, { list: ['a'], n: 1n, again: ['a'] });
    }),
    behaviour('are the own enumerable properties with a text as key', async ({ tracer, span }) => {
      const given = Object.create({ inherited: 1 }, { hidden: { value: 1 }, own: { value: 1, enumerable: true } });
      tracer
        .startSpan('span', { attributes: { ...given, [Symbol('key')]: 1 } })
        .setAttributes(given)
        .end();
      assert.deepEqual((await span()).attributes, { own: 1n });
    }),
    behaviour('need a key that is not empty', async ({ tracer, span }) => {
      tracer
        .startSpan('span', { attributes: { '': 1 } })
        .setAttribute('', 1)
        .setAttributes({ '': 1 })
        .end();
      assert.deepEqual((await span()).attributes, {});
    }),
    behaviour('may be called like the properties of every object', async ({ tracer, span }) => {
      const started = tracer.startSpan('span', { attributes: { constructor: 1 } });
      started.setAttribute('toString', 2).setAttribute('hasOwnProperty', 3).end();
      assert.deepEqual((await span()).attributes, { constructor: 1n, toString: 2n, hasOwnProperty: 3n });
    }),
    behaviour(
      'may be called __proto__',
      async ({ tracer, span }) => {
        tracer.startSpan('span').setAttribute('__proto__', 1).end();
        assert.deepEqual(Object.keys((await span()).attributes), ['__proto__']);
      },
      { official: { instead: 'loses an attribute of that name', shows: /__proto__/ } },
    ),
    behaviour('that are not legal are left out and not counted as dropped', async ({ tracer, span }) => {
      const illegal = { object: {}, mixed: [1, 'a'], nested: [[1]], symbol: Symbol('s'), fn: () => 1, big: 1n };
      const started = tracer.startSpan('span', { attributes: careless(illegal) });
      started.setAttributes(careless(illegal)).setAttribute('kept', 'yes').end();
      const received = await span();
      assert.deepEqual(received.attributes, { kept: 'yes' });
      assert.equal(received.droppedAttributesCount, 0);
    }),
    behaviour('go in and come out the same, for any key and value', async ({ tracer, span }) => {
      const key = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__proto__');
      const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.boolean(), fc.array(fc.string({ unit: 'grapheme' })));
      await fc.assert(
        fc.asyncProperty(fc.dictionary(key, value, { noNullPrototype: true, maxKeys: 20 }), async (given) => {
          tracer.startSpan('span', { attributes: given }).end();
          assert.deepEqual((await span()).attributes, given);
        }),
        { numRuns: 30 },
      );
    }),
  ],
};
