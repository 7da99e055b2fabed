import { ApiError, createAccessCheck, createHttpServer } from '@tracelab/command';
import type { LoadSetting } from '@tracelab/protocol';
import type { Shopper } from './shopper.ts';

/** A laptop keeps up with this; more is a load test, not a trickle. */
export const REQUESTS_PER_SECOND_MAX = 200;

/** `GET|PUT /_lab/load` and `/healthz` of the shoppers' process: what the lab's control forwards to, with its token where there is one. */
export function createControl(
  shopper: Shopper,
  options: { logLevel: string; token: string },
): ReturnType<typeof createHttpServer> {
  const server = createHttpServer({ name: 'shoppers', logLevel: options.logLevel });
  const onRequest = createAccessCheck(options.token);
  const current = (): LoadSetting => ({ requestsPerSecond: shopper.requestsPerSecond });
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/_lab/load', { onRequest }, async () => current());
  server.put('/_lab/load', { onRequest }, (request, reply) => {
    shopper.setRate(readRate(request.body));
    return reply.send(current());
  });
  return server;
}

function readRate(body: unknown): number {
  const rate =
    typeof body === 'object' && body !== null && 'requestsPerSecond' in body ? body.requestsPerSecond : undefined;
  if (typeof rate === 'number' && rate >= 0 && rate <= REQUESTS_PER_SECOND_MAX) return rate;
  throw new ApiError(
    'bad_request',
    `requestsPerSecond should be a number from 0 (pause) to ${REQUESTS_PER_SECOND_MAX}: was ${rate === undefined ? 'absent' : JSON.stringify(rate)}`,
  );
}
