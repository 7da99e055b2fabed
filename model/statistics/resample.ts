import type { Random } from '@tracelab/protocol';

/**
 * One hierarchical resample: restarts are drawn with replacement, then blocks within each restart drawn. Only restarts are
 * independent of each other, so that drawing blocks alone would miss what differs from start to start.
 */
export function resampleRestarts<Block>(restarts: readonly (readonly Block[])[], random: Random): Block[][] {
  return drawAsMany(restarts, random).map((blocks) => drawAsMany(blocks, random));
}

function drawAsMany<Item>(items: readonly Item[], random: Random): Item[] {
  const drawn: Item[] = [];
  for (let left = items.length; left > 0; left--) {
    const item = items[Math.floor(random.next() * items.length)];
    if (item !== undefined) drawn.push(item);
  }
  return drawn;
}
