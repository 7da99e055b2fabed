import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { bytesFromHex, createIdGenerator, hexFromBytes, isLowerHex, isSpanId, isTraceId } from './ids.ts';

describe('ids', () => {
  it('go from bytes to hex and back, in either case', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const hex = hexFromBytes(bytes);
        assert.ok(isLowerHex(hex));
        assert.deepEqual(bytesFromHex(hex), bytes);
        assert.deepEqual(bytesFromHex(hex.toUpperCase()), bytes);
      }),
    );
  });

  it('are no hex with half a byte or another character', () => {
    for (const text of ['a', '0g', '0x', ' 0', '0/', '0:', '0@', '0`'])
      assert.equal(bytesFromHex(text), undefined, text);
  });

  it('are valid in lower case, of the right length, and not all zero', () => {
    assert.ok(isTraceId('0af7651916cd43dd8448eb211c80319c') && isSpanId('b7ad6b7169203331'));
    for (const text of ['', '0'.repeat(32), 'A'.repeat(32), 'a'.repeat(31), 'g'.repeat(32)])
      assert.ok(!isTraceId(text));
    for (const text of ['', '0'.repeat(16), 'A'.repeat(16), 'a'.repeat(17), 'g'.repeat(16)]) assert.ok(!isSpanId(text));
  });
});

describe('createIdGenerator', () => {
  it('draws again when all bits came out zero', () => {
    const draws = [0, 0, 7];
    const ids = createIdGenerator((bytes) => bytes.fill(draws.shift() ?? 1));
    assert.equal(ids.traceId(), '07'.repeat(16));
    assert.equal(ids.spanId(), '01'.repeat(8));
  });
});
