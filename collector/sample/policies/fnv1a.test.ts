import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Fnv1a } from './fnv1a.ts';

function hashOf(bytes: Uint8Array): string {
  const hash = new Fnv1a();
  for (const byte of bytes) hash.addByte(byte);
  return ((BigInt(hash.high) << 32n) | BigInt(hash.low)).toString(16);
}

describe('Fnv1a', () => {
  it("hashes the draft's test vectors", () => {
    assert.equal(hashOf(Buffer.from('')), 'cbf29ce484222325');
    assert.equal(hashOf(Buffer.from('a')), 'af63dc4c8601ec8c');
    assert.equal(hashOf(Buffer.from('foobar')), '85944171f73967e8');
  });

  it('hashes as the definition in whole numbers, words as their bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer(), (bytes, word) => {
        let expected = 0xcbf29ce484222325n;
        for (const byte of bytes) expected = BigInt.asUintN(64, (expected ^ BigInt(byte)) * 0x100000001b3n);
        assert.equal(hashOf(bytes), expected.toString(16));
        const [whole, single] = [new Fnv1a(), new Fnv1a()];
        whole.addWord(word);
        for (const shift of [24, 16, 8, 0]) single.addByte((word >>> shift) & 0xff);
        assert.deepEqual(whole, single);
      }),
    );
  });
});
