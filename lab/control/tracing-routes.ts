import { ApiError } from '@tracelab/command';
import { readSamplerSetting } from '@tracelab/protocol';
import type { SamplerSetting, ServiceName } from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HttpAnswer } from '../http-call.ts';
import { TRACED_SERVICES } from '../processes.ts';
import type { ControlPlane } from './plane.ts';
import { isSameSampler } from './reconcile.ts';
import { learnState } from './service-link.ts';
import type { Outcome, ServiceLink } from './service-link.ts';

/** `away` gets the setting when it returns; `untraced` has no tracer that can be switched (LAB_TRACER=none or api). */
type TracingStatus = 'applied' | 'away' | 'untraced' | 'different';

/** The wanted sampler, else the one that the services were started with, and how far each service is. */
export interface TracingReply extends SamplerSetting {
  services: { service: ServiceName; status: TracingStatus }[];
}

export function registerTracingRoutes(server: FastifyInstance, plane: ControlPlane): void {
  server.get('/_lab/tracing', (): TracingReply => describeTracing(plane, currentSetting(plane)));
  server.put('/_lab/tracing', (request, reply) => putTracing(plane, request.body, reply));
}

/**
 * The services may refuse it too (another tracer knows other samplers): one refusal is the answer, and then what was
 * wanted before is wanted again. It is wanted from the start, so that no comparison under way sets the old one back.
 */
async function putTracing(plane: ControlPlane, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const setting = readSetting(body);
  const before = plane.wanted.tracing;
  plane.wanted.tracing = setting;
  const answers = await Promise.all(tracedLinks(plane).map((link) => link.exclusive(() => sendTracing(link, setting))));
  const reached = answers.filter((answer) => answer.reached);
  const refused = findRefusal(reached);
  if (refused === undefined) return reply.code(reached.length === 0 ? 202 : 200).send(describeTracing(plane, setting));
  plane.wanted.tracing = before;
  return reply.code(refused.status).send(refused.body);
}

/** A malformed setting is refused by whoever sees it; a missing tracer counts only where all are without. */
function findRefusal(answers: readonly Outcome[]): Outcome | undefined {
  const malformed = answers.find((answer) => answer.status === 400);
  return malformed ?? (answers.every((answer) => answer.status >= 400) ? answers[0] : undefined);
}

async function sendTracing(link: ServiceLink, setting: SamplerSetting): Promise<HttpAnswer> {
  const answer = await link.call('PUT', '/_lab/tracing', setting);
  if (!answer.reached) link.state = undefined;
  else if (answer.status === 200) await learnState(link);
  if (answer.reached && answer.status === 200 && link.state !== undefined) link.state.tracing = setting;
  return answer;
}

function currentSetting(plane: ControlPlane): SamplerSetting {
  if (plane.wanted.tracing !== undefined) return plane.wanted.tracing;
  const links = tracedLinks(plane);
  const known = links.find((link) => link.state?.tracing !== undefined)?.state?.tracing;
  if (known !== undefined) return known;
  if (links.some((link) => link.state !== undefined))
    throw new ApiError(
      'not_supported',
      'no service has a tracer that can be switched: the lab runs with LAB_TRACER=none or api',
    );
  throw new ApiError('overloaded', 'no service has answered yet: ask again in a moment');
}

function describeTracing(plane: ControlPlane, setting: SamplerSetting): TracingReply {
  return {
    ...setting,
    services: tracedLinks(plane).map((link) => ({ service: link.service, status: statusOf(link, setting) })),
  };
}

function statusOf(link: ServiceLink, setting: SamplerSetting): TracingStatus {
  if (link.state === undefined) return 'away';
  if (link.state.tracing === undefined) return 'untraced';
  return isSameSampler(setting, link.state.tracing) ? 'applied' : 'different';
}

function tracedLinks(plane: ControlPlane): ServiceLink[] {
  return TRACED_SERVICES.flatMap((service) => plane.links.get(service) ?? []);
}

function readSetting(body: unknown): SamplerSetting {
  const setting = readSamplerSetting(body);
  if (setting.ok) return setting.value;
  throw new ApiError('bad_request', setting.error);
}
