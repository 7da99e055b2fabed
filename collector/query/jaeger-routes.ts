import { ApiError } from '@tracelab/command';
import { ERRORS, LIMITS } from '@tracelab/protocol';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { parseJaegerSearch } from './jaeger-parameters.ts';
import { toJaegerTrace, type JaegerTrace } from './jaeger-trace.ts';
import { textOf, traceIdOf, type Parameters } from './parameters.ts';
import type { QueryPeers } from './query-peers.ts';
import { readTrace, readTraces } from './trace-reader.ts';

/** Encoded; the JSON is some six times that. Jaeger's API has no word for what was left out: narrow the search. */
const ANSWER_BYTES_MAX = LIMITS.otlpRequestBytesMax / 4;

interface JaegerError {
  code: number;
  msg: string;
  traceID?: string;
}

interface JaegerReply {
  data: unknown;
  total: number;
  limit: number;
  offset: number;
  errors: JaegerError[] | null;
}

/** Jaeger's query API, first generation, with Jaeger's shapes and errors (jaegerquery/internal/http_handler.go). */
export function addJaegerRoutes(server: FastifyInstance, peers: QueryPeers): void {
  const { store } = peers;
  server.setErrorHandler((error: FastifyError, _request, reply) => replyJaegerError(reply, error));

  server.get('/api/services', async () => envelope(await store.services()));

  server.get<{ Params: { service: string } }>('/api/services/:service/operations', async (request) =>
    envelope(await store.operations(request.params.service)),
  );

  server.get<{ Querystring: Parameters }>('/api/operations', async (request) => {
    const service = textOf(request.query, 'service');
    if (service === undefined) throw new ApiError('bad_request', "parameter 'service' is required");
    // The kind is not in the index: empty is Jaeger's own word for unknown.
    return envelope((await store.operations(service)).map((name) => ({ name, spanKind: '' })));
  });

  server.get<{ Querystring: Parameters }>('/api/traces', async (request) => {
    const { query, traceIds } = parseJaegerSearch(request.query);
    const ids = traceIds.length > 0 ? traceIds : (await store.search(query)).traces.map(({ traceId }) => traceId);
    const wanted = ids.slice(0, query.limit).map(requireTraceId);
    const found = await readTraces(wanted, peers, ANSWER_BYTES_MAX);
    return envelope(found.map(({ traceId, data }) => toJaegerTrace(traceId, data)));
  });

  server.get<{ Params: { id: string } }>('/api/traces/:id', async (request, reply) => {
    const trace = await findTrace(request.params.id, peers);
    if (trace !== undefined) return envelope([trace]);
    const error = { code: 404, msg: 'trace not found', traceID: request.params.id };
    return reply.code(404).send({ ...envelope(null), total: 0, errors: [error] });
  });
}

function requireTraceId(text: string): string {
  const traceId = traceIdOf(text);
  if (traceId !== undefined) return traceId;
  throw new ApiError('bad_request', `a trace id should be up to 32 hex digits, not all zero: was "${text}"`);
}

async function findTrace(text: string, peers: QueryPeers): Promise<JaegerTrace | undefined> {
  const traceId = requireTraceId(text);
  const found = await readTrace(traceId, peers);
  return found === undefined ? undefined : toJaegerTrace(traceId, found.data);
}

function envelope(data: unknown[] | null): JaegerReply {
  return { data, total: data?.length ?? 0, limit: 0, offset: 0, errors: null };
}

function replyJaegerError(reply: FastifyReply, error: FastifyError): FastifyReply {
  const code = error instanceof ApiError ? ERRORS[error.code].status : (error.statusCode ?? 500);
  if (code >= 500) reply.log.error({ err: error }, 'a request failed through a defect');
  const msg = code >= 500 ? 'the collector has a defect: its log has the details' : error.message;
  return reply.code(code).send({ ...envelope(null), errors: [{ code, msg }] });
}
