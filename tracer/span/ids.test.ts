/** Trace and span ids in their two writings, whichever was there first. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { hexOf } from '../test-kit/arbitrary-record.ts';
import { IdPool } from './id-pool.ts';
import { SpanId } from './span-id.ts';
import { TraceId } from './trace-id.ts';

const OFFSET = 3;

/** The bytes as digits, and that nothing beside them is touched. */
function writtenHex(id: TraceId | SpanId, byteCount: number): string {
  const bytes = Buffer.alloc(OFFSET + byteCount + 1);
  id.writeTo(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), OFFSET);
  assert.deepEqual([...bytes.subarray(0, OFFSET), bytes.at(-1)], [0, 0, 0, 0]);
  return bytes.toString('hex', OFFSET, OFFSET + byteCount);
}

function wordsOf(hex: string): number[] {
  return (hex.match(/.{8}/g) ?? []).map((digits) => Number.parseInt(digits, 16) | 0);
}

describe('a trace id', () => {
  it('is the same in bytes, digits and randomness, made from words or from digits, asked in any order', () => {
    fc.assert(
      fc.property(
        hexOf(32),
        fc.boolean(),
        fc.shuffledSubarray(['hex', 'bytes', 'random', 'hex', 'bytes']),
        (hex, isParsed, order) => {
          const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = wordsOf(hex);
          const id = isParsed ? TraceId.parse(hex) : new TraceId(w0, w1, w2, w3);
          for (const asked of order) {
            if (asked === 'hex') assert.equal(id.hex, hex);
            else if (asked === 'bytes') assert.equal(writtenHex(id, 16), hex);
            else
              assert.equal(
                BigInt(id.randomnessHigh) * 2n ** 32n + BigInt(id.randomnessLow),
                BigInt(`0x${hex.slice(-14)}`),
              );
          }
        },
      ),
    );
  });
});

describe('a span id', () => {
  it('is the same in bytes and digits, made from words or from digits, asked in any order', () => {
    fc.assert(
      fc.property(hexOf(16), fc.boolean(), fc.boolean(), (hex, isParsed, isHexFirst) => {
        const [high = 0, low = 0] = wordsOf(hex);
        const id = isParsed ? SpanId.parse(hex) : new SpanId(high, low);
        if (isHexFirst) assert.equal(id.hex, hex);
        assert.deepEqual([writtenHex(id, 8), id.hex, writtenHex(id, 8)], [hex, hex, hex]);
      }),
    );
  });
});

describe('a pool of random words', () => {
  it('gives each word once and in order, refilled when it is used up', () => {
    let next = 1;
    const pool = new IdPool((words) => words.forEach((_, index) => (words[index] = next++)));
    const drawn = Array.from({ length: 1000 }, () => pool.traceId().hex + pool.spanId().hex).join('');
    assert.deepEqual(
      wordsOf(drawn),
      Array.from({ length: 6000 }, (_, index) => index + 1),
    );
  });

  it('draws again only where all words of an id are zero, each of which may be', () => {
    for (let lone = 0; lone < 4; lone++) {
      const words = [0, 0, 0, 0].map((_, index) => (index === lone ? -1 : 0));
      const pool = new IdPool((all) => all.forEach((_, index) => (all[index] = words[index % 4] ?? 0)));
      assert.deepEqual(wordsOf(pool.traceId().hex), words);
    }
    for (const words of [
      [0, 1],
      [1, 0],
    ]) {
      const pool = new IdPool((all) => all.forEach((_, index) => (all[index] = words[index % 2] ?? 0)));
      assert.deepEqual(wordsOf(pool.spanId().hex), words);
    }
    const zerosFirst = new IdPool((all) => all.forEach((_, index) => (all[index] = index < 2 ? 0 : 7)));
    assert.deepEqual(wordsOf(zerosFirst.spanId().hex), [7, 7]);
  });
});
