import { NotHeldError } from '@tracelab/command';
import type { TailSamplingConfig } from './config/collector-config.ts';
import { createSampler, type SamplerPlan } from './create-sampler.ts';
import type { DecisionLog } from './explain/explain.ts';
import type { ExplainLog } from './explain/explain-log.ts';
import type { SegmentLog } from './log/segment-log.ts';
import { LoggedSampler, type DurableCounts } from './recover/logged-sampler.ts';
import type { ArrayPool } from './receive/array-pool.ts';
import { replayLog, type ReplayCounts } from './recover/replay.ts';
import type { LedgerBook } from './report/ledger-book.ts';
import { createSamplerRouter } from './route/sampler-router.ts';
import type { Sampler } from './sample/sampler.ts';
import type { TraceStore } from './store/trace-store.ts';
import { sumReadings, type TapReadings } from './tap/tap-readings.ts';
import { startWorkerSampler, type WorkerSampler } from './worker/worker-sampler.ts';

export interface SamplerOptions {
  /** Of each sampler: its share where there are several (config/share-budgets.ts). */
  config: TailSamplingConfig;
  /** Of its policies, as the policy book has it. */
  configHash: string;
  store: TraceStore;
  decisions: DecisionLog;
  book: LedgerBook;
  /** Where requests lie that come from the receivers; a worker has its own. */
  arrays: ArrayPool;
  /** Of all samplers together. */
  pendingBytesMax: number;
  /** 1: in this thread; more: each in a worker thread of its own. */
  samplerCount: number;
  /** Monotonic; of the sampler in this thread, a worker has its own. @default performance.now */
  nowMs?: (() => number) | undefined;
}

/** The write-ahead log, and where it is written down how traces were decided. */
export interface Recovery {
  log: Pick<SegmentLog, 'append' | 'drop' | 'replay' | 'seal' | 'segments'>;
  decisions: Pick<ExplainLog, 'durableCount' | 'droppedCount' | 'recordedCount' | 'readRecent' | 'flush'>;
  report: (message: string) => void;
}

export interface RunningSampler {
  sampler: Sampler;
  readTaps: () => Promise<TapReadings>;
  /** How long until a trace is due, where no more may wait and requests shall be refused until then; else 0. */
  msUntilRoom: () => number;
  /** V8's heaps in the threads of workers, and what lies outside them on their account. */
  workersHeapBytes: () => Promise<number>;
  /** Never resolves; rejects with a NotHeldError when a worker thread has died with what it held. */
  failed: Promise<never>;
  /** What an earlier life had left; absent without a log. */
  replayed?: ReplayCounts;
  /** After the store is closed: lets go of what no later life needs. */
  finish: () => Promise<void>;
}

type Gathering = Pick<RunningSampler, 'sampler' | 'readTaps' | 'msUntilRoom' | 'workersHeapBytes' | 'failed'>;

export async function startSampler(options: SamplerOptions, recovery?: Recovery): Promise<RunningSampler> {
  const plan = planOf(options);
  const gathering =
    options.samplerCount === 1 ? gatherHere(plan, options) : await gatherInWorkers(plan, options, recovery);
  if (recovery === undefined) return { ...gathering, finish: () => Promise.resolve() };
  return { ...gathering, ...(await logAhead(gathering.sampler, options, recovery)) };
}

function planOf({ config, configHash, pendingBytesMax, samplerCount }: SamplerOptions): SamplerPlan {
  return {
    config,
    configHash,
    pendingBytesMax: Math.ceil(pendingBytesMax / samplerCount),
  };
}

function gatherHere(plan: SamplerPlan, { store, decisions, arrays, nowMs }: SamplerOptions): Gathering {
  const peers = { sink: store, log: decisions, arrays, nowMs: nowMs ?? (() => performance.now()) };
  const { sampler, readTaps } = createSampler(plan, peers);
  const { promise: failed } = Promise.withResolvers<never>();
  return {
    sampler,
    readTaps: () => Promise.resolve(readTaps()),
    msUntilRoom: () => sampler.msUntilRoom(),
    workersHeapBytes: () => Promise.resolve(0),
    failed,
  };
}

async function gatherInWorkers(
  plan: SamplerPlan,
  { store, decisions, samplerCount }: SamplerOptions,
  recovery: Recovery | undefined,
): Promise<Gathering> {
  const { promise: failed, reject } = Promise.withResolvers<never>();
  failed.catch(() => {});
  const fate =
    recovery === undefined
      ? 'the undecided traces that it held are lost, since there is no write-ahead log'
      : 'the write-ahead log has the undecided traces that it held: start the collector again';
  const start = (index: number): Promise<WorkerSampler> =>
    startWorkerSampler(plan, {
      sink: store,
      log: decisions,
      onDied: ({ message }) =>
        reject(new NotHeldError(`sampler ${index + 1} of ${samplerCount} died (${message}); ${fate}`)),
    });
  const workers = await Promise.all(Array.from({ length: samplerCount }, (_, index) => start(index)));
  return {
    sampler: createSamplerRouter(workers),
    msUntilRoom: () => Math.max(...workers.map((worker) => worker.msUntilRoom())),
    workersHeapBytes: async () => {
      const bytes = await Promise.all(workers.map((worker) => worker.heapBytes()));
      return bytes.reduce((total, each) => total + each, 0);
    },
    readTaps: async () => sumReadings(await Promise.all(workers.map((worker) => worker.readTaps()))),
    failed,
  };
}

/** The same behind a write-ahead log, whose requests of an earlier life are replayed first. */
async function logAhead(
  inner: Sampler,
  { store, book, config, samplerCount }: SamplerOptions,
  { log, decisions, report }: Recovery,
): Promise<Pick<RunningSampler, 'sampler' | 'replayed' | 'finish'>> {
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
  await deleteSettled(log, book, report);
  const hasRoom = (): boolean => store.hasRoom();
  const sampler = new LoggedSampler(inner, { log, book, durable, hasRoom, nowUnixMs: Date.now, report });
  const replayed = await replayLog({
    log,
    decisionsSince: (unixMs) => decisions.readRecent(unixMs),
    store,
    sampler: inner,
    hold: (segment) => sampler.hold(segment),
    recognise: (segment, fates) => {
      sampler.hold(segment)(fates);
      book.recognise(fates);
    },
    decisionsRecentMax: (config.decisionsMax.sampled + config.decisionsMax.notSampled) * samplerCount,
  });
  const finish = async (): Promise<void> => {
    await decisions.flush();
    // What the store could not write in time is written by the next life.
    if (store.counts().spansDropped === 0) await sampler.dropAll();
    else await sampler.untilGone();
  };
  return { sampler, replayed, finish };
}

/** The earlier life ended between saving and deleting them. */
async function deleteSettled(log: Recovery['log'], book: LedgerBook, report: Recovery['report']): Promise<void> {
  for (const segment of book.segmentsSettled) {
    try {
      await log.drop(segment);
      book.forget(segment);
    } catch (error) {
      report(`segment ${segment} of the write-ahead log cannot be deleted: ${String(error)}; its spans count twice`);
    }
  }
}
