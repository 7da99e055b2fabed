import type { ProbabilisticRule } from '../../config/policy-config.ts';
import { Fnv1a } from './fnv1a.ts';
import { sampledIf, sampledSomehowIf, type PolicyContext, type VoteOn } from './policy.ts';

const HASH_MAX = 2n ** 64n - 1n;

/**
 * contrib's hash of the trace id (probabilistic.go): FNV-1a over salt and id, 64 bits, sampled up to a threshold. It is not W3C's
 * randomness: two samplers with different salts choose independently. Observed is where the hash lies, in per cent of all.
 */
export function createProbabilistic(rule: ProbabilisticRule, { observe }: PolicyContext): VoteOn {
  const { samplingPercentage } = rule;
  const threshold = hashThreshold(samplingPercentage);
  const thresholdHigh = Number(threshold >> 32n);
  const thresholdLow = Number(threshold & 0xffff_ffffn);
  const salted = new Fnv1a();
  for (const byte of Buffer.from(rule.hashSalt, 'utf8')) salted.addByte(byte);
  const hash = new Fnv1a();
  const isChance = samplingPercentage > 0 && samplingPercentage < 100;
  const votedIf = isChance ? sampledSomehowIf : sampledIf;
  return ({ idA, idB, idC, idD }) => {
    hash.copyFrom(salted);
    hash.addWord(idA);
    hash.addWord(idB);
    hash.addWord(idC);
    hash.addWord(idD);
    observe((hash.high / 2 ** 32) * 100);
    return votedIf(hash.high < thresholdHigh || (hash.high === thresholdHigh && hash.low <= thresholdLow));
  };
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
