import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { base64Decode, base64Encode } from './base64.ts';

describe('base64', () => {
  it('writes what Buffer writes and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = base64Encode(bytes);
        assert.equal(text, Buffer.from(bytes).toString('base64'));
        assert.deepEqual(base64Decode(text), bytes);
      }),
    );
  });

  it('reads the URL alphabet and missing padding', () => {
    assert.deepEqual(base64Decode('-_8'), Uint8Array.of(0xfb, 0xff));
    assert.deepEqual(base64Decode('+/8='), Uint8Array.of(0xfb, 0xff));
    assert.deepEqual(base64Decode(''), new Uint8Array());
  });

  it('refuses other characters and a left-over digit', () => {
    for (const text of ['a', 'abcde', 'ab!d', 'ab d', 'ab=d', '====', 'äbcd'])
      assert.equal(base64Decode(text), undefined, text);
  });
});
