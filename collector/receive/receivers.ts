import { listen, type ListenAt } from '@tracelab/command';
import { PORTS } from '@tracelab/protocol';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { RECEIVER_NAMES, type ReceiverName, type ReceiversConfig } from '../config/collector-config.ts';
import { BodyBudget } from './body-budget.ts';
import { createOtlpServer } from './otlp-server.ts';
import type { ReceivePeers } from './take-request.ts';
import { createZipkinServer } from './zipkin-server.ts';

export type ReceiverUrls = Partial<Record<ReceiverName, string>>;

/** All that takes spans in. */
export interface Receivers {
  /** Throws a NotHeldError where a port is busy. */
  listen: () => Promise<ReceiverUrls>;
  close: () => Promise<void>;
}

export interface ReceiversOptions {
  logLevel: string;
  /** For the receivers that have no log of their own. */
  log: Pick<FastifyBaseLogger, 'error'>;
}

interface Receiver {
  listen: (at: ListenAt) => Promise<{ url: string }>;
  close: () => Promise<void>;
}

const BODIES_IN_FLIGHT = 4;
const REQUESTS_CLOSE_LIMIT_MS = 1000;

/** One server for each receiver of the configuration. */
export async function createReceivers(
  config: ReceiversConfig,
  options: ReceiversOptions,
  peers: Omit<ReceivePeers, 'budget'>,
): Promise<Receivers> {
  const wanted = RECEIVER_NAMES.flatMap((name) => {
    const receiver = config[name];
    return receiver === undefined ? [] : [{ name, ...receiver }];
  });
  const bytesMax = Math.max(...wanted.map(({ bodyBytesMax }) => bodyBytesMax));
  const sharing = { ...peers, budget: new BodyBudget(bytesMax * BODIES_IN_FLIGHT) };
  const receivers = await Promise.all(
    wanted.map(async ({ name, bodyBytesMax, ...at }) => {
      const { variable, what } = PORTS[name];
      const server = await CREATE[name]({ ...options, bodyBytesMax }, sharing);
      return { name, server, at: { ...at, variable, what } };
    }),
  );
  return {
    listen: async () => {
      const urls: ReceiverUrls = {};
      for (const { name, server, at } of receivers) urls[name] = (await server.listen(at)).url;
      return urls;
    },
    close: async () => {
      await Promise.all(receivers.map(({ server }) => server.close()));
    },
  };
}

const CREATE: Record<
  ReceiverName,
  (options: ReceiversOptions & { bodyBytesMax: number }, peers: ReceivePeers) => Receiver | Promise<Receiver>
> = {
  otlpHttp: (options, peers) => ofFastify(createOtlpServer(options, peers)),
  zipkin: (options, peers) => ofFastify(createZipkinServer(options, peers)),
  // Its library is loaded only where somebody wants it: docs/decisions/001.
  otlpGrpc: async (options, peers) => {
    const { createGrpcServer } = await import('./grpc-server.ts');
    const server = createGrpcServer(options, peers);
    return { listen: server.listen, close: () => server.close(REQUESTS_CLOSE_LIMIT_MS) };
  },
};

function ofFastify(server: FastifyInstance): Receiver {
  return { listen: (at) => listen(server, at), close: () => closeServer(server) };
}

/** Whoever is still sending after the limit gets no answer, which an exporter takes as "send it again". */
async function closeServer(server: FastifyInstance): Promise<void> {
  const limit = setTimeout(() => server.server.closeAllConnections(), REQUESTS_CLOSE_LIMIT_MS);
  await server.close();
  clearTimeout(limit);
}
