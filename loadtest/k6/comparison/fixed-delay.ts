import { announceReady, createHttpServer, listen, runProgram, setting } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';
import { setTimeout as sleep } from 'node:timers/promises';

/** Started by `bench:k6`: answers every request after the same time, so that what senders measure can be held against each other. */
await runProgram({
  name: 'fixed-delay',
  summary: 'An HTTP server that answers GET / after a fixed time',
  settings: {
    delayMs: setting.integer({
      default: 20,
      min: 0,
      max: 10_000,
      flag: 'delay-ms',
      description: 'From the request to the answer; timers make it up to a millisecond more',
    }),
  },
  run: async ({ settings, shutdown }) => {
    const server = createHttpServer({ name: 'fixed-delay', logLevel: 'warn' });
    server.get('/', async () => {
      await sleep(settings.delayMs);
      return { delayMs: settings.delayMs };
    });
    const { url } = await listen(server, { host: LOOPBACK_HOST, port: 0, variable: '', what: 'fixed delay' });
    shutdown.onEnd('fixed delay', () => server.close());
    announceReady({ url });
    await shutdown.untilRequested();
  },
});
