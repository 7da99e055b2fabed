import { join } from 'node:path';
import { listen, projectRoot } from '@tracelab/command';
import { PORTS, type Ledger } from '@tracelab/protocol';
import type { CollectorConfig } from './config/collector-config.ts';
import { Explain, type DecisionLog } from './explain/explain.ts';
import type { PolicyBook } from './explain/policy-book.ts';
import type { ReplayCounts } from './recover/replay.ts';
import { usedHeapBytes } from './limit/process-memory.ts';
import { watchGarbage } from './limit/watch-garbage.ts';
import { watchMemory, type MemoryWatch } from './limit/watch-memory.ts';
import type { QueryPeers } from './query/query-peers.ts';
import { createQueryServer } from './query/query-server.ts';
import { ReceiveLedger } from './receive/receive-ledger.ts';
import { ArrayPool } from './receive/array-pool.ts';
import { createReceivers, type ReceiverUrls } from './receive/receivers.ts';
import { LedgerBook } from './report/ledger-book.ts';
import type { LedgerSnapshot } from './report/ledger-file.ts';
import { composeLedger } from './report/ledger.ts';
import { createSelfMetrics } from './report/self-metrics.ts';
import { createSamplerRouter } from './route/sampler-router.ts';
import { startSampler, type Recovery, type RunningSampler, type SamplerOptions } from './start-sampler.ts';
import { SpanSampler } from './sample/spans/span-sampler.ts';
import type { Overload, ReceivePeers } from './receive/take-request.ts';
import type { TraceStore } from './store/trace-store.ts';

export interface CollectorOptions {
  config: CollectorConfig;
  query: { host: string; port: number };
  store: TraceStore;
  /** Where it is written down why traces were kept or dropped. */
  explain: { log: DecisionLog; book: PolicyBook };
  /** Without one, what is undecided is lost with the process. */
  recovery?: Recovery;
  /** Without it the ledger is that of this life. */
  ledger?: LedgerPersistence;
  pendingBytesMax: number;
  /** More than one: each in a worker thread, of which `config` has the share. @default 1 */
  samplerCount?: number;
  logLevel: string;
  viewerFolder?: string;
  /** Monotonic. @default performance.now */
  nowMs?: () => number;
  /** What memory_limiter limits. @default of this process */
  usedBytes?: () => Promise<number>;
  /** In which requests lie. @default a new one */
  arrays?: ArrayPool;
}

export interface LedgerPersistence {
  /** What an earlier life has saved. */
  earlier: LedgerSnapshot | undefined;
  save: (snapshot: LedgerSnapshot) => Promise<void>;
  report: (message: string) => void;
}

export interface Collector {
  /** Where each receiver listens. */
  receiverUrls: ReceiverUrls;
  queryUrl: string;
  /** Over all lives on this data folder. */
  ledger: () => Promise<Ledger>;
  /** Never resolves; rejects when the thread of a sampler has died with the traces that it held. */
  failed: Promise<never>;
  /** What the write-ahead log of an earlier life held. */
  replayed: ReplayCounts | undefined;
  /** Decides what is due now instead of at the next tick. */
  tick: () => void;
  /** Takes no more, decides and keeps what is pending, waits for the store within its limit, then ends. */
  close: () => Promise<void>;
}

const TICK_INTERVAL_MS = 100;
/** Below the limit that the process gives to one closer. */
const STORE_CLOSE_LIMIT_MS = 5000;
/** As the store's: no sender waits longer. */
const RETRY_AFTER_S_MAX = 60;

/** Wires receive -> route -> sample -> store -> query and listens. Throws a NotHeldError where a port is busy. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { config, store } = options;
  const arrays = options.arrays ?? new ArrayPool(options.pendingBytesMax);
  const receiveLedger = new ReceiveLedger();
  const spanSampler = spanSamplerOf(config, arrays);
  const book = openBook(options, receiveLedger);
  const running = await startSampler(samplerOptionsOf(options, book, arrays), options.recovery);
  const router = createSamplerRouter([running.sampler]);
  const tick = (): void => {
    router.tick();
    book.tick(router.ledger());
  };
  const ledger = (): Promise<Ledger> => Promise.resolve(book.ledger(router.ledger()));
  const viewerFolder = options.viewerFolder ?? join(projectRoot, 'viewer', 'dist');
  const queryServer = await createQueryServer(
    { logLevel: options.logLevel, viewerFolder },
    {
      router,
      store,
      explain: new Explain(options.explain),
      ...spanSampler,
      ledger,
      metrics: createMetrics(running, { receive: receiveLedger, store, book }),
    },
  );
  const memory = watchMemoryOf(running, { ...options, arrays }, (message) => queryServer.log.warn(message));
  const receivers = await createReceivers(
    config.receivers,
    { logLevel: options.logLevel, log: queryServer.log },
    {
      accept: (batch) => router.accept(batch),
      overload: () => memory.overload() ?? overloadOf(running),
      ...spanSampler,
      retryAfterS: () => store.retryAfterS(),
      ledger: receiveLedger,
      arrays,
    },
  );
  const ticking = setInterval(tick, TICK_INTERVAL_MS);

  const close = async (): Promise<void> => {
    await receivers.close();
    clearInterval(ticking);
    memory.stop();
    await router.close();
    await store.close(STORE_CLOSE_LIMIT_MS);
    await running.finish();
    await book.close(router.ledger());
    await queryServer.close();
  };
  try {
    const { variable, what } = PORTS.query;
    const query = await listen(queryServer, { ...options.query, variable, what });
    const receiverUrls = await receivers.listen();
    const { failed, replayed } = running;
    return { receiverUrls, queryUrl: query.url, ledger, failed, replayed, tick, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function samplerOptionsOf(options: CollectorOptions, book: LedgerBook, arrays: ArrayPool): SamplerOptions {
  const { config, explain, store, samplerCount = 1, pendingBytesMax, nowMs } = options;
  const { configHash } = explain.book;
  const { tailSampling } = config;
  return {
    config: tailSampling,
    configHash,
    store,
    decisions: explain.log,
    book,
    arrays,
    samplerCount,
    pendingBytesMax,
    nowMs,
  };
}

/** For receivers and for whoever asks why nothing of a trace is there. */
function spanSamplerOf(
  { probabilisticSampler: config }: CollectorConfig,
  arrays: ArrayPool,
): Pick<ReceivePeers, 'sampleSpans'> & Pick<QueryPeers, 'whySampledOut'> {
  if (config === undefined) return {};
  const sampler = new SpanSampler(config, arrays);
  return {
    sampleSpans: (batch) => sampler.sample(batch),
    whySampledOut: (traceId) => sampler.whySampledOut(traceId),
  };
}

function watchMemoryOf(
  { workersHeapBytes }: RunningSampler,
  { config, usedBytes, arrays }: CollectorOptions & { arrays: ArrayPool },
  report: (message: string) => void,
): MemoryWatch {
  const stopGarbageWatch = watchGarbage(arrays);
  const watch = watchMemory(config.memoryLimiter, {
    usedBytes: usedBytes ?? (async () => usedHeapBytes() + (await workersHeapBytes())),
    letGo: () => arrays.empty(),
    report,
  });
  const stop = (): void => {
    watch.stop();
    stopGarbageWatch();
  };
  return { ...watch, stop };
}

function overloadOf({ msUntilRoom }: RunningSampler): Overload | undefined {
  const ms = msUntilRoom();
  if (ms === 0) return undefined;
  return { reason: 'pendingTraces', retryAfterS: Math.min(Math.ceil(ms / 1000), RETRY_AFTER_S_MAX) };
}

function openBook({ ledger, recovery, store }: CollectorOptions, receive: ReceiveLedger): LedgerBook {
  const { earlier, save, report } = ledger ?? { earlier: undefined, save: () => Promise.resolve(), report: () => {} };
  return new LedgerBook(
    { earlier, hasLog: recovery !== undefined },
    { receive, store, save, report, nowMs: () => performance.now(), nowUnixMs: Date.now },
  );
}

/** Of this life, all of the same instant. */
function createMetrics(
  { sampler, replayed, readTaps }: RunningSampler,
  { receive, store, book }: { receive: ReceiveLedger; store: TraceStore; book: LedgerBook },
): () => Promise<{ contentType: string; body: string }> {
  const write = createSelfMetrics();
  return async () => {
    const taps = await readTaps();
    const counts = { receive, sampler: sampler.ledger(), store: store.counts() };
    const ledger = composeLedger(receive, counts.sampler, counts.store);
    return write({ ...counts, ledger, replayed: spansGivenAgain(replayed), imbalances: book.imbalances, taps });
  };
}

/** Spans of the log that this life has to decide. */
function spansGivenAgain(replayed: ReplayCounts | undefined): number {
  return replayed === undefined ? 0 : replayed.spans - replayed.spansKnown;
}
