import { connectionOptions } from '@tracelab/command';
import { RpcCode } from '@tracelab/protocol';
import Fastify, {
  LogController,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { decodeRequest } from './decode-request.ts';
import { explainBodyRefusal, readHttpBody } from './http-body.ts';
import { encodingOf, replyError, replySuccess, CONTENT_TYPES, type OtlpEncoding } from './otlp-reply.ts';
import type { Body, BodyLimits, BodyRefusal } from './read-body.ts';
import { explainOverload, takeRequest, type ReceivePeers } from './take-request.ts';

export interface OtlpServerOptions {
  bodyBytesMax: number;
  logLevel: string;
}

const TRACES_PATH = '/v1/traces';

/** OTLP over HTTP: POST /v1/traces, by the table "What must the receiver answer" of the specification. */
export function createOtlpServer(options: OtlpServerOptions, peers: ReceivePeers): FastifyInstance {
  const server = Fastify({
    logger: { name: 'collector', level: options.logLevel },
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    ...connectionOptions(),
    frameworkErrors: (error, request, reply) => void replyFailure(error, request, reply),
  });
  const limits = { bytesMax: options.bodyBytesMax, budget: peers.budget, arrays: peers.arrays };
  // The body stays a stream: bytes must be counted while they are inflated.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
  server.post(TRACES_PATH, (request, reply) => receiveTraces({ request, reply, limits, peers }));
  server.setNotFoundHandler((request, reply) => replyUnknown(request, reply));
  server.setErrorHandler((error: FastifyError, request, reply) => replyFailure(error, request, reply));
  return server;
}

interface Exchange {
  request: FastifyRequest;
  reply: FastifyReply;
  limits: BodyLimits;
  peers: ReceivePeers;
}

async function receiveTraces(exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, limits, peers } = exchange;
  const encoding = encodingOf(request.headers['content-type']);
  if (encoding === undefined) return replyUnsupportedType(request, reply);
  const body = await readHttpBody(request, limits);
  if (!body.ok) return replyBodyRefusal(exchange, encoding, body.error);
  try {
    return await takeTraces(body.value, encoding, { reply, peers });
  } finally {
    body.value.release();
  }
}

async function takeTraces(
  body: Body,
  encoding: OtlpEncoding,
  { reply, peers }: Pick<Exchange, 'reply' | 'peers'>,
): Promise<FastifyReply> {
  const taken = await takeRequest(decodeRequest(body, encoding), body.bytes.length, peers);
  if (taken.kind === 'accepted') return replySuccess(reply, encoding, taken.response);
  return taken.kind === 'refused'
    ? replyOverloaded(reply, encoding, taken.retryAfterS)
    : replyError(reply, encoding, { httpStatus: 400, code: RpcCode.invalidArgument, message: taken.reason });
}

function replyUnsupportedType(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const was = request.headers['content-type'];
  const message = `the content type should be ${CONTENT_TYPES.protobuf} or ${CONTENT_TYPES.json}: was ${was === undefined ? 'absent' : `"${was}"`}`;
  return replyError(reply, 'json', { httpStatus: 415, code: RpcCode.invalidArgument, message });
}

const REFUSED_BODY = {
  tooLarge: { httpStatus: 413, code: RpcCode.resourceExhausted },
  malformed: { httpStatus: 400, code: RpcCode.invalidArgument },
  unsupportedEncoding: { httpStatus: 415, code: RpcCode.invalidArgument },
} as const;

function replyBodyRefusal(
  { reply, limits, peers }: Exchange,
  encoding: OtlpEncoding,
  refusal: BodyRefusal,
): FastifyReply {
  peers.ledger.countRefusedBody(refusal);
  if (refusal.kind === 'noBudget') return replyOverloaded(reply, encoding, peers.retryAfterS());
  const message = explainBodyRefusal(refusal, limits.bytesMax);
  return replyError(reply, encoding, { ...REFUSED_BODY[refusal.kind], message });
}

function replyOverloaded(reply: FastifyReply, encoding: OtlpEncoding, retryAfterS: number): FastifyReply {
  return replyError(reply.header('retry-after', retryAfterS), encoding, {
    httpStatus: 503,
    code: RpcCode.unavailable,
    message: explainOverload(retryAfterS),
  });
}

function replyUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = encodingOf(request.headers['content-type']) ?? 'json';
  const path = request.url.split('?', 1)[0] ?? '/';
  if (path === TRACES_PATH) {
    const message = `${request.method} is not possible here: use POST`;
    return replyError(reply.header('allow', 'POST'), encoding, {
      httpStatus: 405,
      code: RpcCode.unimplemented,
      message,
    });
  }
  const signal = path === '/v1/logs' || path === '/v1/metrics';
  const message = signal
    ? `this collector takes traces only, at ${TRACES_PATH}: ${path.slice(4)} are not built yet, switch their exporter off`
    : `there is no ${path} here: traces go to POST ${TRACES_PATH}`;
  return replyError(reply, encoding, {
    httpStatus: 404,
    code: signal ? RpcCode.unimplemented : RpcCode.notFound,
    message,
  });
}

function replyFailure(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const encoding = encodingOf(request.headers['content-type']) ?? 'json';
  const status = error.statusCode ?? 500;
  if (status === 415) return replyUnsupportedType(request, reply);
  if (status >= 400 && status < 500) {
    return replyError(reply, encoding, { httpStatus: status, code: RpcCode.invalidArgument, message: error.message });
  }
  request.log.error({ err: error }, 'a request failed through a defect');
  const message = 'the collector has a defect: its log has the details';
  return replyError(reply, encoding, { httpStatus: 500, code: RpcCode.internal, message });
}
