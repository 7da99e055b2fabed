import { join } from 'node:path';
import { listen, projectRoot } from '@tracelab/command';
import { PORTS, type Ledger } from '@tracelab/protocol';
import type { CollectorConfig } from './config/collector-config.ts';
import { Explain, type DecisionLog } from './explain/explain.ts';
import type { PolicyBook } from './explain/policy-book.ts';
import type { ReplayCounts } from './recover/replay.ts';
import { createQueryServer } from './query/query-server.ts';
import { ReceiveLedger } from './receive/receive-ledger.ts';
import { ArrayPool } from './receive/array-pool.ts';
import { createReceivers, type ReceiverUrls } from './receive/receivers.ts';
import { composeLedger } from './report/ledger.ts';
import { createSelfMetrics } from './report/self-metrics.ts';
import { createSamplerRouter } from './route/sampler-router.ts';
import { startSampler, type Recovery, type SamplerOptions } from './start-sampler.ts';
import type { TraceStore } from './store/trace-store.ts';

export interface CollectorOptions {
  config: CollectorConfig;
  query: { host: string; port: number };
  store: TraceStore;
  /** Where it is written down why traces were kept or dropped. */
  explain: { log: DecisionLog; book: PolicyBook };
  /** Without one, what is undecided is lost with the process. */
  recovery?: Recovery;
  pendingBytesMax: number;
  /** More than one: each in a worker thread, of which `config` has the share. @default 1 */
  samplerCount?: number;
  logLevel: string;
  viewerFolder?: string;
  /** Monotonic. @default performance.now */
  nowMs?: () => number;
  /** In which requests lie. @default a new one */
  arrays?: ArrayPool;
}

export interface Collector {
  /** Where each receiver listens. */
  receiverUrls: ReceiverUrls;
  queryUrl: string;
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

/** Wires receive -> route -> sample -> store -> query and listens. Throws a NotHeldError where a port is busy. */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  const { config, store } = options;
  const arrays = options.arrays ?? new ArrayPool(options.pendingBytesMax);
  const samplerOptions: SamplerOptions = {
    config: config.tailSampling,
    configHash: options.explain.book.configHash,
    store,
    decisions: options.explain.log,
    samplerCount: options.samplerCount ?? 1,
    pendingBytesMax: options.pendingBytesMax,
    nowMs: options.nowMs,
    arrays,
  };
  const running = await startSampler(samplerOptions, options.recovery);
  const router = createSamplerRouter([running.sampler]);
  const tick = (): void => router.tick();
  const receiveLedger = new ReceiveLedger();
  const ledger = async (): Promise<Ledger> => composeLedger(receiveLedger, await router.ledger(), store.counts());
  const writeMetrics = createSelfMetrics();
  const metrics = async (): Promise<{ contentType: string; body: string }> =>
    writeMetrics({
      ledger: await ledger(),
      receive: receiveLedger,
      sampler: await router.ledger(),
      store: store.counts(),
      taps: await running.readTaps(),
    });

  const viewerFolder = options.viewerFolder ?? join(projectRoot, 'viewer', 'dist');
  const queryServer = await createQueryServer(
    { logLevel: options.logLevel, viewerFolder },
    { router, store, explain: new Explain(options.explain), ledger, metrics },
  );
  const receivers = await createReceivers(
    config.receivers,
    { logLevel: options.logLevel, log: queryServer.log },
    { accept: (batch) => router.accept(batch), retryAfterS: () => store.retryAfterS(), ledger: receiveLedger, arrays },
  );
  const ticking = setInterval(tick, TICK_INTERVAL_MS);

  const close = async (): Promise<void> => {
    await receivers.close();
    clearInterval(ticking);
    await router.close();
    await store.close(STORE_CLOSE_LIMIT_MS);
    await running.finish();
    await queryServer.close();
  };
  try {
    const query = await listen(queryServer, {
      ...options.query,
      variable: PORTS.query.variable,
      what: PORTS.query.what,
    });
    const receiverUrls = await receivers.listen();
    const { failed, replayed } = running;
    return { receiverUrls, queryUrl: query.url, ledger, failed, replayed, tick, close };
  } catch (error) {
    await close();
    throw error;
  }
}
