import { drawNormal, type Random } from '@tracelab/model';
import type { Block } from '../overhead/result.ts';
import { injectedVariant, UNTRACED_VARIANTS, type Variant } from '../overhead/variant.ts';
import type { Noise } from './noise.ts';

/** How much is measured. */
export interface Design {
  restarts: number;
  rounds: number;
  /** Of each set in a round. */
  blocks: number;
}

/** Any number of requests: the noise is one of the CPU of a request. */
const REQUESTS = 1000;

export function simulatedVariants(injectedUs: number): Variant[] {
  return [...UNTRACED_VARIANTS, injectedVariant(injectedUs)];
}

/** The blocks of a run whose third set pays a known cost more than the other two. */
export function simulateRun(noise: Noise, design: Design, injectedUs: number, random: Random): Block[] {
  const variants = simulatedVariants(injectedUs);
  const blocks: Block[] = [];
  for (let restart = 0; restart < design.restarts; restart++) {
    const setUs = variants.map(({ injectedUs: costUs = 0 }) => costUs + noise.restartUs * drawNormal(random));
    for (let round = 0; round < design.rounds; round++) {
      const machineUs = noise.baselineUs + noise.roundUs * drawNormal(random);
      for (const [index, { name }] of variants.entries()) {
        const atUs = Array.from(
          { length: design.blocks },
          () => machineUs + (setUs[index] ?? 0) + stray(noise, random),
        );
        blocks.push(...atUs.map((us) => blockOf({ restart, round, variant: name, cpuUs: us * REQUESTS })));
      }
    }
  }
  return blocks;
}

function stray({ blockUs, stallChance, stallUs }: Noise, random: Random): number {
  const stalledUs = random.next() < stallChance ? -stallUs * Math.log(1 - random.next()) : 0;
  return blockUs * drawNormal(random) + stalledUs;
}

function blockOf(measured: Pick<Block, 'restart' | 'round' | 'variant' | 'cpuUs'>): Block {
  const nothing = { failures: 0, traces: 0, spans: 0, tracesRootless: 0, spansDropped: 0 };
  return { ...measured, ...nothing, requests: REQUESTS, durationMs: 1 };
}
