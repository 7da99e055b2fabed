/** Numbers from 0 (included) to 1 (excluded), as Math.random gives them. Injected, so that a seed repeats a run. */
export type Random = () => number;

/** A whole number from 0 (included) to `below` (excluded). */
export function randomBelow(below: number, random: Random): number {
  return Math.floor(random() * below);
}
