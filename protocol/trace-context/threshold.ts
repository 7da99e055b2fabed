import { isLowerHex } from '../ids.ts';

/**
 * Arithmetic of consistent probability sampling (specification, tracestate-probability-sampling; OTEP 235):
 *
 *     M = 2^56    T = (1 - p) * M    keep iff R >= T    adjusted count w = 1/p = M / (M - T)
 *
 * A 56-bit number does not fit a double, and a bigint would cost every decision an allocation: so two halves.
 */
export interface Bits56 {
  /** The left-most 24 bits. */
  readonly high: number;
  /** The right-most 32 bits, unsigned. */
  readonly low: number;
}

/** The smallest p that has a threshold. */
export const PROBABILITY_MIN = 2 ** -56;

const DIGITS = 14;
const DIGIT_BITS = 4;
const HIGH_RANGE = 2 ** 24;
const LOW_RANGE = 2 ** 32;
const RANGE = 2 ** 56;
/** Four digits of precision are the specification's default: p is then off by at most 1 in 8192. */
const PRECISION_DIGITS_DEFAULT = 4;

/** T of probability 1: every R passes. */
export const THRESHOLD_ALWAYS: Bits56 = { high: 0, low: 0 };

/** 2^56: no R passes. It is the threshold of no probability and has no text. */
export const THRESHOLD_NEVER: Bits56 = { high: HIGH_RANGE, low: 0 };

/** The decision: R >= T. */
export function isAtLeast(randomness: Bits56, threshold: Bits56): boolean {
  if (randomness.high !== threshold.high) return randomness.high > threshold.high;
  return randomness.low >= threshold.low;
}

/**
 * T for a probability from 2^-56 to 1, rounded to `precisionDigits` hex digits behind its leading f (or 0) digits, since
 * those say how near p is to 0 (or 1). Throws a RangeError for any other probability: never is no probability.
 */
export function thresholdFromProbability(probability: number, precisionDigits = PRECISION_DIGITS_DEFAULT): Bits56 {
  if (!(probability >= PROBABILITY_MIN && probability <= 1)) {
    throw new RangeError(`a sampling probability should be from 2^-56 to 1: was ${probability}`);
  }
  // Scaling by a power of two is exact, where 1 - p would lose the digits of a small p.
  const threshold = 2n ** 56n - BigInt(Math.round(probability * RANGE));
  const leading = Math.max(leadingDigits(probability), leadingDigits(1 - probability));
  const droppedBits = BigInt(DIGIT_BITS * Math.max(0, DIGITS - precisionDigits - leading));
  const half = droppedBits === 0n ? 0n : 1n << (droppedBits - 1n);
  const rounded = ((threshold + half) >> droppedBits) << droppedBits;
  return { high: Number(rounded >> 32n), low: Number(rounded & 0xffff_ffffn) };
}

/** How many hex digits the fraction, 0 to 1, has only zeros in: 1/16 has none, 0.06 has one. */
function leadingDigits(fraction: number): number {
  if (fraction === 0) return 0;
  return Math.max(0, Math.ceil(-Math.log2(fraction) / DIGIT_BITS - 1));
}

/** 0 of THRESHOLD_NEVER. */
export function probabilityFromThreshold(threshold: Bits56): number {
  return keptCount(threshold) / RANGE;
}

/** How many spans of the population one kept span stands for. */
export function adjustedCountFromThreshold(threshold: Bits56): number {
  return RANGE / keptCount(threshold);
}

/** M - T. The halves are subtracted one by one: T near M, rounded to a double first, would be M. */
function keptCount({ high, low }: Bits56): number {
  return (HIGH_RANGE - high) * LOW_RANGE - low;
}

/**
 * The text of `th`: padded to 14 digits on the left *before* the zeros on the right are cut, else 2^51 reads "8" in the
 * place of "08" (the sample code of specification and OTEP has that error). "0" is 100 %.
 */
export function formatThreshold(threshold: Bits56): string {
  const digits = formatRandomness(threshold);
  let end = digits.length;
  while (end > 1 && digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}

/** The text of `rv`: all 14 digits. */
export function formatRandomness({ high, low }: Bits56): string {
  return high.toString(16).padStart(6, '0') + low.toString(16).padStart(8, '0');
}

/** 1 to 14 lower-case hex digits, zeros on the right left out. */
export function parseThreshold(text: string): Bits56 | undefined {
  if (text.length === 0 || text.length > DIGITS) return undefined;
  return parseBits56(text.padEnd(DIGITS, '0'));
}

/** The text of `rv`: exactly 14 lower-case hex digits. */
export function parseRandomness(text: string): Bits56 | undefined {
  return text.length === DIGITS ? parseBits56(text) : undefined;
}

function parseBits56(digits: string): Bits56 | undefined {
  if (!isLowerHex(digits)) return undefined;
  return { high: Number.parseInt(digits.slice(0, 6), 16), low: Number.parseInt(digits.slice(6), 16) };
}
