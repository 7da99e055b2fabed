import { existsSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { announceReady, runProgram } from '@tracelab/command';
import { PORTS } from '@tracelab/protocol';
import { startCollector, type Collector } from './collector.ts';
import type { ReceiverName, TailSamplingConfig } from './config/collector-config.ts';
import { findDifferences } from './config/semantic-differences.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './config/settings.ts';
import { openExplainLog } from './explain/explain-log.ts';
import { openPolicyBook } from './explain/policy-book.ts';
import { openSegmentLog } from './log/segment-log.ts';
import type { ReplayCounts } from './recover/replay.ts';
import { readLedgerFile, writeLedgerFile, type LedgerSnapshot } from './report/ledger-file.ts';
import { openNopStore, openSqliteStore } from './store/open-store.ts';
import { boundsOf } from './store/write-queue.ts';
import { startSamplingServer } from './strategies/sampling-server.ts';
import { openStrategySource } from './strategies/strategy-source.ts';

const MEBIBYTE = 1024 * 1024;
const WAL_SEGMENT_BYTES_MAX = 32 * MEBIBYTE;

// V8 marks its heap for every 64 MiB that grew outside of it, where requests lie, garbage or not. With this flag, which only some versions
// of V8 have, what lies outside counts towards the limit of the whole instead: docs/decisions/013.
if (process.versions.v8.startsWith('13.')) setFlagsFromString('--external-memory-accounted-in-global-limit');

await runProgram({
  name: 'collector',
  summary: 'Receives OTLP over gRPC and HTTP, samples, stores, and answers the query API and the viewer.',
  settings: COLLECTOR_SETTINGS,
  examples: ['npm run collector', 'npm run collector -- --config collector/collector.yaml --data /tmp/traces'],
  run: async ({ settings, output, shutdown }) => {
    const { config, policiesShared, query, sampling, ...paths } = await resolveSettings(settings, process.env);
    const { storeFile, ledgerFile, explainFolder, walFolder } = paths;
    const report = output.progress;
    const source = await openStrategySource(settings.samplingStrategies, { report, nowMs: () => performance.now() });
    for (const line of describeDifferences(config.tailSampling)) report(line);
    if (settings.samplers > 1) report(describeSharing(settings.samplers, policiesShared));
    const storeOptions = { report, bounds: boundsOf(config.batch) };
    const wasUsed = existsSync(storeFile);
    const store =
      config.exporter === 'nop' ? openNopStore(storeOptions) : await openSqliteStore(storeFile, storeOptions);
    const decisions = await openExplainLog(
      { folder: explainFolder, bytesMax: settings.explainMebibytesMax * MEBIBYTE },
      { reportDamage: report },
    );
    // Now that the folder is this process's alone.
    const earlier = await readLedgerFile({ path: ledgerFile, wasUsed, report });
    const walOptions = walOptionsOf(walFolder, settings.walMebibytesMax, earlier);
    const log = settings.wal ? await openSegmentLog(walOptions, { reportDamage: report }) : undefined;
    // With --json the document is the only thing on stdout, where the log goes otherwise.
    const logLevel = output.isJson ? 'silent' : settings.logLevel;
    const collector = await startCollector({
      config,
      query,
      store,
      explain: { log: decisions, book: await openPolicyBook(explainFolder, config.tailSampling) },
      ...(log === undefined ? {} : { recovery: { log, decisions, report } }),
      ledger: { earlier, save: (snapshot) => writeLedgerFile(ledgerFile, snapshot), report },
      samplerCount: settings.samplers,
      pendingBytesMax: settings.pendingMebibytesMax * MEBIBYTE,
      logLevel,
    });
    shutdown.onEnd('collector', async () => {
      await closeCollector(collector, report);
      await decisions.close();
      await log?.close();
    });
    if (collector.replayed !== undefined && collector.replayed.requests > 0) report(describeReplay(collector.replayed));
    const strategies = await startSamplingServer({ ...sampling, logLevel }, source);
    shutdown.onEnd('sampling strategies', () => strategies.close());
    const { receiverUrls, queryUrl } = collector;
    const receivers = Object.entries(receiverUrls).map(
      ([name, url]) => `${PORTS[name as ReceiverName].what.replace('collector, ', '')} at ${url}`,
    );
    output.result(
      { receivers: receiverUrls, sampling: strategies.url, query: queryUrl },
      `collector ready: ${receivers.join(', ')}, sampling strategies at ${strategies.url}, query API and viewer at ${queryUrl}`,
    );
    announceReady({ url: collector.queryUrl });
    await Promise.race([shutdown.untilRequested(), collector.failed]);
  },
});

/** The ledger is over all lives: what it has dropped at the ends of earlier ones was said then. */
async function closeCollector(collector: Collector, report: (message: string) => void): Promise<void> {
  const before = await collector.ledger();
  await collector.close();
  const { droppedAtEnd } = await collector.ledger();
  const spanCount = droppedAtEnd - before.droppedAtEnd;
  if (spanCount > 0)
    report(`${spanCount} spans of undecided traces were dropped: drop_pending_traces_on_shutdown is true`);
}

function walOptionsOf(
  folder: string,
  mebibytesMax: number,
  earlier: LedgerSnapshot | undefined,
): Parameters<typeof openSegmentLog>[0] {
  const bytesMax = mebibytesMax * MEBIBYTE;
  return { folder, segmentBytesMax: WAL_SEGMENT_BYTES_MAX, bytesMax, lastSequence: earlier?.segmentLast ?? 0 };
}

/** Whoever moves a file between the two meanings shall know before it does. */
function describeDifferences({ policies, semantics }: TailSamplingConfig): string[] {
  const other = semantics === 'lab' ? 'otel' : 'lab';
  return findDifferences(policies).map(
    ({ policy, text }) => `policy ${policy} may decide differently under --semantics ${other}: ${text}`,
  );
}

function describeSharing(samplers: number, policies: readonly string[]): string {
  const shared =
    policies.length === 0
      ? 'no policy has a budget to share'
      : `each has 1/${samplers} of the budget of ${policies.join(', ')}, and keeps no trace that is larger than its share`;
  return `${samplers} samplers, each in a thread of its own: ${shared}`;
}

function describeReplay({ requests, spans, spansKnown, requestsUnreadable }: ReplayCounts): string {
  const unreadable = requestsUnreadable === 0 ? '' : `; ${requestsUnreadable} requests could not be read`;
  return `replayed what an earlier run had acknowledged: ${requests} requests with ${spans} spans, of which ${spansKnown} had been dealt with${unreadable}`;
}
