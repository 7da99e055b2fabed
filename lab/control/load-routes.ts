import { ApiError } from '@tracelab/command';
import type { LoadSetting } from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { LoadLink } from './load-link.ts';
import { readLoad } from './load-link.ts';
import type { ControlPlane } from './plane.ts';
import { refusalOf } from './service-link.ts';

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

/** The shoppers judge the rate. It is wanted from the start, so that no comparison under way sets the old one back. */
async function putLoad(plane: ControlPlane, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const link = requireLoad(plane);
  const setting = readSetting(body);
  const before = plane.wanted.load;
  plane.wanted.load = setting;
  const answer = await link.put(setting);
  if (!answer.reached || answer.status < 300)
    return reply.code(answer.reached ? 200 : 202).send({ ...setting, applied: answer.reached });
  plane.wanted.load = before;
  const refusal = refusalOf(answer);
  return reply.code(refusal.status).send(refusal.body);
}

/** Parse boundary. */
function readSetting(body: unknown): LoadSetting {
  const rate = (body as Partial<LoadSetting> | undefined | null)?.requestsPerSecond;
  if (typeof rate === 'number' && rate >= 0) return { requestsPerSecond: rate };
  throw new ApiError(
    'bad_request',
    `requestsPerSecond should be a number from 0: was ${JSON.stringify(rate) ?? 'absent'}`,
  );
}

function requireLoad(plane: ControlPlane): LoadLink {
  if (plane.load !== undefined) return plane.load;
  throw new ApiError('not_supported', 'this lab runs without shoppers (--no-load): start it without that flag');
}
