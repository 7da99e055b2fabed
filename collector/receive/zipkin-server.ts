import { ApiError, createHttpServer } from '@tracelab/command';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { decodeZipkin } from './decode-request.ts';
import { explainBodyRefusal, readHttpBody } from './http-body.ts';
import { encodingOf } from './otlp-reply.ts';
import type { BodyLimits, BodyRefusal } from './read-body.ts';
import { explainOverload, takeRequest, type ReceivePeers } from './take-request.ts';

export interface ZipkinServerOptions {
  bodyBytesMax: number;
  logLevel: string;
}

/**
 * Zipkin's `POST /api/v2/spans`, a JSON list of spans: 202 as soon as the sampler has them. Spans that are rejected one by one are counted
 * and not told: the protocol has no word for them. Errors have our own body.
 */
export function createZipkinServer(options: ZipkinServerOptions, peers: ReceivePeers): FastifyInstance {
  const server = createHttpServer({ name: 'collector', logLevel: options.logLevel });
  const limits = { bytesMax: options.bodyBytesMax, budget: peers.budget, arrays: peers.arrays };
  // The body stays a stream: bytes must be counted while they are inflated.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.post('/api/v2/spans', (request, reply) => receiveSpans(request, reply, { limits, peers }));
  return server;
}

async function receiveSpans(
  request: FastifyRequest,
  reply: FastifyReply,
  { limits, peers }: { limits: BodyLimits; peers: ReceivePeers },
): Promise<FastifyReply> {
  // Whatever else a reporter calls it is JSON, or is found out not to be; some say text/plain, to be spared a preflight.
  if (encodingOf(request.headers['content-type']) === 'protobuf')
    throw new ApiError('unsupported_media_type', 'spans should be JSON: protobuf is not built yet here');
  const body = await readHttpBody(request, limits);
  if (!body.ok) {
    peers.ledger.countRefusedBody(body.error);
    if (body.error.kind === 'noBudget') throw overloaded(reply, peers.retryAfterS());
    throw new ApiError(ERROR_CODES[body.error.kind], explainBodyRefusal(body.error, limits.bytesMax));
  }
  try {
    const { bytes } = body.value;
    const taken = await takeRequest(decodeZipkin(bytes), bytes.length, peers);
    if (taken.kind === 'refused') throw overloaded(reply, taken.retryAfterS);
    if (taken.kind === 'malformed') throw new ApiError('bad_request', taken.reason);
    return reply.code(202).send();
  } finally {
    body.value.release();
  }
}

const ERROR_CODES = {
  tooLarge: 'too_large',
  malformed: 'bad_request',
  unsupportedEncoding: 'unsupported_media_type',
} as const satisfies Record<Exclude<BodyRefusal['kind'], 'noBudget'>, string>;

function overloaded(reply: FastifyReply, retryAfterS: number): ApiError {
  reply.header('retry-after', retryAfterS);
  return new ApiError('overloaded', explainOverload(retryAfterS));
}
