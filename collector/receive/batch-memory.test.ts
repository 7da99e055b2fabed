import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BatchMemory } from './batch-memory.ts';
import { CheckedPool } from './checked-pool.test-kit.ts';

describe('BatchMemory', () => {
  it('gives its arrays back once, when the last of those who hold it lets go', () => {
    const pool = new CheckedPool(1e6);
    const memory = new BatchMemory(pool);
    const lengths = [memory.take(5000), memory.take(10)].map(({ byteLength }) => byteLength);
    assert.equal(memory.byteLength, (lengths[0] ?? 0) + (lengths[1] ?? 0));
    memory.hold().release();
    assert.equal(pool.lentCount, 2);
    memory.release();
    assert.equal(pool.lentCount, 0);
  });

  it('says so when it is used after that, instead of lending to two requests what is one', () => {
    const memory = new BatchMemory(new CheckedPool(1e6));
    memory.release();
    const error = /the memory of a request was used after its last holder had released it/;
    assert.throws(() => memory.release(), error);
    assert.throws(() => memory.hold(), error);
  });
});
