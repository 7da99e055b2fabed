import type { Bits56 } from '@tracelab/protocol';

const OFFSET_BASIS = 0x811c_9dc5;
const PRIME = 0x0100_0193;
const BUCKET_BITS = 14;
const BUCKETS = 2 ** BUCKET_BITS;

/** Traces of so many of the 2^14 buckets are kept; by a multiplication of floats of 32 bits, cut (upstream: `uint32(pct * percentageScaleFactor)`). */
export function bucketsKept(percentage: number): number {
  return Math.trunc(Math.fround(Math.fround(percentage) * Math.fround(BUCKETS / 100)));
}

/** T that keeps so many buckets, from 1 on. */
export function thresholdOfBuckets(buckets: number): Bits56 {
  return { high: (BUCKETS - buckets) << (24 - BUCKET_BITS), low: 0 };
}

/**
 * R of a trace id by a hash with a seed: FNV-1a of 32 bits over the seed (its lowest byte first) and the id. Its lowest 14 bits choose the bucket; turned
 * round they are R's highest, so that R >= T keeps the low buckets. What is left of the hash fills up R (upstream: `randomnessFromBytes`).
 */
export function hashRandomness(bytes: Uint8Array, traceIdAt: number, seed: number): Bits56 {
  let hash = OFFSET_BASIS;
  for (let shift = 0; shift < 32; shift += 8) hash = Math.imul(hash ^ ((seed >>> shift) & 0xff), PRIME);
  for (let at = traceIdAt; at < traceIdAt + 16; at++) hash = Math.imul(hash ^ (bytes[at] as number), PRIME);
  const bucket = hash & (BUCKETS - 1);
  const unused = hash >>> (32 - BUCKET_BITS);
  const mixed = unused ^ (unused << 10);
  const high = ((BUCKETS - 1 - bucket) << 10) | (mixed >>> 18);
  return { high, low: (((mixed & 0x3_ffff) << BUCKET_BITS) | bucket) >>> 0 };
}
