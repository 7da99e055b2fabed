import { NotHeldError, readResidentBytes } from '@tracelab/command';
import { setTimeout as sleep } from 'node:timers/promises';
import { shotsFrom, type Shots } from '../attack/shots.ts';
import { cpuUsOf, quietDown } from '../collector-process/collector-under-test.ts';
import { isSuccess } from '../measure/shots-summary.ts';
import { addStrays, lagBetween, readDecisionLag, readStrays } from './collector-metrics.ts';
import { AFTER_WINDOW_MS, BURST_MS, SETTLE_MS, type TailPlan } from './plan.ts';
import type { SteadyBlock } from './result.ts';
import type { RunningVariant } from './running-variant.ts';
import type { LoadSender } from './sender/launch-sender.ts';
import { SPANS_PER_REQUEST } from './sender/traffic.ts';

const MEMORY_LOOK_MS = 500;

/** A constant rate on a collector that was started for this: first a burst, then until its buffer is full, then what is measured. */
export async function measureSteady(
  variant: RunningVariant,
  restart: number,
  by: { plan: TailPlan; sender: LoadSender; signal: AbortSignal },
): Promise<SteadyBlock> {
  const { name, collector } = variant;
  const { spansPerSecond, decisionWaitS, steadyMs } = by.plan;
  const load = { url: collector.url, spansPerSecond };
  await by.sender.sendSteadily({ ...load, durationMs: BURST_MS });
  await quietDown(collector, decisionWaitS * 1000 + AFTER_WINDOW_MS, by.signal);
  const restBytes = readResidentBytes(collector.pid) ?? 0;
  const fillMs = decisionWaitS * 1000 + SETTLE_MS;
  const [{ shots: all, senderCores }, seen] = await Promise.all([
    by.sender.sendSteadily({ ...load, durationMs: fillMs + steadyMs }),
    observe(variant, { fillMs, steadyMs, signal: by.signal }),
  ]);
  const shots = shotsFrom(all, firstDueAfter(all, fillMs));
  const answered = shots.status.filter(isSuccess).length;
  if (answered === 0) throw new NotHeldError(`the collector ${name} took nothing of the steady load`);
  const refusals = shots.status.length - answered;
  const spans = answered * SPANS_PER_REQUEST;
  return { collector: name, restart, ...seen, loadMs: steadyMs, spans, refusals, senderCores, restBytes, shots };
}

type Seen = Pick<SteadyBlock, 'cpuUs' | 'wallMs' | 'residentBytes' | 'strays' | 'decisionLag'>;

/** What the collector's process takes while the load is steady. */
async function observe(
  { name, collector }: RunningVariant,
  { fillMs, steadyMs, signal }: { fillMs: number; steadyMs: number; signal: AbortSignal },
): Promise<Seen> {
  await sleep(fillMs, undefined, { signal });
  const before = (await collector.readMetrics()) ?? '';
  const [startMs, cpuBefore] = [performance.now(), cpuUsOf(collector, name)];
  const residentBytes: number[] = [];
  for (let leftMs = steadyMs; leftMs > 0; leftMs = startMs + steadyMs - performance.now()) {
    await sleep(Math.min(leftMs, MEMORY_LOOK_MS), undefined, { signal });
    residentBytes.push(readResidentBytes(collector.pid) ?? 0);
  }
  const [cpuUs, wallMs] = [cpuUsOf(collector, name) - cpuBefore, performance.now() - startMs];
  const after = (await collector.readMetrics()) ?? '';
  const [lagBefore, lagAfter] = [readDecisionLag(before), readDecisionLag(after)];
  return {
    cpuUs: Math.round(cpuUs),
    wallMs: Math.round(wallMs * 100) / 100,
    residentBytes,
    strays: addStrays(readStrays(after), {}),
    ...(lagBefore === undefined || lagAfter === undefined ? {} : { decisionLag: lagBetween(lagBefore, lagAfter) }),
  };
}

function firstDueAfter({ dueUs }: Shots, ms: number): number {
  const first = dueUs.findIndex((due) => due >= ms * 1000);
  return first === -1 ? dueUs.length : first;
}
