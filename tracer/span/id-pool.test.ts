import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { it } from 'node:test';
import { isSpanId, isTraceId } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { IdPool } from './id-pool.ts';
import { hexFromWords, wordFromHex } from './id-words.ts';
import { TraceId } from './trace-id.ts';

it('ids are valid and different, across refills of the pool', () => {
  const pool = new IdPool(randomFillSync);
  const ids = Array.from({ length: 2000 }, () => [pool.traceId().hex, pool.spanId().hex]).flat();
  assert(ids.every((id) => isTraceId(id) || isSpanId(id)));
  assert.equal(new Set(ids).size, ids.length);
});

it('an id of zeros only is drawn again', () => {
  let fills = 0;
  const pool = new IdPool((words) => words.fill(fills++ === 0 ? 0 : 0x0bad_cafe));
  assert.equal(pool.traceId().hex, '0badcafe'.repeat(4));
  assert.equal(fills, 2);
  const zerosThenOnes = new IdPool((words) => words.fill(0).fill(-1, 3));
  assert.equal(zerosThenOnes.spanId().hex, '00000000ffffffff');
});

it('words and hex digits are two writings of the same id', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer(), (high, low) => {
      const hex = hexFromWords(high, low);
      assert.deepEqual([wordFromHex(hex, 0), wordFromHex(hex, 8)], [high, low]);
      assert.equal(
        hex,
        (BigInt.asUintN(32, BigInt(high)) * 2n ** 32n + BigInt.asUintN(32, BigInt(low))).toString(16).padStart(16, '0'),
      );
    }),
  );
});

it('the randomness of a trace id is its right-most 56 bits', () => {
  const id = TraceId.parse('00000000000000000012345689abcdef');
  assert.deepEqual([id.randomnessHigh, id.randomnessLow], [0x123456, 0x89abcdef]);
});
