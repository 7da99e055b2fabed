import { ApiError } from '@tracelab/command';
import { LIMITS } from '@tracelab/protocol';
import type { Fault, ServiceName } from '@tracelab/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ControlPlane } from './plane.ts';
import { readFaultSpec } from './read-fault-spec.ts';
import { faultPath, learnState, readFault, refusalOf } from './service-link.ts';
import type { Outcome, ServiceLink } from './service-link.ts';
import { completeFault, isSameFault } from './wanted-faults.ts';

/** A wanted fault, and whether its service has it: if not, it is sent as soon as the service answers. */
export interface WantedFault extends Fault {
  applied: boolean;
}

export interface FaultsReply {
  faults: WantedFault[];
}

/** `away`: services that did not answer; they are cleared when they do. */
export interface ClearedReply {
  cleared: string[];
  away: ServiceName[];
}

const ID_FORM = /^[A-Za-z0-9._-]{1,64}$/;

export function registerFaultRoutes(server: FastifyInstance, plane: ControlPlane): void {
  server.get('/_lab/faults', (): FaultsReply => ({
    faults: plane.wanted.faults.list().map((fault) => withApplied(plane, fault)),
  }));

  server.delete('/_lab/faults', (): Promise<ClearedReply> => clear(plane, plane.wanted.faults.list()));

  server.get<{ Params: { id: string } }>('/_lab/faults/:id', (request) =>
    withApplied(plane, requireFault(plane, request.params.id)),
  );

  server.delete<{ Params: { id: string } }>('/_lab/faults/:id', (request) =>
    clear(plane, [requireFault(plane, request.params.id)]),
  );

  server.put<{ Params: { id: string } }>('/_lab/faults/:id', (request, reply) =>
    putFault(plane, request.params.id, request.body, reply),
  );
}

/** The service judges the fault; one that is away judges it when it returns. */
async function putFault(plane: ControlPlane, id: string, body: unknown, reply: FastifyReply): Promise<FastifyReply> {
  if (!ID_FORM.test(id))
    throw new ApiError(
      'bad_request',
      `the id of a fault should be 1 to 64 letters, digits, dots, dashes or underscores: was "${id.slice(0, 100)}"`,
    );
  const spec = readFaultSpec(body);
  const link = linkOf(plane, spec.service);
  const before = plane.wanted.faults.get(id);
  const release = plane.wanted.faults.reserve(id);
  if (release === undefined)
    throw new ApiError(
      'overloaded',
      `${LIMITS.faultsMax} faults are in force, more may not be: clear some first (npm run lab -- fault clear)`,
    );
  const fault = completeFault(id, spec, plane.options.clock);
  const outcome = await link.exclusive(() => sendFault(plane, link, fault, body)).finally(release);
  if (before !== undefined && before.service !== spec.service) await plane.nudge(before.service);
  return reply.code(outcome.status).send(outcome.body);
}

async function sendFault(plane: ControlPlane, link: ServiceLink, fault: Fault, body: unknown): Promise<Outcome> {
  const answer = await link.call('PUT', faultPath(fault.id), body);
  if (!answer.reached) {
    link.state = undefined;
    plane.wanted.faults.set(fault);
    return { status: 202, body: { ...fault, applied: false } };
  }
  const held = answer.status < 300 ? readFault(answer.body, fault.id) : undefined;
  if (held === undefined) return refusalOf(answer);
  plane.wanted.faults.set(held);
  await learnState(link);
  if (link.state !== undefined)
    link.state.faults = [...link.state.faults.filter((known) => known.id !== held.id), held];
  return { status: 200, body: { ...held, applied: true } };
}

async function clear(plane: ControlPlane, faults: readonly Fault[]): Promise<ClearedReply> {
  const away = new Set<ServiceName>();
  await Promise.all(
    faults.map((fault) => {
      const link = linkOf(plane, fault.service);
      return link.exclusive(async () => {
        plane.wanted.faults.delete(fault.id);
        const answer = await link.call('DELETE', faultPath(fault.id));
        if (!answer.reached) away.add(fault.service);
        if (link.state !== undefined) link.state.faults = link.state.faults.filter((held) => held.id !== fault.id);
      });
    }),
  );
  return { cleared: faults.map((fault) => fault.id), away: [...away] };
}

function withApplied(plane: ControlPlane, fault: Fault): WantedFault {
  const held = plane.links.get(fault.service)?.state?.faults ?? [];
  return { ...fault, applied: held.some((candidate) => isSameFault(fault, candidate)) };
}

function requireFault(plane: ControlPlane, id: string): Fault {
  const fault = plane.wanted.faults.get(id);
  if (fault !== undefined) return fault;
  const known = plane.wanted.faults.list().map((fault) => fault.id);
  throw new ApiError(
    'not_found',
    `there is no fault "${id}": ${known.length === 0 ? 'there is none at all' : `there are ${known.join(', ')}`}`,
  );
}

function linkOf(plane: ControlPlane, service: ServiceName): ServiceLink {
  const link = plane.links.get(service);
  if (link === undefined) throw new ApiError('internal', `there is no link to ${service}`);
  return link;
}
