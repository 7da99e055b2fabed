import type { TracerName } from '@tracelab/command';
import { SERVICES, urlVariable, type ServiceName } from '@tracelab/protocol';
import type { Variant } from './variant.ts';

/** A program of a set: where it listens is decided before it starts, so that its peers can be told. */
export interface ProgramPlan {
  name: string;
  file: string;
  tracer: TracerName;
  env: Readonly<Record<string, string>>;
  url: string;
}

const HOP = 'services/hop/main.ts';

/** Front and back, on two ports. A known cost is burnt in the front. */
export function planHop({ tracer = 'none', injectedUs }: Variant, ports: readonly number[]): ProgramPlan[] {
  const [front, back] = [urlAt(ports, 0), urlAt(ports, 1)];
  const injected = injectedUs === undefined ? {} : { HOP_INJECTED_US: String(injectedUs) };
  return [
    {
      name: 'front',
      file: HOP,
      tracer,
      url: front.url,
      env: { HOP_ROLE: 'front', HOP_PORT: front.port, HOP_BACK_URL: back.url, ...injected },
    },
    { name: 'back', file: HOP, tracer, url: back.url, env: { HOP_ROLE: 'back', HOP_PORT: back.port } },
  ];
}

/** The six services and the bank, the gateway first. */
export function planCheckout({ tracer = 'none' }: Pick<Variant, 'tracer'>, ports: readonly number[]): ProgramPlan[] {
  const places = SERVICES.map((service, index) => ({ service, ...urlAt(ports, index) }));
  const peers = Object.fromEntries(places.map(({ service, url }) => [urlVariable(service), url]));
  return places.map(({ service, port, url }) => ({
    name: service,
    file: `services/${service}/main.ts`,
    tracer: tracerOf(service, tracer),
    url,
    env: { ...peers, [`${service.toUpperCase()}_PORT`]: port },
  }));
}

/** The bank is an outside party: nobody instruments it, in any set. */
function tracerOf(service: ServiceName, tracer: TracerName): TracerName {
  return service === 'bank' ? 'none' : tracer;
}

function urlAt(ports: readonly number[], index: number): { port: string; url: string } {
  const port = ports[index];
  if (port === undefined) throw new Error(`a workload needs a port for each process: ${ports.length} were given`);
  return { port: String(port), url: `http://127.0.0.1:${port}` };
}
