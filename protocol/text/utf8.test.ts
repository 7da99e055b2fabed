import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { utf8Decode, utf8Encode } from './utf8.ts';

/** The platform's own coders are the oracle: ours must agree with them on every input, broken input included. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
);
const brokenBytes = fc
  .array(fc.constantFrom(0x41, 0x80, 0x90, 0xa0, 0xbf, 0xc1, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff))
  .map((bytes) => Uint8Array.from(bytes));

describe('utf8Encode', () => {
  it('gives the bytes that TextEncoder gives, lone surrogates included', () => {
    fc.assert(fc.property(anyText, (text) => assert.deepEqual(utf8Encode(text), new TextEncoder().encode(text))));
  });
});

describe('utf8Decode', () => {
  it('gives the text that TextDecoder gives for any bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), brokenBytes), (bytes) =>
        assert.equal(utf8Decode(bytes), decoder.decode(bytes)),
      ),
      { numRuns: 1000 },
    );
  });

  it('reads text longer than one chunk, also where a sequence lies across the border', () => {
    const text = 'x'.repeat(4095) + '😀é'.repeat(3000);
    assert.equal(utf8Decode(utf8Encode(text)), text);
  });

  it('reads only the range it was given', () => {
    assert.equal(utf8Decode(utf8Encode('abcdef'), 1, 4), 'bcd');
    assert.equal(utf8Decode(utf8Encode('a€'), 0, 3), 'a\ufffd');
  });
});
