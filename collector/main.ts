import { announceReady, runProgram } from '@tracelab/command';
import { PORTS } from '@tracelab/protocol';
import { startCollector } from './collector.ts';
import type { ReceiverName } from './config/collector-config.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './config/settings.ts';
import { MemoryDecisionLog } from './explain/memory-log.ts';
import { openPolicyBook } from './explain/policy-book.ts';
import { openNopStore, openSqliteStore } from './store/open-store.ts';
import { startSamplingServer } from './strategies/sampling-server.ts';
import { openStrategySource } from './strategies/strategy-source.ts';

const EXPLAIN_BYTES_MAX = 64 * 1024 * 1024;

await runProgram({
  name: 'collector',
  summary: 'Receives OTLP over gRPC and HTTP, samples, stores, and answers the query API and the viewer.',
  settings: COLLECTOR_SETTINGS,
  examples: ['npm run collector', 'npm run collector -- --config collector/collector.yaml --data /tmp/traces'],
  run: async ({ settings, output, shutdown }) => {
    const { config, query, sampling, storeFile, explainFolder } = await resolveSettings(settings, process.env);
    const report = output.progress;
    const source = await openStrategySource(settings.samplingStrategies, { report, nowMs: () => performance.now() });
    const store = config.exporter === 'nop' ? openNopStore({ report }) : await openSqliteStore(storeFile, { report });
    const explain = {
      log: new MemoryDecisionLog(EXPLAIN_BYTES_MAX, Date.now),
      book: await openPolicyBook(explainFolder, config.tailSampling),
    };
    const pendingBytesMax = settings.pendingMebibytesMax * 1024 * 1024;
    // With --json the document is the only thing on stdout, where the log goes otherwise.
    const logLevel = output.isJson ? 'silent' : settings.logLevel;
    const collector = await startCollector({ config, query, store, explain, pendingBytesMax, logLevel });
    shutdown.onEnd('collector', () => collector.close());
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
    await shutdown.untilRequested();
  },
});
