import { announceReady, listen, runProgram, setting } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';
import { createSenderServer } from './server.ts';
import { createTraffic } from './traffic.ts';

/** Started by `tail-cost`: load has a process of its own, so that its work is nobody's measured CPU. */
await runProgram({
  name: 'sender',
  summary: 'Sends export requests of seven services to a collector, as many as it takes or at a constant rate',
  settings: {
    gzipRounds: setting.integer({
      default: 16,
      min: 1,
      max: 2000,
      flag: 'gzip-rounds',
      description: 'Rounds of requests that are compressed ahead; their traces come back after that',
    }),
  },
  run: async ({ settings, shutdown }) => {
    const server = createSenderServer(await createTraffic(Date.now(), settings.gzipRounds));
    const { url } = await listen(server, { host: LOOPBACK_HOST, port: 0, variable: '', what: 'sender' });
    shutdown.onEnd('sender', () => server.close());
    announceReady({ url });
    await shutdown.untilRequested();
  },
});
