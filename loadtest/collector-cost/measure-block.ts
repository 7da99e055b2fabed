import { readProportionalBytes, readResidentBytes } from '@tracelab/command';
import type { CollectorBlock, CollectorLoad } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuUsOf, quietDown } from '../collector-process/collector-under-test.ts';
import type { NamedCollector } from './start-collector.ts';
import { DAPPER_TABLE_1 } from './dapper.ts';
import { QUIET_AFTER_MS } from './plan.ts';
import { sendAtRate, sendSaturating, type SenderOptions, type Sent } from './send-load.ts';

export interface BlockPlace {
  restart: number;
  round: number;
  load: CollectorLoad;
}

/** Hands out numbers of traces that no other load of the run uses. */
export type Generations = () => number;

/** One load on one collector, and what it took until all of it was decided and passed on. */
export async function measureBlock(
  collector: NamedCollector,
  place: BlockPlace,
  by: { blockMs: number; signal: AbortSignal; generations: Generations },
): Promise<CollectorBlock> {
  const [startMs, before] = [performance.now(), cpuUsOf(collector, collector.name)];
  const options = { url: collector.url, signal: by.signal, generation: by.generations() };
  const { loadMs, ...sent } = await sendLoad(place.load, by.blockMs, options);
  const residentBytes = readResidentBytes(collector.pid) ?? 0;
  const proportionalBytes = await readProportionalBytes(collector.pid);
  if (place.load !== 'idle') await quietDown(collector, QUIET_AFTER_MS, by.signal);
  return {
    collector: collector.name,
    ...place,
    loadMs: Math.round(loadMs * 100) / 100,
    wallMs: Math.round((performance.now() - startMs) * 100) / 100,
    cpuUs: Math.round(cpuUsOf(collector, collector.name) - before),
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
