import { setFlagsFromString } from 'node:v8';
import { announceReady, runProgram } from '@tracelab/command';
import { PORTS } from '@tracelab/protocol';
import { startCollector } from './collector.ts';
import type { ReceiverName } from './config/collector-config.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './config/settings.ts';
import { openExplainLog } from './explain/explain-log.ts';
import { openPolicyBook } from './explain/policy-book.ts';
import { openSegmentLog } from './log/segment-log.ts';
import type { ReplayCounts } from './recover/replay.ts';
import { openNopStore, openSqliteStore } from './store/open-store.ts';
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
    const { config, policiesShared, query, sampling, storeFile, explainFolder, walFolder } = await resolveSettings(
      settings,
      process.env,
    );
    const report = output.progress;
    const source = await openStrategySource(settings.samplingStrategies, { report, nowMs: () => performance.now() });
    if (settings.samplers > 1) report(describeSharing(settings.samplers, policiesShared));
    const store = config.exporter === 'nop' ? openNopStore({ report }) : await openSqliteStore(storeFile, { report });
    const decisions = await openExplainLog(
      { folder: explainFolder, bytesMax: settings.explainMebibytesMax * MEBIBYTE },
      { reportDamage: report },
    );
    const walBounds = { segmentBytesMax: WAL_SEGMENT_BYTES_MAX, bytesMax: settings.walMebibytesMax * MEBIBYTE };
    const log = settings.wal
      ? await openSegmentLog({ folder: walFolder, ...walBounds }, { reportDamage: report })
      : undefined;
    // With --json the document is the only thing on stdout, where the log goes otherwise.
    const logLevel = output.isJson ? 'silent' : settings.logLevel;
    const collector = await startCollector({
      config,
      query,
      store,
      explain: { log: decisions, book: await openPolicyBook(explainFolder, config.tailSampling) },
      ...(log === undefined ? {} : { recovery: { log, decisions, report } }),
      samplerCount: settings.samplers,
      pendingBytesMax: settings.pendingMebibytesMax * MEBIBYTE,
      logLevel,
    });
    shutdown.onEnd('collector', async () => {
      await collector.close();
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
