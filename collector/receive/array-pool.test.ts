import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { ArrayPool } from './array-pool.ts';

const KEPT_BYTES_MAX = 100_000_000;

describe('ArrayPool', () => {
  it('gives arrays that are long enough, wastes a 32nd, and gives none twice', () => {
    const step = fc.record({ act: fc.constantFrom('take', 'take', 'giveBack'), byteLength: fc.nat(6_000_000) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pool = new ArrayPool(KEPT_BYTES_MAX);
        const taken: ArrayBuffer[] = [];
        for (const { act, byteLength } of steps) {
          if (act === 'take') {
            const array = pool.take(byteLength);
            assert.ok(array.byteLength >= byteLength && array.byteLength <= byteLength * (1 + 1 / 32) + 1);
            assert.ok(!taken.includes(array));
            taken.push(array);
          } else {
            const [array] = taken.splice(byteLength % Math.max(1, taken.length), 1);
            if (array !== undefined) pool.giveBack(array);
          }
        }
      }),
    );
  });

  it('uses an array again, and keeps no more than its bound', () => {
    const pool = new ArrayPool(KEPT_BYTES_MAX);
    const array = pool.take(100_000);
    pool.giveBack(array);
    assert.equal(pool.take(99_000), array);
    const many = Array.from({ length: 30 }, () => pool.take(4_000_000));
    for (const each of many) pool.giveBack(each);
    assert.ok(pool.keptBytes > 0.9 * KEPT_BYTES_MAX && pool.keptBytes <= KEPT_BYTES_MAX);
  });

  it('lets go of everything where memory is short', () => {
    const pool = new ArrayPool(1e6);
    const array = pool.take(5000);
    assert.equal(pool.byteLength, array.byteLength);
    pool.giveBack(array);
    assert.equal(pool.byteLength, array.byteLength);
    pool.empty();
    assert.deepEqual([pool.keptBytes, pool.byteLength], [0, 0]);
    assert.notEqual(pool.take(5000), array);
  });

  it('forgets those for which nobody asked for a whole period, and no other', () => {
    const pool = new ArrayPool(KEPT_BYTES_MAX);
    const burst = Array.from({ length: 10 }, () => pool.take(8192));
    for (const each of burst) pool.giveBack(each);
    pool.forgetUnused();
    assert.equal(pool.keptBytes, 10 * 8192);
    const used = [pool.take(8192), pool.take(8192), pool.take(8192)];
    for (const each of used) pool.giveBack(each);
    pool.forgetUnused();
    assert.equal(pool.keptBytes, 3 * 8192);
    assert.ok(used.includes(pool.take(8192)));
    pool.forgetUnused();
    pool.forgetUnused();
    assert.equal(pool.keptBytes, 0);
  });
});
