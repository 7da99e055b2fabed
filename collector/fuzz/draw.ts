import type { Random } from '@tracelab/protocol';

/** A whole number from 0 to below `count`. */
export function drawBelow(random: Random, count: number): number {
  return Math.floor(random.next() * count);
}

export function drawOne<Item>(random: Random, items: readonly [Item, ...Item[]]): Item {
  return items[drawBelow(random, items.length)] ?? items[0];
}

export function drawBytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => drawBelow(random, 256));
}
