import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { formatBaggage, parseBaggage } from './baggage.ts';
import type { BaggageMember } from './baggage.ts';

const key = fc.string({ unit: fc.constantFrom(..."azAZ09!#$%&'*+-.^_`|~".split('')), minLength: 1, maxLength: 8 });
/** Whole code points, no lone surrogates. */
const value = fc.string({ unit: 'binary', maxLength: 30 });
const metadata = fc.constantFrom('', 'ttl=60', 'private; ttl=60', 'k = v');
const member = fc.record({ key, value, metadata }, { noNullPrototype: true });
const members = fc.uniqueArray(member, { maxLength: 20, selector: (one) => one.key });

function read(header: string): BaggageMember[] {
  return parseBaggage(header).members;
}

function plain(key: string, value: string): BaggageMember {
  return { key, value, metadata: '' };
}

describe('formatBaggage and parseBaggage', () => {
  it('give back any Unicode value, through pure ASCII', () => {
    fc.assert(
      fc.property(members, (list) => {
        const { header, droppedCount } = formatBaggage(list);
        assert.match(header, /^[\x20-\x7e]*$/);
        assert.equal(droppedCount, 0);
        assert.deepEqual(parseBaggage(header), { members: list, droppedCount: 0 });
      }),
    );
  });

  it('keep within 64 members and 8192 bytes, leave out whole members and count them', () => {
    const many = fc.array(fc.record({ key, value: fc.string({ maxLength: 500 }), metadata }), { maxLength: 100 });
    fc.assert(
      fc.property(many, (list) => {
        const { header, droppedCount } = formatBaggage(list);
        const kept = header === '' ? 0 : header.split(',').length;
        assert.ok(header.length <= 8192 && kept <= 64);
        assert.equal(kept + droppedCount, list.length);
      }),
    );
  });
});

describe('parseBaggage', () => {
  const cases: [string, string, BaggageMember[]][] = [
    ['nothing from an empty header', '', []],
    [
      'blanks around every part',
      ' a = 1 ; p = q , b=2 ',
      [{ key: 'a', value: '1', metadata: 'p = q' }, plain('b', '2')],
    ],
    ['an = inside a value', 'a=1=2', [plain('a', '1=2')]],
    ['an empty value', 'a=', [plain('a', '')]],
    ['a plus sign as a plus sign', 'a=1+2', [plain('a', '1+2')]],
    ['percent escapes as UTF-8', 'a=%C3%a9%20%25', [plain('a', 'é %')]],
    ['broken UTF-8 as U+FFFD', 'a=%C3%28', [plain('a', '\ufffd(')]],
    ['an escape that is none as it stands', 'a=100%,b=%zz', [plain('a', '100%'), plain('b', '%zz')]],
    ['the last of several members with one key', 'a=1,b=2,a=3', [plain('a', '3'), plain('b', '2')]],
    ['keys with their letter case', 'A=1,a=2', [plain('A', '1'), plain('a', '2')]],
  ];
  for (const [what, header, list] of cases) {
    it(`reads ${what}`, () => assert.deepEqual(read(header), list));
  }

  it('drops and counts malformed members and keeps the rest', () => {
    const header = 'a=1,b,=2,c d=3,e="4",f=5\\6,g=é,h=7';
    assert.deepEqual(parseBaggage(header), { members: [plain('a', '1'), plain('h', '7')], droppedCount: 6 });
  });

  it('drops and counts what is beyond 64 members or 8192 bytes', () => {
    const many = Array.from({ length: 70 }, (_, index) => `k${index}=1`).join();
    assert.deepEqual([read(many).length, parseBaggage(many).droppedCount], [64, 6]);
    assert.equal(read(`${many},k0=2`)[0]?.value, '2');
    const long = parseBaggage(`a=1,b=${'x'.repeat(8192)},c=2`);
    assert.deepEqual([long.members.length, long.droppedCount], [1, 2]);
  });

  it('never throws and does bounded work', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseBaggage(text)));
    assert.equal(parseBaggage(',a=1'.repeat(1_000_000)).members.length, 1);
  });
});

describe('formatBaggage', () => {
  it('leaves out and counts keys and metadata that a header cannot carry', () => {
    const { header, droppedCount } = formatBaggage([
      plain('a b', '1'),
      plain('', '1'),
      { key: 'c', value: '1', metadata: 'p,q=2' },
      plain('d', 'é,;"\\ '),
    ]);
    assert.deepEqual([header, droppedCount], ['d=%C3%A9%2C%3B%22%5C%20', 3]);
  });
});
