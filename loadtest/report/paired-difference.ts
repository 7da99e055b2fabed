import { bootstrapPairedDifference, createRandom, type PairedDifference } from '@tracelab/model';
import { pairsOf, type Round } from '../overhead/paired-rounds.ts';
import type { Block } from '../overhead/result.ts';
import type { VariantName } from '../overhead/variant.ts';

/** The blocks of a workload by restart and round, and what they are compared with. */
export interface Comparison {
  restarts: readonly Round[][];
  baseline: VariantName;
  /** Of the bootstrap: the same blocks always give the same interval. */
  seed: number;
}

/** How a variant's blocks differ from the baseline's of the same round: the interval that every table is made of. */
export function compareWithBaseline(
  { restarts, baseline, seed }: Comparison,
  variant: VariantName,
  valueOf: (block: Block) => number,
): PairedDifference {
  return bootstrapPairedDifference(pairsOf(restarts, { variant, baseline }, valueOf), { random: createRandom(seed) });
}
