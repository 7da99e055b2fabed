import type { Shutdown } from '@tracelab/command';
import { createRandom, shuffle, type Random } from '@tracelab/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietDown } from '../collector-process/collector-under-test.ts';
import { describeRunAtStart, keepMeasured, type Measured } from '../measured-run.ts';
import { measureSaturated } from './measure-saturated.ts';
import { measureSteady } from './measure-steady.ts';
import { AFTER_WINDOW_MS, gzipRoundsOf, SATURATED_SPANS_PER_SECOND_MAX, type TailPlan } from './plan.ts';
import type { SaturatedBlock, TailCostResult } from './result.ts';
import type { RunningVariant } from './running-variant.ts';
import { launchSender, type LoadSender } from './sender/launch-sender.ts';
import { ENCODINGS } from './sender/traffic.ts';
import type { TailLoad } from './tail-config.ts';
import { startVariant, type TailVariant } from './variants.ts';

export interface TailRun {
  plan: TailPlan;
  variants: readonly (TailVariant & { version: string })[];
  /** Empty where only ours is measured. */
  otelcolBinary: string;
  seed: number;
  /** Its signal ends the run early; what is measured until then stays. */
  shutdown: Shutdown;
  say: (text: string) => void;
}

/** Measures by the plan. A failure ends the run, not what it has measured. */
export async function measureTailCost(run: TailRun): Promise<Measured<TailCostResult>> {
  const { spansPerSecond, decisionWaitS: steadyWaitS, saturatedWaitS } = run.plan;
  const result: TailCostResult = {
    format: 'tracelab-tail-cost',
    version: 1,
    ...describeRunAtStart(run.seed),
    load: { spansPerSecond, steadyWaitS, saturatedWaitS },
    collectors: run.variants.map(({ name, version, wal }) => ({ name, version, wal })),
    saturated: [],
    steady: [],
  };
  const { signal } = run.shutdown;
  return keepMeasured(result, signal, async () => {
    try {
      await measureAll(run, result);
    } catch (error) {
      // What a load that was cut short says is no failure.
      if (!signal.aborted) throw error;
    }
  });
}

/** What the restarts of one run share. */
interface Bench {
  run: TailRun;
  random: Random;
  folder: string;
  sender: LoadSender;
}

async function measureAll(run: TailRun, result: TailCostResult): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-tail-cost-'));
  run.shutdown.onEnd('data folders of the collectors', () => rm(folder, { recursive: true, force: true }));
  run.say('compressing what will be sent');
  const sender = await launchSender(gzipRoundsOf(run.plan), {
    signal: run.shutdown.signal,
    onStart: (program) => run.shutdown.onEnd('sender', async () => void (await program.stop())),
  });
  const bench: Bench = { run, random: createRandom(run.seed), folder, sender };
  for (let restart = 0; restart < run.plan.restarts && !run.shutdown.signal.aborted; restart++) {
    run.say(`start ${restart + 1} of ${run.plan.restarts}: saturated`);
    await measureSideBySide(bench, restart, (blocks) => result.saturated.push(...blocks));
    // Each at its rate needs a core of its own, so these come one after the other.
    for (const variant of shuffle(run.variants, bench.random)) {
      if (run.shutdown.signal.aborted) return;
      run.say(`start ${restart + 1} of ${run.plan.restarts}: ${variant.name} at ${run.plan.spansPerSecond} spans/s`);
      result.steady.push(await measureAlone(bench, variant, restart));
    }
  }
}

/** All variants alive, warm; the blocks of a round in random order. A round that is cut off is not kept. */
async function measureSideBySide(
  bench: Bench,
  restart: number,
  keep: (blocks: readonly SaturatedBlock[]) => void,
): Promise<void> {
  const { run, sender } = bench;
  const { plan } = run;
  const { signal } = run.shutdown;
  const load = { decisionWaitS: plan.saturatedWaitS, spansPerSecond: SATURATED_SPANS_PER_SECOND_MAX };
  const running: RunningVariant[] = [];
  try {
    for (const variant of run.variants) running.push(await start(bench, variant, { restart, ...load }));
    for (const { collector } of running) {
      for (const encoding of ENCODINGS)
        await sender.saturate({ url: collector.url, encoding, durationMs: plan.blockMs / ENCODINGS.length });
      await quietDown(collector, plan.saturatedWaitS * 1000 + AFTER_WINDOW_MS, signal);
    }
    for (let round = 0; round < plan.rounds; round++) {
      const pairs = running.flatMap((variant) => ENCODINGS.map((encoding) => ({ variant, encoding })));
      const blocks: SaturatedBlock[] = [];
      for (const { variant, encoding } of shuffle(pairs, bench.random)) {
        const place = { restart, round, encoding };
        blocks.push(await measureSaturated(variant, place, { plan, sender, signal }));
      }
      if (signal.aborted) return;
      keep(blocks);
    }
  } finally {
    await Promise.all(running.map(({ collector }) => collector.stop()));
  }
}

async function measureAlone(
  bench: Bench,
  variant: TailVariant,
  restart: number,
): Promise<TailCostResult['steady'][number]> {
  const { plan, shutdown } = bench.run;
  const running = await start(bench, variant, { restart, ...plan });
  try {
    return await measureSteady(running, restart, { plan, sender: bench.sender, signal: shutdown.signal });
  } finally {
    // Its buffer is full, and nobody waits for its decisions.
    await running.collector.stop(0);
  }
}

/** Also ended by the end of this program, whatever happens before. */
async function start(
  { run, folder }: Bench,
  variant: TailVariant,
  { restart, decisionWaitS, spansPerSecond }: TailLoad & { restart: number },
): Promise<RunningVariant> {
  const { name } = variant;
  const collector = await startVariant(variant, {
    folder: await mkdtemp(join(folder, `${variant.program}-`)),
    decisionWaitS,
    spansPerSecond,
    otelcolBinary: run.otelcolBinary,
  });
  run.shutdown.onEnd(`${name} ${restart + 1}`, () => collector.stop());
  return { name, collector };
}
