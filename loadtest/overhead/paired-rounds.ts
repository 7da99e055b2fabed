import type { PairedRestart } from '@tracelab/model';
import type { Block } from './result.ts';
import { BASELINE, VARIANTS, type VariantName } from './variant.ts';

/** The blocks of one round by variant: measured within seconds of each other, in random order. */
export type Round = ReadonlyMap<VariantName, Block>;

/** Rounds by restart. A round that lacks a variant (the run was ended in it) is left out: it cannot be compared. */
export function completeRounds(blocks: readonly Block[]): Round[][] {
  const rounds = new Map<number, Map<number, Map<VariantName, Block>>>();
  for (const block of blocks) {
    const ofRestart = rounds.get(block.restart) ?? new Map<number, Map<VariantName, Block>>();
    rounds.set(block.restart, ofRestart);
    const round = ofRestart.get(block.round) ?? new Map<VariantName, Block>();
    ofRestart.set(block.round, round);
    round.set(block.variant, block);
  }
  return [...rounds.values()]
    .map((ofRestart) => [...ofRestart.values()].filter((round) => round.size === VARIANTS.length))
    .filter((ofRestart) => ofRestart.length > 0);
}

/** One number for each round, rounds by restart. */
export function samplesOf(restarts: readonly (readonly Round[])[], valueOf: (round: Round) => number): number[][] {
  return restarts.map((rounds) => rounds.map(valueOf));
}

/** The variant's block beside that of `none` in the same round: what the hierarchical bootstrap takes. */
export function pairsOf(
  restarts: readonly (readonly Round[])[],
  variant: VariantName,
  valueOf: (block: Block) => number,
): PairedRestart[] {
  return restarts.map((rounds) => ({
    pairs: rounds.map((round) => ({
      variant: valueOf(blockOf(round, variant)),
      baseline: valueOf(blockOf(round, BASELINE)),
    })),
  }));
}

export function blockOf(round: Round, variant: VariantName): Block {
  const block = round.get(variant);
  if (block === undefined) throw new Error(`a complete round has a block of ${variant}`);
  return block;
}

export function cpuUsPerRequest(block: Block): number {
  return block.cpuUs / block.requests;
}

export function requestsPerSecond(block: Block): number {
  return (block.requests * 1000) / block.durationMs;
}
