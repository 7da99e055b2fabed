import { LOOPBACK_HOST, portFor, SERVICES, urlFor, urlVariable } from '@tracelab/protocol';
import type { PortName, ServiceName } from '@tracelab/protocol';

export type ProcessName = ServiceName | 'collector' | 'load' | 'lab';

/** One process of the lab, as `npm start` launches it and as docker-compose.yml describes it. */
export interface LabProcess {
  readonly name: ProcessName;
  /** Relative to the project's root. */
  readonly file: string;
  readonly args: readonly string[];
  readonly ports: readonly PortName[];
  /** Services that it calls: each is told to it as `<NAME>_URL`. */
  readonly peers: readonly ServiceName[];
  /** False for the bank, the outside party that nobody instrumented, and for what is not part of the shop. */
  readonly isTraced: boolean;
  /** The stages start together; the lab is stopped from the last to the first, so that the collector takes the last spans. */
  readonly stage: 'collect' | 'shop' | 'load' | 'lab';
  /** Constant variables; ports and addresses are added by `environmentOf`. */
  readonly environment: Readonly<Record<string, string>>;
}

const PEERS: Record<ServiceName, readonly ServiceName[]> = {
  gateway: ['checkout', 'inventory', 'pricing'],
  checkout: ['pricing', 'inventory', 'payments'],
  payments: ['bank'],
  inventory: [],
  pricing: ['cache'],
  cache: [],
  bank: [],
};

/** Children deliver their spans well before a trace is decided, one second after its root arrived. */
const BATCH_DELAY_MS = '200';
/** Health checks, scrapes and the lab's own control would drown the shop's traces. */
const IGNORED_PATHS = '/healthz,/metrics,/_lab';

export const PROCESSES: readonly LabProcess[] = [
  outsideTheShop({
    name: 'collector',
    stage: 'collect',
    file: 'collector/main.ts',
    ports: ['otlpGrpc', 'otlpHttp', 'query', 'sampling'],
  }),
  ...SERVICES.toReversed().map(service),
  outsideTheShop({
    name: 'load',
    stage: 'load',
    file: 'loadtest/main.ts',
    args: ['shop'],
    ports: ['load'],
    peers: ['gateway'],
  }),
  // `npm start` runs this one inside the supervisor; compose runs it alone.
  outsideTheShop({
    name: 'lab',
    stage: 'lab',
    file: 'lab/main.ts',
    args: ['control'],
    ports: ['control'],
    peers: SERVICES,
  }),
];

/** The services that have a tracer, and so a sampler that can be switched. */
export const TRACED_SERVICES: readonly ServiceName[] = SERVICES.filter((name) => name !== 'bank');

type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable that the process is started with, beside those that it inherits from the supervisor. */
export function environmentOf(process: LabProcess, outer: Environment): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const peer of process.peers) variables[urlVariable(peer)] = serviceUrl(peer, outer);
  if (process.isTraced)
    variables['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://${reachableHost(outer)}:${portFor('otlpHttp', outer)}`;
  return { ...variables, ...process.environment };
}

/** A service as its peers on this machine call it, also where LAB_HOST moved it away from loopback. */
export function serviceUrl(service: ServiceName, environment: Environment): string {
  const given = environment[urlVariable(service)] ?? '';
  return given === ''
    ? `http://${reachableHost(environment)}:${portFor(service, environment)}`
    : urlFor(service, environment);
}

/** Where this machine reaches what listens on LAB_HOST: a wildcard address is listened on, never called. */
export function reachableHost(environment: Environment): string {
  const host = environment['LAB_HOST'] ?? '';
  if (host === '' || host === '0.0.0.0' || host === '::') return LOOPBACK_HOST;
  return host.includes(':') ? `[${host}]` : host;
}

function service(name: ServiceName): LabProcess {
  const isTraced = name !== 'bank';
  const tracing = {
    OTEL_SERVICE_NAME: name,
    OTEL_BSP_SCHEDULE_DELAY: BATCH_DELAY_MS,
    TRACELAB_IGNORE_PATHS: IGNORED_PATHS,
  };
  return {
    name,
    stage: 'shop',
    file: `services/${name}/main.ts`,
    args: [],
    ports: [name],
    peers: PEERS[name],
    isTraced,
    environment: isTraced ? tracing : {},
  };
}

function outsideTheShop(row: Pick<LabProcess, 'name' | 'file' | 'ports' | 'stage'> & Partial<LabProcess>): LabProcess {
  return { args: [], peers: [], isTraced: false, environment: {}, ...row };
}
