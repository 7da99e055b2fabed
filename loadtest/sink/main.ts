import { announceReady, listen, runProgram, setting } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';
import { createSink } from './server.ts';

/** Started by `overhead`: where the copies of the services deliver their spans, out of their processes. */
await runProgram({
  name: 'sink',
  summary: 'An OTLP receiver that counts spans and distinct traces by period and keeps nothing',
  settings: {
    port: setting.integer({ default: 0, min: 0, max: 65_535, flag: 'port', description: 'Port; 0 takes a free one' }),
  },
  run: async ({ settings, shutdown }) => {
    const server = createSink();
    const { url } = await listen(server, {
      host: LOOPBACK_HOST,
      port: settings.port,
      variable: '--port',
      what: 'sink',
    });
    shutdown.onEnd('sink', () => server.close());
    announceReady({ url });
    await shutdown.untilRequested();
  },
});
