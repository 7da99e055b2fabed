import { createHttpServer, startTimer } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';
import { addJaegerRoutes } from './jaeger-routes.ts';
import { addLabRoutes } from './lab-routes.ts';
import type { QueryPeers } from './query-peers.ts';
import { StoredEvents } from './stored-events.ts';
import { addViewer } from './viewer-files.ts';

export interface QueryServerOptions {
  logLevel: string;
  /** Where the built viewer lies. */
  viewerFolder: string;
}

/** Our API, other people's, the viewer, and what a supervisor asks for. */
export async function createQueryServer(options: QueryServerOptions, peers: QueryPeers): Promise<FastifyInstance> {
  const server = createHttpServer({ name: 'collector', logLevel: options.logLevel });
  const events = new StoredEvents(peers.store, { after: startTimer });
  // Streams of events never end by themselves.
  server.addHook('preClose', (done) => {
    events.close();
    server.server.closeAllConnections();
    done();
  });
  server.get('/healthz', () => ({ status: 'ok' }));
  server.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await peers.metrics();
    return reply.type(contentType).send(body);
  });
  addLabRoutes(server, peers, events);
  await server.register((scope, _options, done) => {
    addJaegerRoutes(scope, peers);
    done();
  });
  await addViewer(server, options.viewerFolder);
  return server;
}
