import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { deleteTracestateMember, formatTracestate, parseTracestate, setTracestateMember } from './tracestate.ts';
import type { TraceStateMember } from './tracestate.ts';

const keyCharacter = fc.constantFrom(...'abcxyz0189_-*/@'.split(''));
const key = fc
  .tuple(fc.constantFrom(...'abz09'.split('')), fc.string({ unit: keyCharacter, maxLength: 12 }))
  .map(([first, rest]) => first + rest);
const value = fc
  .string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 12 })
  .map((text) => `${text.replaceAll(/[,=]/g, '')}x`);
const member = fc.record({ key, value }, { noNullPrototype: true });
const members = fc.uniqueArray(member, { maxLength: 32, selector: (one) => one.key });

function keys(list: readonly TraceStateMember[]): string[] {
  return list.map((one) => one.key);
}

describe('parseTracestate', () => {
  it('reads what formatTracestate writes', () => {
    fc.assert(fc.property(members, (list) => assert.deepEqual(parseTracestate(formatTracestate(list)), list)));
  });

  it('never throws, whatever the header is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseTracestate(text)));
  });

  const accepted: [string, string, TraceStateMember[]][] = [
    ['an empty header', '', []],
    [
      'empty members and blanks around members',
      ' ,a=1 ,\t, b=2,,',
      [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    ],
    ['leading blanks as part of the value', 'a=  1  ', [{ key: 'a', value: '  1' }]],
    ['@ anywhere in a key but first', 'a@@b@=1', [{ key: 'a@@b@', value: '1' }]],
    ['a key that begins with a digit', '0a=1', [{ key: '0a', value: '1' }]],
    [
      'duplicates as they are',
      'a=1,a=2',
      [
        { key: 'a', value: '1' },
        { key: 'a', value: '2' },
      ],
    ],
    [
      'keys and values of 256 characters',
      `${'k'.repeat(256)}=${'v'.repeat(256)}`,
      [{ key: 'k'.repeat(256), value: 'v'.repeat(256) }],
    ],
  ];
  for (const [what, header, list] of accepted) {
    it(`accepts ${what}`, () => assert.deepEqual(parseTracestate(header), list));
  }

  const refused: [string, string][] = [
    ['a member without =', 'a=1,b'],
    ['an empty key', 'a=1,=2'],
    ['an empty value', 'a=1,b='],
    ['a value of blanks only', 'b=  '],
    ['a second = in a member', 'a=1=2'],
    ['a blank before =', 'a =1'],
    ['a key that begins with @', '@a=1'],
    ['an upper-case key', 'A=1'],
    ['a dot in a key', 'a.b=1'],
    ['a value that is not ASCII', 'a=é'],
    ['a tab inside a value', 'a=1\t2'],
    ['a key of 257 characters', `${'k'.repeat(257)}=1`],
    ['a value of 257 characters', `a=${'v'.repeat(257)}`],
    ['a 33rd member', Array.from({ length: 33 }, (_, index) => `k${index}=1`).join()],
  ];
  for (const [what, header] of refused) {
    it(`drops the whole list for ${what}`, () => assert.equal(parseTracestate(header), undefined));
  }

  it('does not count empty members', () => {
    const header = Array.from({ length: 32 }, (_, index) => `k${index}=1`).join(',,');
    assert.equal(parseTracestate(header)?.length, 32);
  });
});

describe('setTracestateMember and deleteTracestateMember', () => {
  it('put the member to the left, keep the others in order, make no duplicate and stay within 32', () => {
    fc.assert(
      fc.property(members, key, value, (list, newKey, newValue) => {
        const others = keys(list).filter((one) => one !== newKey);
        const then = setTracestateMember(list, newKey, newValue);
        assert.deepEqual(then[0], { key: newKey, value: newValue });
        assert.deepEqual(keys(then).slice(1), others.slice(0, 31));
        assert.deepEqual(parseTracestate(formatTracestate(then)), then);
        assert.deepEqual(keys(deleteTracestateMember(list, newKey)), others);
      }),
    );
  });

  it('refuse a key or value that would break the header', () => {
    for (const [newKey, newValue] of [
      ['A', '1'],
      ['', '1'],
      ['@a', '1'],
      ['a', ''],
      ['a', '1,b=2'],
      ['a', 'x '],
      ['a', '\n'],
    ] as const) {
      assert.throws(() => setTracestateMember([], newKey, newValue), RangeError);
    }
  });
});
