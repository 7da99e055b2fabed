import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { projectRoot } from '@tracelab/command';
import { bootstrapMedian, bootstrapStatistic, median } from '@tracelab/model';
import type { Interval } from '@tracelab/model';
import { shuffle } from '@tracelab/protocol';
import type { Random } from '@tracelab/protocol';
import { collectRounds } from '../collect-rounds.ts';
import { formatInterval, formatRatio, verdict } from '../report/format.ts';
import { runChild } from '../run-child.ts';
import type { SectionContext, SectionReport } from '../section.ts';
import { packForBench } from './packed-tracer.ts';
import { nodeArgsOf, START_UP_VARIANTS, TITLES } from './variants.ts';
import type { StartUpVariant } from './variants.ts';

const ROUNDS = { quick: 3, full: 12 };
/** Of a round. Those whose difference a target judges start more often: it is smaller than the noise of one start. */
const STARTS: readonly StartUpVariant[] = [
  ...START_UP_VARIANTS,
  ...(['fastify', 'control', 'lab-packed'] as const).flatMap((variant) => [variant, variant]),
];
const ADDED_MS_MAX = 20;
/** A folder of its own, made anew: what it holds is what one start of each variant left. */
const CACHE = resolve(projectRoot, '.tracelab', 'bench', 'compile-cache');

/** Milliseconds of CPU until the application listens, each a process of its own. */
export type StartUpRound = Record<StartUpVariant, number>;

export interface StartUpRow {
  variant: StartUpVariant;
  cpuMs: number;
  /** Over Fastify alone in the same round. */
  addedMs: Interval;
  /** Of what is added, to what the full SDK adds. */
  ratio: Interval;
}

/** What a tracer adds to the start of an application, with and without Node's compile cache. */
export async function runStartUp(context: SectionContext): Promise<SectionReport> {
  const packedTracer = await packForBench();
  await rm(CACHE, { recursive: true, force: true });
  const measured: { cache: 'off' | 'on'; rows: StartUpRow[]; rounds: StartUpRound[] }[] = [];
  for (const cache of ['off', 'on'] as const) {
    if (context.signal.aborted) break;
    const rounds = await measureRounds({ packedTracer, isCached: cache === 'on' }, context);
    measured.push({ cache, rounds, rows: rowsOf(rounds, context.random) });
  }
  return {
    title: 'start-up: CPU of the process until a Fastify application listens',
    table: {
      headings: ['', 'cache', 'CPU ms', 'added ms [95 %]', 'added / full SDK [95 %]', 'target'],
      rows: measured.flatMap(({ cache, rows }) => rows.map((row) => cellsOf(row, cache))),
    },
    notes: [
      `${ROUNDS[context.preset]} rounds of one start of each (Fastify alone and lab, packed: the median of three), in random order; cache: NODE_COMPILE_CACHE, warm where it is on`,
      'without the cache Node strips the types of our source at every start, which installed applications never do',
    ],
    json: { addedMsMax: ADDED_MS_MAX, measured },
  };
}

export function rowsOf(rounds: readonly StartUpRound[], random: Random): StartUpRow[] {
  const added = (round: StartUpRound, variant: StartUpVariant): number => round[variant] - round.fastify;
  const medianAdded = (drawn: readonly StartUpRound[], variant: StartUpVariant): number =>
    median(drawn.map((round) => added(round, variant)));
  return START_UP_VARIANTS.map((variant) => ({
    variant,
    cpuMs: median(rounds.map((round) => round[variant])),
    addedMs: bootstrapMedian(
      rounds.map((round) => added(round, variant)),
      { random },
    ),
    ratio: bootstrapStatistic(rounds, (drawn) => medianAdded(drawn, variant) / medianAdded(drawn, 'sdk-full'), {
      random,
    }),
  }));
}

async function measureRounds(
  { packedTracer, isCached }: { packedTracer: string; isCached: boolean },
  context: SectionContext,
): Promise<StartUpRound[]> {
  const env: Record<string, string> = isCached ? { NODE_COMPILE_CACHE: CACHE } : {};
  const start = async (variant: StartUpVariant): Promise<number> => {
    const nodeArgs = nodeArgsOf(variant, packedTracer);
    const report = (await runChild({ file: 'start-up/app.mjs', nodeArgs, env }, context.signal)) as { cpuUs: number };
    return report.cpuUs / 1000;
  };
  // The first start fills the cache, and the file system's where there is none.
  for (const variant of START_UP_VARIANTS) await start(variant);
  const name = `start-up, cache ${isCached ? 'on' : 'off'}`;
  return collectRounds({ name, count: ROUNDS[context.preset] }, context, async () => {
    const samples: Partial<Record<StartUpVariant, number[]>> = {};
    for (const variant of shuffle(STARTS, context.random)) (samples[variant] ??= []).push(await start(variant));
    return Object.fromEntries(Object.entries(samples).map(([variant, ms]) => [variant, median(ms)])) as StartUpRound;
  });
}

function cellsOf({ variant, cpuMs, addedMs, ratio }: StartUpRow, cache: string): string[] {
  const isOurs = variant === 'lab-packed' || variant === 'lab-source';
  const isBaseline = variant === 'fastify';
  return [
    TITLES[variant],
    cache,
    cpuMs.toFixed(0),
    isBaseline ? '-' : formatInterval(addedMs, (ms) => ms.toFixed(1)),
    isBaseline || variant === 'sdk-full' ? '-' : formatInterval(ratio, formatRatio),
    isOurs ? `${ADDED_MS_MAX} ms ${verdict(addedMs, ADDED_MS_MAX)}` : '-',
  ];
}
