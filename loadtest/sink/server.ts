import { createHttpServer } from '@tracelab/command';
import { encodeExportResponse, encodeRpcStatus, LIMITS, RpcCode } from '@tracelab/protocol';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { createTally, type Tally } from './tally.ts';

const PROTOBUF = 'application/x-protobuf';
const unzip = promisify(gunzip);

type HttpServer = ReturnType<typeof createHttpServer>;

/**
 * An OTLP/HTTP receiver that counts and forgets, so that the tracers under test deliver for real. Protobuf only (gzip or
 * plain): the lab's tracer sends nothing else. `POST /_sink/period` ends a period and answers its counts.
 */
export function createSink(tally: Tally = createTally()): HttpServer {
  const server = createHttpServer({ name: 'sink', bodyBytesMax: LIMITS.otlpRequestBytesMax, logLevel: 'warn' });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(PROTOBUF, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.post('/_sink/period', async () => tally.endPeriod());
  server.post('/v1/traces', async (request, reply) => {
    reply.type(PROTOBUF);
    const body = await unpack(request.body, request.headers['content-encoding']);
    const counted = body === undefined ? undefined : tally.add(body);
    if (counted?.ok === true)
      return reply.send(Buffer.from(encodeExportResponse({ rejectedSpans: 0, errorMessage: '' })));
    const message = counted === undefined ? 'the body should be protobuf, plain or gzip' : counted.error;
    return reply.code(400).send(Buffer.from(encodeRpcStatus({ code: RpcCode.invalidArgument, message })));
  });
  return server;
}

/** Undefined where the body is not what its headers say, or unpacks to more than OTLP allows. */
async function unpack(body: unknown, encoding: string | undefined): Promise<Uint8Array | undefined> {
  if (!(body instanceof Uint8Array)) return undefined;
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') return undefined;
  try {
    return await unzip(body, { maxOutputLength: LIMITS.otlpRequestBytesMax });
  } catch {
    return undefined;
  }
}
