import { PORTS, portFor, urlFor } from '@tracelab/protocol';
import { runProgram } from '@tracelab/command';
import { listenUntilEnd } from './listen-until-end.ts';
import type { ServiceDefinition } from './service.ts';
import { createService } from './service.ts';
import { shellSettings } from './shell-settings.ts';

/** Runs one service as this process's program: settings, socket, readiness, clean end. */
export async function serve(definition: ServiceDefinition): Promise<void> {
  const { name } = definition;
  const { variable, what } = PORTS[name];
  const peers = Object.keys(definition.peerTimeoutMs ?? {}).map((peer) => `${peer.toUpperCase()}_URL`);
  await runProgram({
    name,
    summary: `${definition.summary} The port comes from ${variable} or LAB_PORT_BASE${peers.length === 0 ? '' : `; peers from ${peers.join(', ')}`}.`,
    settings: shellSettings,
    run: async (program) => {
      const { host, controlToken, logLevel } = program.settings;
      const port = portFor(name, process.env);
      const server = createService(definition, {
        urlOf: (service) => urlFor(service, process.env),
        controlToken,
        logLevel,
        nowUnixMs: Date.now,
        random: Math.random,
      });
      await listenUntilEnd(server, { host, port, variable, what }, program);
    },
  });
}
