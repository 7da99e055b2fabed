import type { TracerName } from '@tracelab/command';
import { SERVICES, urlVariable, type ServiceName } from '@tracelab/protocol';
import type { WorkloadName } from './result.ts';

/** A program of a set: where it listens is decided before it starts, so that its peers can be told. */
export interface ProgramPlan {
  name: string;
  file: string;
  tracer: TracerName;
  env: Readonly<Record<string, string>>;
  url: string;
}

/** A load that can be measured: which processes it needs, and where its requests go in. */
export interface Workload {
  name: WorkloadName;
  /** For people: what a request passes through. */
  path: string;
  processes: number;
  /** The first program is the entry. Ports are as many as processes. */
  plan: (tracer: TracerName, ports: readonly number[]) => ProgramPlan[];
}

const HOP = 'services/hop/main.ts';

const hop: Workload = {
  name: 'hop',
  path: 'front -> fetch -> back, two processes that do nothing else',
  processes: 2,
  plan: (tracer, ports) => {
    const [front, back] = [urlAt(ports, 0), urlAt(ports, 1)];
    return [
      {
        name: 'front',
        file: HOP,
        tracer,
        url: front.url,
        env: { HOP_ROLE: 'front', HOP_PORT: front.port, HOP_BACK_URL: back.url },
      },
      { name: 'back', file: HOP, tracer, url: back.url, env: { HOP_ROLE: 'back', HOP_PORT: back.port } },
    ];
  },
};

const checkout: Workload = {
  name: 'checkout',
  path: 'POST /checkout through the six services and the bank, seven processes',
  processes: SERVICES.length,
  plan: (tracer, ports) => {
    const places = SERVICES.map((service, index) => ({ service, ...urlAt(ports, index) }));
    const peers = Object.fromEntries(places.map(({ service, url }) => [urlVariable(service), url]));
    return places.map(({ service, port, url }) => ({
      name: service,
      file: `services/${service}/main.ts`,
      tracer: tracerOf(service, tracer),
      url,
      env: { ...peers, [`${service.toUpperCase()}_PORT`]: port },
    }));
  },
};

export const WORKLOADS: Readonly<Record<WorkloadName, Workload>> = { hop, checkout };

/** The bank is an outside party: nobody instruments it, in any set. */
function tracerOf(service: ServiceName, tracer: TracerName): TracerName {
  return service === 'bank' ? 'none' : tracer;
}

function urlAt(ports: readonly number[], index: number): { port: string; url: string } {
  const port = ports[index];
  if (port === undefined) throw new Error(`a workload needs a port for each process: ${ports.length} were given`);
  return { port: String(port), url: `http://127.0.0.1:${port}` };
}
