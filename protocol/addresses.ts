/**
 * Where every process listens: one table for the supervisor, the services, compose and the documentation. A single
 * variable wins over `LAB_PORT_BASE`, which wins over the default.
 */
export const PORTS = {
  gateway: { port: 4600, offset: 0, variable: 'GATEWAY_PORT', what: 'gateway' },
  checkout: { port: 4601, offset: 1, variable: 'CHECKOUT_PORT', what: 'checkout' },
  payments: { port: 4602, offset: 2, variable: 'PAYMENTS_PORT', what: 'payments' },
  inventory: { port: 4603, offset: 3, variable: 'INVENTORY_PORT', what: 'inventory' },
  pricing: { port: 4604, offset: 4, variable: 'PRICING_PORT', what: 'pricing' },
  cache: { port: 4605, offset: 5, variable: 'CACHE_PORT', what: 'cache' },
  bank: { port: 4606, offset: 6, variable: 'BANK_PORT', what: 'bank' },
  load: { port: 4607, offset: 7, variable: 'LOAD_PORT', what: 'shoppers' },
  otlpGrpc: { port: 4317, offset: 17, variable: 'COLLECTOR_GRPC_PORT', what: 'collector, OTLP over gRPC' },
  otlpHttp: { port: 4318, offset: 18, variable: 'COLLECTOR_HTTP_PORT', what: 'collector, OTLP over HTTP' },
  zipkin: { port: 9411, offset: 11, variable: 'COLLECTOR_ZIPKIN_PORT', what: 'collector, Zipkin spans' },
  sampling: { port: 5778, offset: 78, variable: 'COLLECTOR_SAMPLING_PORT', what: 'sampling strategies' },
  query: { port: 16686, offset: 86, variable: 'COLLECTOR_QUERY_PORT', what: 'query API and viewer' },
  control: { port: 4690, offset: 90, variable: 'LAB_CONTROL_PORT', what: 'lab control' },
} as const satisfies Record<string, PortRow>;

interface PortRow {
  port: number;
  offset: number;
  variable: string;
  what: string;
}

export type PortName = keyof typeof PORTS;

/** The shop in the order of its ports; the bank is the outside party that nobody instrumented. */
export const SERVICES = ['gateway', 'checkout', 'payments', 'inventory', 'pricing', 'cache', 'bank'] as const;
export type ServiceName = (typeof SERVICES)[number];

export const LOOPBACK_HOST = '127.0.0.1';

/** The variable that tells a peer where a service is, for example GATEWAY_URL. */
export function urlVariable(service: ServiceName): string {
  return `${service.toUpperCase()}_URL`;
}

const PORT_BASE_MAX = 65_535 - Math.max(...Object.values(PORTS).map((row) => row.offset));

type Environment = Readonly<Record<string, string | undefined>>;

/** The port that a process shall use; throws a RangeError naming the variable where its value is no port. */
export function portFor(name: PortName, environment: Environment): number {
  const row = PORTS[name];
  const own = environment[row.variable];
  if (own !== undefined && own !== '') return parsePort(own, row.variable);
  const base = environment['LAB_PORT_BASE'];
  if (base !== undefined && base !== '') return parseBase(base) + row.offset;
  return row.port;
}

/** The address of a service as its peers call it: its URL variable, else loopback and its port. Throws a RangeError. */
export function urlFor(service: ServiceName, environment: Environment): string {
  const variable = urlVariable(service);
  const url = environment[variable];
  return url !== undefined && url !== ''
    ? parseUrl(url, variable)
    : `http://${LOOPBACK_HOST}:${portFor(service, environment)}`;
}

function parseUrl(text: string, variable: string): string {
  if (/^https?:\/\/[^\s/?#]+[^\s?#]*$/i.test(text)) return text.replace(/\/+$/, '');
  throw new RangeError(`${variable} should be an address such as http://127.0.0.1:4606: was "${text}"`);
}

function parsePort(text: string, variable: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`${variable} should be a port from 0 to 65535: was "${text}"`);
}

/** With every offset added the ports must still be ports; 0 would be "any port" for the gateway alone. */
function parseBase(text: string): number {
  const base = Number(text);
  if (Number.isInteger(base) && base >= 1 && base <= PORT_BASE_MAX) return base;
  throw new RangeError(`LAB_PORT_BASE should be a port from 1 to ${PORT_BASE_MAX}: was "${text}"`);
}
