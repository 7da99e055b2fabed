/** Numbers from 0 (included) to 1 (excluded), as Math.random gives them. Injected, so that a seed repeats a run. */
export type Random = () => number;

/** A whole number from 0 (included) to `below` (excluded). */
export function randomBelow(below: number, random: Random): number {
  return Math.floor(random() * below);
}

/** A new array in random order (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = randomBelow(index + 1, random);
    const held = result[index] as Item;
    result[index] = result[other] as Item;
    result[other] = held;
  }
  return result;
}
