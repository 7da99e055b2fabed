import { isAtLeast, THRESHOLD_ALWAYS, THRESHOLD_NEVER, type Bits56 } from '@tracelab/protocol';

/**
 * T of a choice that keeps a trace iff its randomness R >= T. Undefined where it is made by anything else than R (a hash with a salt, who
 * came first): then nobody knows how many traces a kept one stands for.
 */
export type Threshold = Bits56 | undefined;

/** Whether the choice does not depend on chance at all. */
export function isDefinite(threshold: Threshold): boolean {
  return threshold !== undefined && (isAlways(threshold) || threshold.high === THRESHOLD_NEVER.high);
}

export function isAlways(threshold: Bits56): boolean {
  return isEqual(threshold, THRESHOLD_ALWAYS);
}

export function isEqual(one: Bits56, other: Bits56): boolean {
  return one.high === other.high && one.low === other.low;
}

/** R of a trace id without `rv`: its last 56 bits, of which these words hold the last 64. */
export function randomnessOfId(idC: number, idD: number): Bits56 {
  return { high: idC & 0xff_ffff, low: idD >>> 0 };
}

/** Of choices that must all keep it. */
export function higherOf(one: Bits56, other: Bits56): Bits56 {
  return isAtLeast(one, other) ? one : other;
}

/** Of choices of which one is enough. */
export function lowerOf(one: Bits56, other: Bits56): Bits56 {
  return isAtLeast(one, other) ? other : one;
}
