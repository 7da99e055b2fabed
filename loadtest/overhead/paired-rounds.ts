import { mean, type PairedRestart } from '@tracelab/model';
import type { Block } from './result.ts';
import type { VariantName } from './variant.ts';

/** The blocks of one round by variant: measured within seconds of each other, in random order. */
export type Round = ReadonlyMap<VariantName, readonly Block[]>;

/** Rounds by restart. A round that lacks a variant (the run was ended in it) is left out: it cannot be compared. */
export function completeRounds(blocks: readonly Block[]): Round[][] {
  const variantCount = new Set(blocks.map((block) => block.variant)).size;
  return groupBy(blocks, (block) => block.restart)
    .map((ofRestart) =>
      groupBy(ofRestart, (block) => block.round)
        .map((ofRound) => Map.groupBy(ofRound, (block) => block.variant))
        .filter((round) => round.size === variantCount),
    )
    .filter((ofRestart) => ofRestart.length > 0);
}

function groupBy(blocks: readonly Block[], keyOf: (block: Block) => number): Block[][] {
  return [...Map.groupBy(blocks, keyOf).values()];
}

/** One number for each round, rounds by restart: the mean of the variant's blocks. */
export function samplesOf(
  restarts: readonly (readonly Round[])[],
  variant: VariantName,
  valueOf: (block: Block) => number,
): number[][] {
  return restarts.map((rounds) => rounds.map((round) => mean(blocksOf(round, variant).map(valueOf))));
}

/** A variant beside the baseline of the same round: what the bootstrap over restarts takes. */
export function pairsOf(
  restarts: readonly (readonly Round[])[],
  { variant, baseline }: { variant: VariantName; baseline: VariantName },
  valueOf: (block: Block) => number,
): PairedRestart[] {
  const baselines = samplesOf(restarts, baseline, valueOf);
  return samplesOf(restarts, variant, valueOf).map((values, restart) => ({
    pairs: values.map((value, round) => ({ variant: value, baseline: baselines[restart]?.[round] ?? Number.NaN })),
  }));
}

/** Microseconds over the baseline, one mean for each restart: the only independent samples of a run. */
export function addedUsByRestart(
  restarts: readonly (readonly Round[])[],
  of: { variant: VariantName; baseline: VariantName },
): number[] {
  return pairsOf(restarts, of, cpuUsPerRequest).map(({ pairs }) =>
    mean(pairs.map((pair) => pair.variant - pair.baseline)),
  );
}

/** How many times the baseline's CPU a request takes, as a natural logarithm, one for each restart. */
export function logRatioByRestart(
  restarts: readonly (readonly Round[])[],
  of: { variant: VariantName; baseline: VariantName },
): number[] {
  return pairsOf(restarts, of, cpuUsPerRequest).map(({ pairs }) =>
    Math.log(mean(pairs.map(({ variant }) => variant)) / mean(pairs.map(({ baseline }) => baseline))),
  );
}

export function blocksOf(round: Round, variant: VariantName): readonly Block[] {
  const blocks = round.get(variant);
  if (blocks === undefined) throw new Error(`a complete round has a block of ${variant}`);
  return blocks;
}

export function cpuUsPerRequest(block: Block): number {
  return block.cpuUs / block.requests;
}

export function requestsPerSecond(block: Block): number {
  return (block.requests * 1000) / block.durationMs;
}
