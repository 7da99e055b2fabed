import { readFileSync } from 'node:fs';
import { ApiError } from '@tracelab/command';
import {
  tracesDataToJson,
  type ExplainReply,
  type OperationsReply,
  type ServicesReply,
  type TraceReply,
  type TraceSearchReply,
} from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { QueryPeers } from './query-peers.ts';
import { traceIdOf, type Parameters } from './parameters.ts';
import { parseSearch } from './search-parameters.ts';
import type { StoredEvents } from './stored-events.ts';
import { readTrace } from './trace-reader.ts';

const OPENAPI_FILE = new URL('./openapi.json', import.meta.url);
/** A client that does not read loses events beyond this. */
const EVENT_BACKLOG_BYTES_MAX = 64 * 1024;

/** Our own API, described in openapi.json. */
export function addLabRoutes(server: FastifyInstance, peers: QueryPeers, events: StoredEvents): void {
  const { store, router } = peers;
  const openapi: unknown = JSON.parse(readFileSync(OPENAPI_FILE, 'utf8'));

  server.get<{ Querystring: Parameters }>('/api/lab/traces', (request): Promise<TraceSearchReply> =>
    store.search(parseSearch(request.query)),
  );

  server.get<{ Params: { id: string } }>('/api/lab/traces/:id', async (request): Promise<TraceReply> => {
    const traceId = requireTraceId(request.params.id);
    const found = await readTrace(traceId, { router, store });
    if (found === undefined)
      throw new ApiError('not_found', `there is no trace ${traceId}: it never arrived, or it was sampled out`);
    return { traceId, pending: found.pending, trace: tracesDataToJson(found.data) };
  });

  server.get<{ Params: { id: string } }>('/api/lab/explain/:id', (request) =>
    explainTrace(requireTraceId(request.params.id), peers),
  );

  server.get('/api/lab/services', async (): Promise<ServicesReply> => ({ services: await store.services() }));

  server.get<{ Params: { service: string } }>(
    '/api/lab/services/:service/operations',
    async (request): Promise<OperationsReply> => {
      return { operations: await store.operations(request.params.service) };
    },
  );

  server.get('/api/lab/ledger', () => peers.ledger());
  server.get('/api/lab/openapi.json', () => openapi);
  server.get('/api/lab/events', (_request, reply) => streamEvents(reply, events));
}

function requireTraceId(text: string): string {
  const traceId = traceIdOf(text);
  if (traceId !== undefined) return traceId;
  throw new ApiError('bad_request', `a trace id should be up to 32 hex digits, not all zero: was "${text}"`);
}

async function explainTrace(traceId: string, { explain, router, whySampledOut }: QueryPeers): Promise<ExplainReply> {
  const explanation = await explain.explain(traceId);
  if (explanation !== undefined) return { traceId, explanation };
  if ((await router.readPending(traceId)) !== undefined) return { traceId };
  const reason = whySampledOut?.(traceId);
  if (reason !== undefined)
    throw new ApiError('not_found', `no span of trace ${traceId} was gathered: by its id alone, ${reason}`);
  const { windowStartUnixMs } = explain;
  if (windowStartUnixMs === undefined) throw new ApiError('not_found', `no span of trace ${traceId} ever arrived here`);
  throw new ApiError(
    'gone',
    `nothing is known of trace ${traceId}: it never arrived, or it was decided before ${new Date(windowStartUnixMs).toISOString()}, the oldest decision that is still remembered`,
  );
}

function streamEvents(reply: FastifyReply, events: StoredEvents): FastifyReply {
  const stream = reply.raw;
  const client = {
    write: (text: string) => stream.writableLength < EVENT_BACKLOG_BYTES_MAX && stream.write(text),
  };
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  if (!events.hasRoom) throw new ApiError('overloaded', 'too many clients listen to events: ask again later');
  reply.hijack();
  stream.writeHead(200, headers);
  events.join(client);
  stream.on('close', () => events.leave(client));
  return reply;
}
