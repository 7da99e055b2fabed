import { createCpuMeter, NotHeldError, type CpuMeter } from '@tracelab/command';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilQuiet } from './until-quiet.ts';

/** A real process with a configuration and a data folder of its own, listening on free ports of loopback. */
export interface CollectorUnderTest {
  readonly pid: number;
  readonly cpu: CpuMeter;
  /** Of OTLP over HTTP. */
  readonly url: string;
  /** Its /metrics; undefined where it has none. */
  readMetrics: () => Promise<string | undefined>;
  /** Asks it to end and kills it after the limit; resolves when it is gone. */
  stop: (limitMs?: number) => Promise<void>;
}

/** CPU that it has used so far. Throws a NotHeldError where it is gone. */
export function cpuUsOf(collector: CollectorUnderTest, name: string): number {
  const cpuUs = collector.cpu.readUs();
  if (cpuUs !== undefined) return cpuUs;
  throw new NotHeldError(`the collector ${name} ended while it was measured`);
}

/** Waits until the collector has decided and passed on all that it got, at least so long. */
export async function quietDown(collector: CollectorUnderTest, leastMs: number, signal: AbortSignal): Promise<void> {
  await untilQuiet({ readCpuUs: collector.cpu.readUs, nowMs: () => performance.now(), sleep, leastMs, signal });
}

/** Throws a NotHeldError on systems that do not tell the CPU of another process. */
export function requireCpuOfOthers(): void {
  if (createCpuMeter(process.pid).readUs() !== undefined) return;
  throw new NotHeldError(
    'the CPU of another process can only be read on Linux: run this there, or in a container of docker compose',
  );
}
