import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ROOT_CONTEXT, baggageEntryMetadataFromString, context, propagation } from '@opentelemetry/api';
import type { BaggageEntry } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Behaviour, Differences } from './behaviour.ts';
import { extract, inject } from './headers.ts';

type Entries = Record<string, string>;
const MANY = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'v']));

const HEADERS: [what: string, header: string | string[], entries: Entries, differences?: Differences][] = [
  ['members', 'a=1,b=2', { a: '1', b: '2' }],
  ['several headers', ['a=1', 'b=2'], { a: '1', b: '2' }],
  ['blanks around every part', ' a = 1 , b = 2 ', { a: '1', b: '2' }],
  ['an = in a value', 'a=1=2', { a: '1=2' }],
  ['percent escapes', 'a=%C3%A9%20%25', { a: 'é %' }],
  ['a plus sign, which is no blank', 'a=1+2', { a: '1+2' }],
  ['the last of several members with one key', 'a=1,a=2', { a: '2' }],
  ['keys with their letter case', 'A=1,a=2', { A: '1', a: '2' }],
  [
    '64 members',
    Object.entries(MANY)
      .map(([key, value]) => `${key}=${value}`)
      .join(),
    MANY,
  ],
  [
    'an empty value',
    'a=,b=2',
    { a: '', b: '2' },
    { official: { instead: 'drops members with an empty value', see: 'W3C Baggage: *baggage-octet', shows: /a: ''/ } },
  ],
  [
    'bytes that are no UTF-8, as U+FFFD',
    'a=%C3%28,b=2',
    { a: '\ufffd(', b: '2' },
    { official: { instead: 'drops the member', see: 'W3C Baggage, value', shows: /\ufffd/ } },
  ],
  ['malformed members, which are dropped one by one', 'a=1,broken,=2,b=3', { a: '1', b: '3' }],
  [
    'keys that are no token, which are dropped',
    'a=1,c d=3,b=3',
    { a: '1', b: '3' },
    { official: { instead: 'takes any text as a key', see: 'W3C Baggage, key', shows: /c d/ } },
  ],
];

function reads([what, baggage, entries, differences]: (typeof HEADERS)[number]): Behaviour {
  return behaviour(
    `may come with ${what}`,
    () => assert.deepEqual(entriesOf(extract({ baggage })), entries),
    differences,
  );
}

function entriesOf(from: ReturnType<typeof extract>): Entries {
  const entries = propagation.getBaggage(from)?.getAllEntries() ?? [];
  return Object.fromEntries(entries.map(([key, entry]) => [key, entry.value]));
}

function headerOf(entries: Record<string, BaggageEntry>): string {
  return inject(propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage(entries)))['baggage'] ?? '';
}

export const baggage: Area = {
  title: 'baggage',
  behaviours: [
    ...HEADERS.map(reads),
    behaviour('works without any trace, and leaves no header where it is empty', () => {
      assert.deepEqual(inject(extract({ baggage: 'a=1' })), { baggage: 'a=1' });
      assert.deepEqual(inject(propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage())), {});
    }),
    behaviour('that cannot be read leaves the context as it was', () => {
      for (const header of ['', ',,', 'broken', []]) assert.equal(extract({ baggage: header }), ROOT_CONTEXT);
    }),
    behaviour('goes out and comes in the same, for any value', () => {
      const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
      fc.assert(
        fc.property(text, (value) => {
          const header = headerOf({ key: { value } });
          assert.match(header, /^[\x21-\x7e]*$/);
          assert.deepEqual(entriesOf(extract({ baggage: header })), { key: value });
        }),
      );
    }),
    behaviour('keeps its metadata', () => {
      const metadata = baggageEntryMetadataFromString('ttl=60;private');
      assert.equal(headerOf({ a: { value: '1', metadata } }), 'a=1;ttl=60;private');
      const read = propagation.getBaggage(extract({ baggage: 'a=1;ttl=60;private' }))?.getEntry('a');
      assert.equal(read?.metadata?.toString(), 'ttl=60;private');
    }),
    behaviour('stays within 8192 bytes by leaving out whole members', () => {
      const value = 'x'.repeat(3000);
      const header = headerOf({ a: { value }, b: { value }, c: { value } });
      assert.equal(header.length, 2 * 3002 + 1);
    }),
    behaviour(
      'with a key that no header can carry stays here',
      () => assert.equal(headerOf({ 'a b': { value: '1' }, ok: { value: '2' } }), 'ok=2'),
      { official: { instead: 'percent-encodes the key', see: 'W3C Baggage: a key is not decoded', shows: /a%20b/ } },
    ),
    behaviour('is in the context, for whoever asks there', async () => {
      const seen = await context.with(extract({ baggage: 'user=7' }), async () => {
        await Promise.resolve();
        return propagation.getActiveBaggage()?.getEntry('user')?.value;
      });
      assert.equal(seen, '7');
    }),
    behaviour('never changes: set, remove and clear give another one', () => {
      const first = propagation.createBaggage({ a: { value: '1' } });
      assert.deepEqual(first.setEntry('b', { value: '2' }).getAllEntries().length, 2);
      assert.deepEqual([first.removeEntry('a').getAllEntries(), first.clear().getAllEntries()], [[], []]);
      assert.deepEqual(first.getAllEntries(), [['a', { value: '1' }]]);
    }),
  ],
};
