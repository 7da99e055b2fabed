import type { Random } from '@tracelab/protocol';

/** Fisher and Yates; a new list. */
export function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let left = shuffled.length - 1; left > 0; left--) {
    const other = Math.floor(random.next() * (left + 1));
    const swapped = shuffled[left] as Item;
    shuffled[left] = shuffled[other] as Item;
    shuffled[other] = swapped;
  }
  return shuffled;
}
