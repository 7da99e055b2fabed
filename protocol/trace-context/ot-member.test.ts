import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatOtMember, parseOtMember } from './ot-member.ts';

const subKey = fc
  .tuple(fc.constantFrom('a', 'b', 'z'), fc.string({ unit: fc.constantFrom(...'az09'.split('')), maxLength: 4 }))
  .map(([first, rest]) => first + rest);
const value = fc.string({ unit: fc.constantFrom(...'azAZ09._-'.split('')), maxLength: 8 });
const member = fc
  .uniqueArray(fc.tuple(subKey, value), { minLength: 1, maxLength: 12, selector: ([key]) => key })
  .map((pairs) => new Map(pairs));

describe("OpenTelemetry's member of tracestate", () => {
  it('is read as it was written, unknown sub-keys and their order included', () => {
    fc.assert(
      fc.property(member, (pairs) => {
        const text = formatOtMember(pairs);
        assert(text !== undefined);
        assert.deepEqual([...(parseOtMember(text) ?? [])], [...pairs]);
      }),
    );
  });

  it('holds threshold, randomness and what others put there', () => {
    assert.deepEqual(
      [...(parseOtMember('th:fd70a;rv:6e6d1a75832a2f;x9:A.b_c-d') ?? [])],
      [
        ['th', 'fd70a'],
        ['rv', '6e6d1a75832a2f'],
        ['x9', 'A.b_c-d'],
      ],
    );
    assert.equal(parseOtMember('th:')?.get('th'), '');
  });

  const refused: [string, string][] = [
    ['an empty text', ''],
    ['a part without a colon', 'th:8;rv'],
    ['an empty part', 'th:8;'],
    ['an empty key', ':8'],
    ['a key that begins with a digit', '1h:8'],
    ['an upper-case key', 'Th:8'],
    ['a key twice', 'th:8;th:c'],
    ['a value with a blank', 'th:8 '],
    ['a value with a colon', 'th:8:9'],
    ['more than 256 characters', `x:${'a'.repeat(255)}`],
  ];
  for (const [what, text] of refused) {
    it(`is refused with ${what}`, () => assert.equal(parseOtMember(text), undefined));
  }

  it('is not written over 256 characters, and empty where nothing is left', () => {
    assert.equal(formatOtMember(new Map([['x', 'a'.repeat(255)]])), undefined);
    assert.equal(formatOtMember(new Map([['x', 'a'.repeat(254)]]))?.length, 256);
    assert.equal(formatOtMember(new Map()), '');
  });

  it('never throws, whatever the text is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void parseOtMember(text)));
  });
});
