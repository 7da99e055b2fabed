import { readResidentBytes, type Shutdown } from '@tracelab/command';
import {
  COLLECTOR_LOADS,
  createRandom,
  shuffle,
  type CollectorBlock,
  type CollectorBuffer,
  type CollectorCostResult,
  type CollectorName,
  type Random,
} from '@tracelab/protocol';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quietDown } from '../collector-process/collector-under-test.ts';
import { measureBlock, type Generations } from './measure-block.ts';
import { QUIET_AFTER_MS, type CostPlan } from './plan.ts';
import { readCountedBytes, startCollector, type CollectorStart, type NamedCollector } from './start-collector.ts';
import { describeRunAtStart, keepMeasured, type Measured } from '../measured-run.ts';
import { launchSink } from '../sink/launch-sink.ts';
import { sendSaturating } from './send-load.ts';

export interface CostRun {
  plan: CostPlan;
  collectors: CollectorCostResult['collectors'];
  /** Empty where only ours is measured. */
  otelcolBinary: string;
  seed: number;
  /** Its signal ends the run early; what is measured until then stays. */
  shutdown: Shutdown;
  say: (text: string) => void;
}

/** The window while CPU is measured: the shortest that the OpenTelemetry Collector knows, so that blocks can be short. */
const COST_WINDOW_S = 1;
/** Nothing is decided while a buffer is filled. */
const BUFFER_WINDOW_S = 300;
/** Memory is read after each of these parts: what grows with the spans shows from part to part. */
const BUFFER_PARTS = 8;
const BUFFER_PART_LIMIT_MS = 10_000;
/** What is still being read when the last request was answered. */
const SETTLE_MS = 300;
/** Sends of one load, at most: trace ids count them in their low 16 bits. */
const GENERATIONS_PER_LOAD = 65_536;

/** Measures by the plan. A failure ends the run, not what it has measured. */
export async function measureCollectorCost(run: CostRun): Promise<Measured<CollectorCostResult>> {
  const result: CollectorCostResult = {
    format: 'tracelab-collector-cost',
    version: 1,
    ...describeRunAtStart(run.seed),
    collectors: run.collectors,
    blocks: [],
    buffers: [],
  };
  return keepMeasured(result, run.shutdown.signal, () => measureAll(run, result));
}

/** What the restarts of one run share. */
interface Bench {
  run: CostRun;
  random: Random;
  generations: Generations;
  folder: string;
  sinkUrl: string;
}

async function measureAll(run: CostRun, result: CollectorCostResult): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-collector-cost-'));
  run.shutdown.onEnd('data folders of the collectors', () => rm(folder, { recursive: true, force: true }));
  let loads = 0;
  const bench: Bench = {
    run,
    random: createRandom(run.seed),
    generations: () => GENERATIONS_PER_LOAD * ++loads,
    folder,
    sinkUrl: await startSink(run),
  };
  for (let restart = 0; restart < run.plan.restarts && !run.shutdown.signal.aborted; restart++) {
    run.say(`start ${restart + 1} of ${run.plan.restarts}: memory`);
    for (const { name } of run.collectors) {
      const buffer = await fillBuffer(bench, name, restart);
      if (buffer !== undefined) result.buffers.push(buffer);
    }
    await measureRestart(bench, restart, (blocks) => result.blocks.push(...blocks));
  }
}

/** Only the OpenTelemetry Collector delivers to it. */
async function startSink(run: CostRun): Promise<string> {
  if (run.otelcolBinary === '') return '';
  const sink = launchSink();
  run.shutdown.onEnd('sink', async () => void (await sink.stop()));
  return (await sink.ready).url ?? '';
}

/** All collectors side by side, warm; the blocks of a round in random order. A round that is cut off is not kept. */
async function measureRestart(
  bench: Bench,
  restart: number,
  keep: (blocks: readonly CollectorBlock[]) => void,
): Promise<void> {
  const { run } = bench;
  const { signal } = run.shutdown;
  const collectors: NamedCollector[] = [];
  try {
    for (const { name } of run.collectors) collectors.push(await start(bench, name, restart, COST_WINDOW_S));
    for (const collector of collectors) await warmUp(bench, collector);
    for (let round = 0; round < run.plan.rounds; round++) {
      run.say(`start ${restart + 1} of ${run.plan.restarts}: round ${round + 1} of ${run.plan.rounds}`);
      const blocks = await measureRound(bench, collectors, { restart, round });
      if (signal.aborted) return;
      keep(blocks);
    }
  } finally {
    await Promise.all(collectors.map((collector) => collector.stop()));
  }
}

async function measureRound(
  bench: Bench,
  collectors: readonly NamedCollector[],
  at: { restart: number; round: number },
): Promise<CollectorBlock[]> {
  const { plan, shutdown } = bench.run;
  const by = { blockMs: plan.blockMs, signal: shutdown.signal, generations: bench.generations };
  const pairs = collectors.flatMap((collector) => COLLECTOR_LOADS.map((load) => ({ collector, load })));
  const blocks: CollectorBlock[] = [];
  for (const { collector, load } of shuffle(pairs, bench.random)) {
    if (by.signal.aborted) break;
    blocks.push(await measureBlock(collector, { ...at, load }, by));
  }
  return blocks;
}

async function warmUp(bench: Bench, collector: NamedCollector): Promise<void> {
  const { signal } = bench.run.shutdown;
  const options = { url: collector.url, signal, generation: bench.generations() };
  await sendSaturating({ durationMs: bench.run.plan.warmUpMs, spansMax: Infinity }, options);
  await quietDown(collector, QUIET_AFTER_MS, signal);
}

/** A collector that is started for this alone and killed afterwards. Undefined where the end was asked for in between. */
async function fillBuffer(bench: Bench, name: CollectorName, restart: number): Promise<CollectorBuffer | undefined> {
  const { signal } = bench.run.shutdown;
  // A router keeps nothing.
  if (signal.aborted || name === 'otelcol-router') return undefined;
  const collector = await start(bench, name, restart, BUFFER_WINDOW_S);
  try {
    await sleep(SETTLE_MS);
    const idleBytes = readResidentBytes(collector.pid) ?? 0;
    const buffer: CollectorBuffer = { collector: name, restart, idleBytes, samples: [] };
    let [spans, bytes] = [0, 0];
    for (let part = 0; part < BUFFER_PARTS; part++) {
      const sent = await sendSaturating(
        { durationMs: BUFFER_PART_LIMIT_MS, spansMax: bench.run.plan.bufferedSpans / BUFFER_PARTS },
        { url: collector.url, signal, generation: bench.generations() },
      );
      await sleep(SETTLE_MS);
      if (signal.aborted) return undefined;
      spans += sent.spans;
      bytes += sent.bytes;
      const residentBytes = readResidentBytes(collector.pid) ?? 0;
      const countedBytes = await readCountedBytes(collector);
      buffer.samples.push({ spans, bytes, residentBytes, ...(countedBytes === undefined ? {} : { countedBytes }) });
    }
    return buffer;
  } finally {
    await collector.stop(0);
  }
}

/** Also ended by the end of this program, whatever happens before. */
async function start(
  bench: Bench,
  name: CollectorName,
  restart: number,
  decisionWaitS: number,
): Promise<NamedCollector> {
  const options: CollectorStart = {
    folder: join(bench.folder, `${name}-${restart}-${decisionWaitS}`),
    decisionWaitS,
    sinkUrl: bench.sinkUrl,
    otelcolBinary: bench.run.otelcolBinary,
  };
  const collector = await startCollector(name, options);
  bench.run.shutdown.onEnd(`${name} ${restart + 1}`, () => collector.stop());
  return collector;
}
