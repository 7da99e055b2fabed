import type { ProbabilisticRule } from '../../config/policy-config.ts';
import { sampledIf, type VoteOn } from './policy.ts';

const HASH_MAX = 2n ** 64n - 1n;
const FNV_OFFSET_BASIS = 0xcbf29ce484222325n;
const FNV_PRIME = 0x100000001b3n;

/**
 * contrib's hash of the trace id (probabilistic.go): FNV-1a over salt and id, 64 bits, sampled up to a threshold. It is not W3C's
 * randomness: two samplers with different salts choose independently.
 */
export function createProbabilistic(rule: ProbabilisticRule): VoteOn {
  const threshold = hashThreshold(rule.samplingPercentage);
  const salted = fnv1a(FNV_OFFSET_BASIS, Buffer.from(rule.hashSalt, 'utf8'));
  return ({ traceId }) => sampledIf(fnv1a(salted, Buffer.from(traceId, 'hex')) <= threshold);
}

function fnv1a(basis: bigint, bytes: Uint8Array): bigint {
  let hash = basis;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * FNV_PRIME) & HASH_MAX;
  return hash;
}

/** The share of all hashes, rounded to 64 bits of precision as upstream's big.Float is, then cut. */
export function hashThreshold(percentage: number): bigint {
  const { mantissa, exponent } = decompose(percentage / 100);
  const product = HASH_MAX * mantissa;
  const excessBits = product.toString(2).length - 64;
  const rounded = excessBits > 0 ? roundBits(product, BigInt(excessBits)) : product;
  const threshold = exponent >= 0 ? rounded << BigInt(exponent) : rounded >> BigInt(-exponent);
  return threshold > HASH_MAX ? HASH_MAX : threshold;
}

/** To the nearest multiple of 2^bits, a tie to the even one. */
function roundBits(value: bigint, bits: bigint): bigint {
  const unit = 1n << bits;
  const rest = value & (unit - 1n);
  const floor = value >> bits;
  const half = unit >> 1n;
  const up = rest > half || (rest === half && (floor & 1n) === 1n) ? 1n : 0n;
  return (floor + up) << bits;
}

/** A finite double of at least 0 as mantissa times 2^exponent, exactly. */
function decompose(value: number): { mantissa: bigint; exponent: number } {
  let exponent = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent--;
  }
  return { mantissa: BigInt(mantissa), exponent };
}
