/** Both ends included. */
export interface CountBounds {
  low: number;
  high: number;
}

/** Terms smaller than this share of the largest are left out: together they cannot move a bound. */
const TERM_SHARE_MIN = 1e-20;

/**
 * Where a count of successes lies with the given confidence (two-sided, equal tails) when each of `trials` succeeds with
 * probability `chance`. Exact: the terms come from their recurrence, outward from the most likely count, so nothing under-
 * or overflows whatever the number of trials.
 */
export function binomialBounds(trials: number, chance: number, confidence: number): CountBounds {
  if (chance <= 0 || trials <= 0) return { low: 0, high: 0 };
  if (chance >= 1) return { low: trials, high: trials };
  const odds = chance / (1 - chance);
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const above = termsFrom(mode, 1, (count) => ((trials - count) / (count + 1)) * odds);
  const below = termsFrom(mode, -1, (count) => count / (trials - count + 1) / odds);
  const terms = [...below.toReversed(), 1, ...above];
  const outside = (terms.reduce((sum, term) => sum + term, 0) * (1 - confidence)) / 2;
  return {
    low: mode - below.length + countWithin(terms, outside),
    high: mode + above.length - countWithin(terms.toReversed(), outside),
  };
}

/** The terms on one side of the mode as shares of the mode's; `ratioAt(count)` is the next term over that of `count`. */
function termsFrom(mode: number, step: 1 | -1, ratioAt: (count: number) => number): number[] {
  const terms: number[] = [];
  let term = 1;
  for (let count = mode; ; count += step) {
    term *= ratioAt(count);
    if (term < TERM_SHARE_MIN) return terms;
    terms.push(term);
  }
}

/** How many terms from the start fit within the limit. */
function countWithin(terms: readonly number[], limit: number): number {
  let sum = 0;
  const index = terms.findIndex((term) => (sum += term) > limit);
  return index === -1 ? terms.length : index;
}
