import { randomInt } from 'node:crypto';
import type { TailSamplingConfig } from './config/collector-config.ts';
import type { ExplainLog } from './explain/explain-log.ts';
import type { SegmentLog } from './log/segment-log.ts';
import { LoggedSampler, type DurableCounts } from './recover/logged-sampler.ts';
import { replayLog, type ReplayCounts } from './recover/replay.ts';
import type { DecisionTap } from './sample/decision-tap.ts';
import type { OperationIndex } from './sample/operation-index.ts';
import type { Ballot } from './sample/policies/ballot.ts';
import { createPolicies } from './sample/policies/create-policies.ts';
import { createDecide } from './sample/policies/decide.ts';
import type { Sampler } from './sample/sampler.ts';
import { TailSampler } from './sample/tail-sampler.ts';
import type { TraceStore } from './store/trace-store.ts';

export interface SamplerOptions {
  config: TailSamplingConfig;
  store: TraceStore;
  ballot: Ballot;
  operations: OperationIndex;
  taps: readonly DecisionTap[];
  pendingBytesMax: number;
  /** Monotonic. @default performance.now */
  nowMs?: (() => number) | undefined;
}

/** The write-ahead log, and where it is written down how traces were decided. */
export interface Recovery {
  log: SegmentLog;
  decisions: ExplainLog;
  report: (message: string) => void;
}

export interface RunningSampler {
  sampler: Sampler;
  /** Decides what is due. */
  tick: () => void;
  /** What an earlier life had left; absent without a log. */
  replayed?: ReplayCounts;
  /** After the store is closed: lets go of what no later life needs. */
  finish: () => Promise<void>;
}

const DECISIONS_REMEMBERED_MAX = 50_000;

export function startSampler(options: SamplerOptions): RunningSampler {
  const sampler = createSampler(options);
  return { sampler, tick: () => sampler.tick(), finish: () => Promise.resolve() };
}

/** The same behind a write-ahead log, whose requests of an earlier life are replayed first. */
export async function startLoggedSampler(options: SamplerOptions, recovery: Recovery): Promise<RunningSampler> {
  const { store } = options;
  const { log, decisions, report } = recovery;
  const inner = createSampler(options);
  const durable = (): DurableCounts => {
    const { spansAccepted, spansStored, spansDropped } = store.counts();
    const decisionsSettled = decisions.durableCount + decisions.droppedCount;
    return {
      decisionsRecorded: decisions.recordedCount,
      decisionsSettled,
      spansKept: spansAccepted,
      spansSettled: spansStored + spansDropped,
    };
  };
  const hasRoom = (): boolean => store.hasRoom();
  const sampler = new LoggedSampler(inner, { log, durable, hasRoom, nowUnixMs: Date.now, report });
  const replayed = await replayLog({
    log,
    decisionsSince: (unixMs) => decisions.readRecent(unixMs),
    store,
    sampler: inner,
    hold: (segment) => sampler.hold(segment),
  });
  const finish = async (): Promise<void> => {
    await decisions.flush();
    // What the store could not write in time is written by the next life.
    if (store.counts().spansDropped === 0) sampler.dropAll();
  };
  return { sampler, tick: () => sampler.tick(), replayed, finish };
}

function createSampler({
  config,
  store,
  ballot,
  operations,
  taps,
  pendingBytesMax,
  nowMs,
}: SamplerOptions): TailSampler {
  const clock = nowMs ?? (() => performance.now());
  return new TailSampler(
    {
      decide: createDecide(createPolicies(config.policies, { nowMs: clock, ballot }), ballot, config),
      decisionWaitMs: config.decisionWaitMs,
      decisionWaitAfterRootMs: config.decisionWaitAfterRootMs,
      pendingTracesMax: config.tracesMax,
      pendingBytesMax,
      decisionsMax: DECISIONS_REMEMBERED_MAX,
    },
    { sink: store, taps, operations, nowMs: clock, tableSeed: randomInt(2 ** 32) },
  );
}
