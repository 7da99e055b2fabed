import { NotHeldError, readProportionalBytes, readResidentBytes } from '@tracelab/command';
import type { CollectorBlock, CollectorLoad } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CollectorUnderTest } from './collector-process.ts';
import { DAPPER_TABLE_1 } from './dapper.ts';
import { QUIET_AFTER_MS } from './plan.ts';
import { sendAtRate, sendSaturating, type SenderOptions, type Sent } from './send-load.ts';
import { untilQuiet } from './until-quiet.ts';

export interface BlockPlace {
  restart: number;
  round: number;
  load: CollectorLoad;
}

/** Hands out numbers of traces that no other load of the run uses. */
export type Generations = () => number;

/** One load on one collector, and what it took until all of it was decided and passed on. */
export async function measureBlock(
  collector: CollectorUnderTest,
  place: BlockPlace,
  by: { blockMs: number; signal: AbortSignal; generations: Generations },
): Promise<CollectorBlock> {
  const [startMs, before] = [performance.now(), cpuUsOf(collector)];
  const options = { url: collector.url, signal: by.signal, generation: by.generations() };
  const { loadMs, ...sent } = await sendLoad(place.load, by.blockMs, options);
  const residentBytes = readResidentBytes(collector.pid) ?? 0;
  const proportionalBytes = await readProportionalBytes(collector.pid);
  if (place.load !== 'idle') await quietDown(collector, by.signal);
  return {
    collector: collector.name,
    ...place,
    loadMs: Math.round(loadMs * 100) / 100,
    wallMs: Math.round((performance.now() - startMs) * 100) / 100,
    cpuUs: Math.round(cpuUsOf(collector) - before),
    ...sent,
    residentBytes,
    ...(proportionalBytes === undefined ? {} : { proportionalBytes }),
  };
}

async function sendLoad(load: CollectorLoad, durationMs: number, options: SenderOptions): Promise<Sent> {
  if (load === 'saturated') return sendSaturating({ durationMs, spansMax: Infinity }, options);
  if (load === 'idle') {
    await sleep(durationMs, undefined, { signal: options.signal }).catch(() => {});
    return { spans: 0, bytes: 0, refusals: 0, loadMs: durationMs };
  }
  return sendAtRate({ ...DAPPER_TABLE_1[load], durationMs }, options);
}

/** Waits until the collector has decided, stored and sent all that it got. */
export async function quietDown(collector: CollectorUnderTest, signal: AbortSignal): Promise<void> {
  await untilQuiet({
    readCpuUs: collector.cpu.readUs,
    nowMs: () => performance.now(),
    sleep,
    leastMs: QUIET_AFTER_MS,
    signal,
  });
}

function cpuUsOf(collector: CollectorUnderTest): number {
  const cpuUs = collector.cpu.readUs();
  if (cpuUs !== undefined) return cpuUs;
  throw new NotHeldError(`the collector ${collector.name} ended while it was measured`);
}
