import { createRandom } from '@tracelab/protocol';
import type { Random } from './target/random.ts';

/** Repeats itself with the same seed. Apart from target/random.ts, which k6 loads too and which therefore imports no package. */
export function seededRandom(seed: number): Random {
  const random = createRandom(seed);
  return () => random.next();
}
