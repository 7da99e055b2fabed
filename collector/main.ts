import { announceReady, runProgram } from '@tracelab/command';
import { startCollector } from './collector.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './config/settings.ts';
import { openSqliteStore } from './store/open-store.ts';

await runProgram({
  name: 'collector',
  summary: 'Receives OTLP over HTTP, samples, stores, and answers the query API and the viewer.',
  settings: COLLECTOR_SETTINGS,
  examples: ['npm run collector', 'npm run collector -- --config collector/collector.yaml --data /tmp/traces'],
  run: async ({ settings, output, shutdown }) => {
    const { config, query, storeFile } = await resolveSettings(settings, process.env);
    const store = await openSqliteStore(storeFile, { report: output.progress });
    const pendingBytesMax = settings.pendingMebibytesMax * 1024 * 1024;
    // With --json the document is the only thing on stdout, where the log goes otherwise.
    const logLevel = output.isJson ? 'silent' : settings.logLevel;
    const collector = await startCollector({ config, query, store, pendingBytesMax, logLevel });
    shutdown.onEnd('collector', () => collector.close());
    output.result(
      { otlp: collector.otlpUrl, query: collector.queryUrl },
      `collector ready: OTLP over HTTP at ${collector.otlpUrl}, query API and viewer at ${collector.queryUrl}`,
    );
    announceReady({ url: collector.queryUrl });
    await shutdown.untilRequested();
  },
});
