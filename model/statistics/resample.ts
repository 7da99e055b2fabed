import type { Random } from '@tracelab/protocol';

/**
 * One resample: restarts are drawn with replacement, each with all its blocks. Only restarts are
 * independent of each other, so that drawing blocks alone would miss what differs from start to start.
 */
export function resampleRestarts<Restart>(restarts: readonly Restart[], random: Random): Restart[] {
  const drawn: Restart[] = [];
  for (let left = restarts.length; left > 0; left--) {
    const restart = restarts[Math.floor(random.next() * restarts.length)];
    if (restart !== undefined) drawn.push(restart);
  }
  return drawn;
}
