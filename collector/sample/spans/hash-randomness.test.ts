import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatRandomness, isAtLeast } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { bucketsKept, hashRandomness, thresholdOfBuckets } from './hash-randomness.ts';

/** FNV-1a as its authors write it down. */
function fnv1a(bytes: Uint8Array): number {
  let hash = 2_166_136_261n;
  for (const byte of bytes) hash = BigInt.asUintN(32, (hash ^ BigInt(byte)) * 16_777_619n);
  return Number(hash);
}

const traceId = fc.uint8Array({ minLength: 16, maxLength: 16 });
const seed = fc.nat({ max: 2 ** 32 - 1 });

function hashed(id: Uint8Array, seed: number): number {
  const seedBytes = new Uint8Array(4);
  new DataView(seedBytes.buffer).setUint32(0, seed, true);
  return fnv1a(Buffer.concat([seedBytes, id]));
}

describe('hashRandomness', () => {
  it('passes a threshold of so many buckets iff the lowest 14 bits of the hash lie below it', () => {
    fc.assert(
      fc.property(traceId, seed, fc.integer({ min: 1, max: 2 ** 14 }), (id, seed, buckets) => {
        const isKept = hashed(id, seed) % 2 ** 14 < buckets;
        assert.equal(isAtLeast(hashRandomness(id, 0, seed), thresholdOfBuckets(buckets)), isKept);
      }),
    );
  });

  it('is bucket turned round, what is left of the hash, and bucket again: 56 bits', () => {
    fc.assert(
      fc.property(traceId, seed, (id, seed) => {
        const hash = BigInt(hashed(id, seed));
        const bucket = hash & 0x3fffn;
        const unused = hash >> 18n;
        const bits = ((0x3fffn - bucket) << 42n) | ((unused ^ (unused << 10n)) << 14n) | bucket;
        assert.equal(formatRandomness(hashRandomness(id, 0, seed)), bits.toString(16).padStart(14, '0'));
      }),
    );
  });
});

describe('bucketsKept', () => {
  it('multiplies in 32 bits and cuts', () => {
    assert.deepEqual([100, 50, 25, 0.01, 0.006, 33.3].map(bucketsKept), [16_384, 8192, 4096, 1, 0, 5455]);
  });
});
