import { promisify } from 'node:util';
import {
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  setLogVerbosity,
  type sendUnaryData,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { explainListenFailure, NotHeldError, type ListenAt } from '@tracelab/command';
import { encodeExportResponse, encodeRpcStatus, RpcCode, type RpcStatus } from '@tracelab/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { createArrivalLimit, type ArrivalLimits } from './grpc-arrivals.ts';
import { scanRequest } from './scan-request.ts';
import { explainOverload, takeRequest, type ReceivePeers } from './take-request.ts';

export interface GrpcServerOptions extends ArrivalLimits {
  bodyBytesMax: number;
  log: Pick<FastifyBaseLogger, 'error'>;
}

export interface GrpcServer {
  listen: (at: ListenAt) => Promise<{ url: string }>;
  /** Takes no more calls; those under way are cut after the limit. */
  close: (limitMs: number) => Promise<void>;
}

// What it would write to standard error reaches us as an error too.
setLogVerbosity(logVerbosity.NONE);

type Answer = sendUnaryData<Uint8Array>;

/** Calls of one connection; more wait at the sender, as HTTP/2 has it. */
const STREAMS_MAX = 128;
const NOT_BUILT = ['logs', 'metrics'] as const;

/**
 * OTLP over gRPC: TraceService/Export, none and gzip. The bytes of a message go to the scan as they are: the library is given codecs that
 * pass them through. What it refuses itself: messages over the limit (RESOURCE_EXHAUSTED), broken gzip (INTERNAL), unknown methods.
 */
export function createGrpcServer(options: GrpcServerOptions, peers: ReceivePeers): GrpcServer {
  const server = new Server({
    'grpc.max_receive_message_length': options.bodyBytesMax,
    'grpc.max_concurrent_streams': STREAMS_MAX,
    interceptors: [createArrivalLimit(peers.ledger, options)],
  });
  server.addService(exportMethodOf('trace'), {
    export: (call: ServerUnaryCall<Uint8Array, Uint8Array>, answer: Answer) => {
      receiveTraces(call.request, answer, peers).catch((error: unknown) => {
        options.log.error({ err: error }, 'a call failed through a defect');
        fail(answer, { code: RpcCode.internal, message: 'the collector has a defect: its log has the details' });
      });
    },
  });
  for (const signal of NOT_BUILT) {
    const message = `this collector takes traces only: ${signal} are not built yet, switch their exporter off`;
    server.addService(exportMethodOf(signal), {
      export: (_call: unknown, answer: Answer) => fail(answer, { code: RpcCode.unimplemented, message }),
    });
  }
  return { listen: (at) => listen(server, at), close: (limitMs) => close(server, limitMs) };
}

async function receiveTraces(bytes: Uint8Array, answer: Answer, peers: ReceivePeers): Promise<void> {
  if (!peers.budget.take(bytes.length)) {
    peers.ledger.countRefusedBody({ kind: 'noBudget' });
    return failOverloaded(answer, peers.retryAfterS());
  }
  try {
    const taken = await takeRequest(scanRequest(bytes), bytes.length, peers);
    if (taken.kind === 'accepted') answer(null, encodeExportResponse(taken.response));
    else if (taken.kind === 'refused') failOverloaded(answer, taken.retryAfterS);
    else fail(answer, { code: RpcCode.invalidArgument, message: taken.reason });
  } finally {
    peers.budget.giveBack(bytes.length);
  }
}

function failOverloaded(answer: Answer, retryAfterS: number): void {
  fail(answer, { code: RpcCode.unavailable, message: explainOverload(retryAfterS), retryAfterS });
}

/** The whole status goes along as `grpc-status-details-bin`, where it says more than code and message. */
function fail(answer: Answer, status: RpcStatus): void {
  const metadata = new Metadata();
  if (status.retryAfterS !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(encodeRpcStatus(status)));
  answer({ code: status.code, details: status.message, metadata });
}

function exportMethodOf(signal: 'trace' | (typeof NOT_BUILT)[number]): Parameters<Server['addService']>[0] {
  const service = `${signal.charAt(0).toUpperCase()}${signal.slice(1)}Service`;
  const passThrough = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    export: {
      path: `/opentelemetry.proto.collector.${signal}.v1.${service}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: passThrough,
      requestDeserialize: passThrough,
      responseSerialize: passThrough,
      responseDeserialize: passThrough,
    },
  };
}

async function listen(server: Server, at: ListenAt): Promise<{ url: string }> {
  const host = at.host.includes(':') ? `[${at.host}]` : at.host;
  const bind = promisify(server.bindAsync.bind(server));
  try {
    return { url: `http://${host}:${await bind(`${host}:${at.port}`, ServerCredentials.createInsecure())}` };
  } catch (error) {
    throw new NotHeldError(await explain(error as Error, at), { cause: error });
  }
}

/** The library puts the system's error codes into its message. */
function explain({ message }: Error, at: ListenAt): Promise<string> {
  const code = /\b(?:EADDRINUSE|EACCES|EADDRNOTAVAIL|ENOTFOUND)\b/.exec(message)?.[0];
  return explainListenFailure({ message, ...(code !== undefined && { code }) }, at);
}

function close(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.forceShutdown(), limitMs);
    server.tryShutdown(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}
