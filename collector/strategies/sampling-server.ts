import { ApiError, createHttpServer, listen } from '@tracelab/command';
import { PORTS } from '@tracelab/protocol';
import { textOf, type Parameters } from '../query/parameters.ts';
import type { StrategySource } from './strategy-source.ts';

export interface SamplingServer {
  url: string;
  close: () => Promise<void>;
}

/**
 * Jaeger's remote sampling protocol over HTTP: `GET /sampling?service=NAME`; a service that is missing or repeated is 400 (jaeger,
 * internal/sampling/http). Throws a NotHeldError where the port is busy.
 */
export async function startSamplingServer(
  { logLevel, host, port }: { logLevel: string; host: string; port: number },
  source: StrategySource,
): Promise<SamplingServer> {
  const server = createHttpServer({ name: 'collector', logLevel });
  server.get<{ Querystring: Parameters }>('/sampling', ({ query }) => {
    const service = textOf(query, 'service');
    if (service === undefined) throw new ApiError('bad_request', 'service should be given once, as ?service=NAME');
    return source.strategyFor(service);
  });
  const { variable, what } = PORTS.sampling;
  const { url } = await listen(server, { host, port, variable, what });
  return { url, close: () => server.close() };
}
