import type { ClockOffset, Fault, Injection, InjectionsReply, SamplerSetting, ServiceName } from '@tracelab/protocol';
import { createHttpServer } from '@tracelab/command';
import type { FastifyInstance } from 'fastify';

/** A service as far as the control can see it, whose restarts, absences and refusals are the test's. It also plays the shoppers. */
export interface FakeService {
  readonly url: string;
  faults: Fault[];
  tracing: SamplerSetting | undefined;
  hasTracer: boolean;
  clockOffsetMs: number;
  putCount: number;
  lastAuthorization: string | undefined;
  /** What every PUT is answered with, while it is set. */
  refuseWith: { status: number; body: object } | undefined;
  inject: (faultId: string) => void;
  /** Forgets everything and is another instance, as a process that was started again. */
  restart: () => void;
  goAway: () => Promise<void>;
  comeBack: () => Promise<void>;
  close: () => Promise<void>;
}

interface Held extends FakeService {
  service: ServiceName;
  instance: number;
  injections: Injection[];
  requestsPerSecond: number;
}

export async function startFakeService(service: ServiceName): Promise<FakeService> {
  let server: FastifyInstance | undefined;
  const port = { number: 0 };
  const open = async (): Promise<void> => {
    server = serverOf(held);
    await server.listen({ host: '127.0.0.1', port: port.number });
    port.number = (server.server.address() as { port: number }).port;
  };
  const close = async (): Promise<void> => {
    server?.server.closeAllConnections();
    await server?.close();
    server = undefined;
  };
  const held: Held = {
    ...freshState(service),
    get url() {
      return `http://127.0.0.1:${port.number}`;
    },
    inject: (faultId) => held.injections.push({ faultId, service, route: '/', timeUnixMs: 0, traceId: '', spanId: '' }),
    restart: () =>
      void Object.assign(held, freshState(service), { instance: held.instance + 1, hasTracer: held.hasTracer }),
    goAway: close,
    comeBack: open,
    close,
  };
  await open();
  return held;
}

type State = Omit<Held, 'url' | 'inject' | 'restart' | 'goAway' | 'comeBack' | 'close'>;

function freshState(service: ServiceName): State {
  const hasTracer = service !== 'bank';
  return {
    service,
    instance: 1,
    faults: [],
    injections: [],
    hasTracer,
    tracing: hasTracer ? { sampler: 'parentbased_always_on' } : undefined,
    clockOffsetMs: 0,
    putCount: 0,
    lastAuthorization: undefined,
    refuseWith: undefined,
    requestsPerSecond: 1,
  };
}

function serverOf(held: Held): FastifyInstance {
  const server = createHttpServer({ name: held.service, logLevel: 'silent' });
  server.addHook('preHandler', async (request, reply) => {
    held.lastAuthorization = request.headers.authorization;
    if (request.method !== 'PUT') return;
    held.putCount++;
    if (held.refuseWith !== undefined) await reply.code(held.refuseWith.status).send(held.refuseWith.body);
  });
  server.get('/_lab/state', () => ({
    service: held.service,
    instanceId: String(held.instance),
    faults: held.faults,
    ...(held.hasTracer ? { tracing: held.tracing, clockOffsetMs: held.clockOffsetMs } : {}),
  }));
  const spans = { spansCreated: 7, spansSampled: 6, spansExported: 4, spansDropped: 1 };
  server.get('/_lab/usage', () => ({ pid: 1, cpuUs: 2, residentBytes: 3, requests: 5, ...spans }));
  registerFaults(server, held);
  registerRest(server, held);
  return server;
}

function registerFaults(server: FastifyInstance, held: Held): void {
  server.put<{ Params: { id: string }; Body: Partial<Fault> }>('/_lab/faults/:id', ({ params, body }) => {
    const { durationMs } = body;
    const end = body.expiresUnixMs ?? (durationMs === undefined ? undefined : Date.now() + durationMs);
    const origin = {
      id: params.id,
      probability: body.probability ?? 1,
      seed: body.seed ?? 7,
      createdUnixMs: body.createdUnixMs ?? Date.now(),
    };
    const fault = { ...body, ...origin, ...(end === undefined ? {} : { expiresUnixMs: end }) } as Fault;
    held.faults = [...held.faults.filter((known) => known.id !== fault.id), fault];
    return fault;
  });
  server.delete<{ Params: { id: string } }>('/_lab/faults/:id', ({ params }, reply) => {
    held.faults = held.faults.filter((fault) => fault.id !== params.id);
    return reply.code(204).send();
  });
}

function registerRest(server: FastifyInstance, held: Held): void {
  server.put<{ Body: SamplerSetting }>('/_lab/tracing', (request, reply) => {
    if (!held.hasTracer) return reply.code(501).send({ error: { code: 'not_supported', message: 'no tracer here' } });
    held.tracing = request.body;
    return reply.send(held.tracing);
  });
  server.put<{ Body: ClockOffset }>('/_lab/clock', (request, reply) => {
    if (!held.hasTracer) return reply.code(501).send({ error: { code: 'not_supported', message: 'no clock here' } });
    held.clockOffsetMs = request.body.offsetMs;
    return reply.send({ offsetMs: held.clockOffsetMs });
  });
  server.get('/_lab/load', () => ({ requestsPerSecond: held.requestsPerSecond }));
  server.put<{ Body: { requestsPerSecond: number } }>('/_lab/load', (request) => {
    held.requestsPerSecond = request.body.requestsPerSecond;
    return { requestsPerSecond: held.requestsPerSecond };
  });
  server.get<{ Querystring: { after: string } }>('/_lab/injections', (request): InjectionsReply => {
    const after = Number(request.query.after);
    const injections = held.injections
      .map((injection, index) => ({ ...injection, sequence: index + 1 }))
      .filter(({ sequence }) => sequence > after);
    return { instanceId: String(held.instance), injections, lastSequence: held.injections.length, missedCount: 0 };
  });
}
