import { announceReady, runProgram } from '@tracelab/command';
import { startCollector } from './collector.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './config/settings.ts';
import { MemoryDecisionLog } from './explain/memory-log.ts';
import { openPolicyBook } from './explain/policy-book.ts';
import { openNopStore, openSqliteStore } from './store/open-store.ts';
const EXPLAIN_BYTES_MAX = 100000;

await runProgram({
  name: 'collector',
  summary: 'Receives OTLP over HTTP, samples, stores, and answers the query API and the viewer.',
  settings: COLLECTOR_SETTINGS,
  examples: ['npm run collector', 'npm run collector -- --config collector/collector.yaml --data /tmp/traces'],
  run: async ({ settings, output, shutdown }) => {
    const { config, query, storeFile, explainFolder } = await resolveSettings(settings, process.env);
    const report = output.progress;
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
    output.result(
      { otlp: collector.otlpUrl, query: collector.queryUrl },
      `collector ready: OTLP over HTTP at ${collector.otlpUrl}, query API and viewer at ${collector.queryUrl}`,
    );
    announceReady({ url: collector.queryUrl });
    await shutdown.untilRequested();
  },
});
