import { ApiError } from '@tracelab/command';
import type { LoadSetting } from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LoadLink } from './load-link.ts';
import { readLoad } from './load-link.ts';
import type { ControlPlane } from './plane.ts';

/** The wanted rate of the shoppers, and whether they have it: if not, it is sent when they answer. */
export interface LoadReply extends LoadSetting {
  applied: boolean;
}

export function registerLoadRoutes(server: FastifyInstance, plane: ControlPlane): void {
  server.get('/_lab/load', async (): Promise<LoadReply> => {
    const held = readLoad(await requireLoad(plane).get());
    const wanted = plane.wanted.load ?? held;
    if (wanted === undefined) throw new ApiError('overloaded', 'the shoppers do not answer yet: ask again in a moment');
    return { ...wanted, applied: wanted.requestsPerSecond === held?.requestsPerSecond };
  });

  server.put('/_lab/load', (request, reply) => putLoad(plane, request.body, reply));
}

async function putLoad(plane: ControlPlane, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const answer = await requireLoad(plane).put(body);
  if (answer.reached && answer.status >= 400) return reply.code(answer.status).send(answer.body);
  const rate = (body as Partial<LoadSetting> | undefined | null)?.requestsPerSecond;
  if (typeof rate !== 'number' || !(rate >= 0))
    throw new ApiError(
      'bad_request',
      `requestsPerSecond should be a number from 0: was ${JSON.stringify(rate) ?? 'absent'}`,
    );
  plane.wanted.load = { requestsPerSecond: rate };
  return reply.code(answer.reached ? 200 : 202).send({ requestsPerSecond: rate, applied: answer.reached });
}

function requireLoad(plane: ControlPlane): LoadLink {
  if (plane.load !== undefined) return plane.load;
  throw new ApiError('not_supported', 'this lab runs without shoppers (--no-load): start it without that flag');
}
