import { freePorts, NotHeldError, type Shutdown } from '@tracelab/command';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runClosedLoop } from '../overhead/closed-loop.ts';
import type { Copies } from '../overhead/process-set.ts';
import type { Regime } from '../overhead/result.ts';
import { WORKLOADS } from '../overhead/workload.ts';
import { launchSink } from '../sink/launch-sink.ts';

/** What the two hops hold while requests pass, in one situation. */
export interface MemorySeries {
  situation: Situation;
  samples: MemorySample[];
}

export interface MemorySample {
  /** Answered so far. */
  requests: number;
  /** Of both hops together. */
  residentBytes: number;
  spansDropped: number;
}

const SITUATIONS = ['none', 'lab, sink up', 'lab, sink down'] as const;
export type Situation = (typeof SITUATIONS)[number];

export interface MemoryRun {
  /** Sent to each situation. */
  requests: number;
  regime: Regime;
  shutdown: Shutdown;
  say: (text: string) => void;
}

/** Memory is read after each of these parts of the requests; all situations take turns, so that they see the same machine. */
const PARTS = 40;

/** Samples until all requests are answered, or the end is asked for. Every request is traced where there is a tracer. */
export async function measureMemory(run: MemoryRun): Promise<MemorySeries[]> {
  const sets = await startSituations(run);
  const series = SITUATIONS.map((situation): MemorySeries => ({ situation, samples: [] }));
  try {
    for (let part = 0; part <= PARTS && !run.shutdown.signal.aborted; part++) {
      run.say(`memory: part ${part} of ${PARTS}`);
      for (const [index, set] of sets.entries()) await samplePart(run, set, { series: series[index], part });
    }
  } finally {
    await Promise.all(sets.map((set) => set.stop()));
  }
  return series;
}

/** The first sample, part 0, is of a set that has answered nothing yet. */
async function samplePart(
  run: MemoryRun,
  set: Copies,
  at: { series: MemorySeries | undefined; part: number },
): Promise<void> {
  const before = at.series?.samples.at(-1)?.requests ?? 0;
  const requests = at.part === 0 ? 0 : await sendPart(run, set);
  if (run.shutdown.signal.aborted) return;
  const { residentBytes, spansDropped } = await set.usage();
  at.series?.samples.push({ requests: before + requests, residentBytes, spansDropped });
}

async function sendPart(run: MemoryRun, set: Copies): Promise<number> {
  const { connections } = run.regime;
  const load = { url: set.entryUrl, requests: [{ method: 'GET', path: '/' }] as const, connections };
  const outcome = await runClosedLoop(load, Math.ceil(run.requests / PARTS), run.shutdown.signal);
  if (outcome.failures > 0)
    throw new NotHeldError(`${outcome.failures} requests failed: memory under failing requests says nothing`);
  return outcome.requests;
}

async function startSituations(run: MemoryRun): Promise<Copies[]> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'tracelab-memory-'));
  run.shutdown.onEnd('data folder of the copies', () => rm(dataFolder, { recursive: true, force: true }));
  const sink = launchSink();
  run.shutdown.onEnd('sink', async () => {
    await sink.stop();
  });
  const { url: sinkUrl = '' } = await sink.ready;
  const [closedPort] = await freePorts(1);
  const sets: Copies[] = [];
  for (const situation of SITUATIONS) {
    const surroundings = {
      sinkUrl: situation === 'lab, sink down' ? `http://127.0.0.1:${closedPort}` : sinkUrl,
      dataFolder,
      exportDelayMs: run.regime.exportDelayMs,
    };
    const tracer = situation === 'none' ? 'none' : 'lab';
    const set = await WORKLOADS.hop.start({ name: situation, set: situation, tracer }, surroundings);
    run.shutdown.onEnd(`hops (${situation})`, set.stop);
    sets.push(set);
  }
  return sets;
}
