import { NotHeldError, readResidentBytes } from '@tracelab/command';
import { cpuUsOf, quietDown } from '../collector-process/collector-under-test.ts';
import { addStrays, readStrays } from './collector-metrics.ts';
import { AFTER_WINDOW_MS, type TailPlan } from './plan.ts';
import type { SaturatedBlock } from './result.ts';
import type { LoadSender } from './sender/launch-sender.ts';
import type { Encoding } from './sender/traffic.ts';
import type { RunningVariant } from './running-variant.ts';

/** As much as one collector takes, and the CPU until all of it was decided. */
export async function measureSaturated(
  { name, collector }: RunningVariant,
  place: { restart: number; round: number; encoding: Encoding },
  by: { plan: TailPlan; sender: LoadSender; signal: AbortSignal },
): Promise<SaturatedBlock> {
  const straysBefore = readStrays((await collector.readMetrics()) ?? '');
  const before = cpuUsOf(collector, name);
  const load = { url: collector.url, encoding: place.encoding, durationMs: by.plan.blockMs };
  const sent = await by.sender.saturate(load);
  const residentBytes = readResidentBytes(collector.pid) ?? 0;
  await quietDown(collector, by.plan.saturatedWaitS * 1000 + AFTER_WINDOW_MS, by.signal);
  const cpuUs = Math.round(cpuUsOf(collector, name) - before);
  if (sent.spans === 0) throw new NotHeldError(`the collector ${name} took nothing: ${sent.refusals} requests refused`);
  const strays = readStrays((await collector.readMetrics()) ?? '');
  return {
    collector: name,
    ...place,
    cpuUs,
    ...sent,
    residentBytes,
    strays: addStrays(strays, straysBefore, -1),
  };
}
