import { ApiError } from '@tracelab/command';
import { isRecord, readClockOffset } from '@tracelab/protocol';
import type { ServiceName } from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { TRACED_SERVICES } from '../processes.ts';
import type { ControlPlane } from './plane.ts';
import { learnState, refusalOf } from './service-link.ts';
import type { Outcome, ServiceLink } from './service-link.ts';

/** `away` gets its offset when it returns; `unsupported` has no tracer whose clock can be set (only LAB_TRACER=lab has). */
type ClockStatus = 'applied' | 'away' | 'unsupported' | 'different';

export interface ServiceClock {
  service: ServiceName;
  /** How far the clock of its spans shall be ahead, else how far it is; absent while nobody knows. */
  offsetMs?: number;
  status: ClockStatus;
}

export interface ClocksReply {
  clocks: ServiceClock[];
}

export function registerClockRoutes(server: FastifyInstance, plane: ControlPlane): void {
  server.get('/_lab/clock', (): ClocksReply => ({
    clocks: TRACED_SERVICES.map((service) => describeClock(plane, linkOf(plane, service))),
  }));
  server.put('/_lab/clock', (request, reply) => putClock(plane, request.body, reply));
}

/** `{"service":"payments","offsetMs":250}`; 0 sets the clock right again. */
async function putClock(plane: ControlPlane, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  const { service, ...rest } = isRecord(body) ? body : {};
  const link = linkOf(plane, service);
  const offset = readClockOffset(rest);
  if (!offset.ok) throw new ApiError('bad_request', offset.error);
  const outcome = await link.exclusive(() => sendOffset(plane, link, offset.value.offsetMs));
  return reply.code(outcome.status).send(outcome.body);
}

async function sendOffset(plane: ControlPlane, link: ServiceLink, offsetMs: number): Promise<Outcome> {
  const answer = await link.call('PUT', '/_lab/clock', { offsetMs });
  if (answer.reached && answer.status !== 200) return refusalOf(answer);
  plane.wanted.clockOffsetsMs.set(link.service, offsetMs);
  if (!answer.reached) {
    link.state = undefined;
    return { status: 202, body: describeClock(plane, link) };
  }
  await learnState(link);
  if (link.state !== undefined) link.state.clockOffsetMs = offsetMs;
  return { status: 200, body: describeClock(plane, link) };
}

function describeClock(plane: ControlPlane, { service, state }: ServiceLink): ServiceClock {
  const wantedMs = plane.wanted.clockOffsetsMs.get(service);
  const heldMs = state?.clockOffsetMs;
  const offsetMs = wantedMs ?? heldMs;
  return {
    service,
    ...(offsetMs !== undefined && { offsetMs }),
    status: statusOf(state !== undefined, wantedMs, heldMs),
  };
}

function statusOf(isReached: boolean, wantedMs: number | undefined, heldMs: number | undefined): ClockStatus {
  if (!isReached) return 'away';
  if (heldMs === undefined) return 'unsupported';
  return wantedMs === undefined || wantedMs === heldMs ? 'applied' : 'different';
}

function linkOf(plane: ControlPlane, name: unknown): ServiceLink {
  const service = TRACED_SERVICES.find((traced) => traced === name);
  const link = service === undefined ? undefined : plane.links.get(service);
  if (link !== undefined) return link;
  const got = name === undefined ? 'absent' : JSON.stringify(name).slice(0, 60);
  throw new ApiError('bad_request', `service should be one of ${TRACED_SERVICES.join(', ')}: was ${got}`);
}
