import { announceReady, listen, runProgram } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';
import { createGenerator } from './generator.ts';

/** Started by `hop`: what measures latency runs in a process that does nothing else. */
await runProgram({
  name: 'open-loop',
  summary: 'Sends requests at a constant rate and measures each from its intended start',
  settings: {},
  run: async ({ shutdown }) => {
    const server = createGenerator();
    const { url } = await listen(server, { host: LOOPBACK_HOST, port: 0, variable: '', what: 'open loop' });
    shutdown.onEnd('open loop', () => server.close());
    announceReady({ url });
    await shutdown.untilRequested();
  },
});
