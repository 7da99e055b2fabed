import { Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { ServiceError, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import { endWithTests } from './end-with-tests.ts';

export type GrpcCall = ServerUnaryCall<Uint8Array, Uint8Array>;
export type GrpcScript = (call: GrpcCall, answer: sendUnaryData<Uint8Array>) => void;

const identity = (bytes: Uint8Array): Buffer => Buffer.from(bytes);

/** A trace service on the gRPC library that others use, which does with each call what the test says. Bytes in, bytes out. */
export class GrpcCollector {
  script: GrpcScript = (_call, answer) => answer(null, new Uint8Array());
  readonly requests: Uint8Array[] = [];
  readonly peers = new Set<string>();
  readonly #server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 });
  #port = 0;

  static async open(credentials = ServerCredentials.createInsecure(), port = 0): Promise<GrpcCollector> {
    const collector = new GrpcCollector();
    endWithTests(() => collector.close());
    const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
    const types = { requestStream: false, responseStream: false } as const;
    const codec = {
      requestSerialize: identity,
      requestDeserialize: identity,
      responseSerialize: identity,
      responseDeserialize: identity,
    };
    collector.#server.addService(
      { export: { path, ...types, ...codec } },
      { export: (call: GrpcCall, answer: sendUnaryData<Uint8Array>) => collector.#receive(call, answer) },
    );
    collector.#port = await new Promise<number>((resolve, reject) => {
      collector.#server.bindAsync(`127.0.0.1:${port}`, credentials, (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    return collector;
  }

  get port(): number {
    return this.#port;
  }

  close(): void {
    this.#server.forceShutdown();
  }

  #receive(call: GrpcCall, answer: sendUnaryData<Uint8Array>): void {
    this.requests.push(call.request);
    this.peers.add(call.getPeer());
    this.script(call, answer);
  }
}

/** An error answer; `details` is the binary google.rpc.Status of `grpc-status-details-bin`. */
export function grpcError(code: status, message: string, details?: Uint8Array): ServiceError {
  const metadata = new Metadata();
  if (details !== undefined) metadata.set('grpc-status-details-bin', Buffer.from(details));
  return Object.assign(new Error(message), { code, details: message, metadata });
}
