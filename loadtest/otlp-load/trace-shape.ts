import {
  createRandom,
  emptyResourceSpans,
  emptyScopeSpans,
  emptySpan,
  emptyStatus,
  SpanKind,
  StatusCode,
  type KeyValue,
  type ResourceSpans,
  type Span,
} from '@tracelab/protocol';

/** One process that a trace crosses: a server's span, and a second one for its call of the next, the last one's for its query. */
export interface ShapedService {
  name: string;
  route: string;
  spans: 1 | 2;
}

export interface TraceShape {
  /** In the order in which they call each other. */
  services: readonly ShapedService[];
  /** Every so many-th trace takes over half a second; Infinity: none. */
  slowEvery: number;
}

const [GATEWAY, CHECKOUT, PAYMENTS, INVENTORY, PRICING] = [
  { name: 'gateway', route: '/cart', spans: 2 },
  { name: 'checkout', route: '/checkout', spans: 2 },
  { name: 'payments', route: '/charge', spans: 2 },
  { name: 'inventory', route: '/reserve/{sku}', spans: 2 },
  { name: 'pricing', route: '/prices/{sku}', spans: 2 },
] as const;

/** 10 spans. */
export const FIVE_SERVICES: TraceShape = {
  services: [GATEWAY, CHECKOUT, PAYMENTS, INVENTORY, PRICING],
  slowEvery: Infinity,
};

/** 12 spans; 1 % of the traces are errors, as in the other, and 2 % slow. */
export const SEVEN_SERVICES: TraceShape = {
  services: [
    GATEWAY,
    CHECKOUT,
    PAYMENTS,
    INVENTORY,
    PRICING,
    { name: 'cache', route: '/entries/{sku}', spans: 1 },
    { name: 'bank', route: '/authorize', spans: 1 },
  ],
  slowEvery: 50,
};

export function spansPerTrace({ services }: TraceShape): number {
  return services.reduce((sum, { spans }) => sum + spans, 0);
}

/** The first four bytes of every trace id: whoever sends puts a number there, so that each sending is of new traces. */
const GENERATION_PLACE = '00000000';

/** Users, orders and articles differ from trace to trace as real ones do: nothing here shrinks by repetition alone. */
const USERS = 1e6;
/** Not drawn: of a few hundred traces, shares of 1 and 2 % would be anything. */
const ERROR_EVERY = 100;
const SLOW_MS = 600;
const MS_NANO = 1_000_000n;

/** Which traces: as many processes as a trace crosses are a group, whose traces no other group has. */
export interface ProcessTraces {
  process: number;
  traces: number;
  /** @default 0 */
  firstTrace?: number;
  nowUnixMs: number;
}

/** What one process tells of so many traces: 10 to 12 attributes for a server's span, 8 for a client's, 5 for a query's. */
export function describeProcess(shape: TraceShape, of: ProcessTraces): ResourceSpans {
  const { process, traces, firstTrace = 0, nowUnixMs } = of;
  const [group, position] = [Math.floor(process / shape.services.length), process % shape.services.length];
  const name = shape.services[position]?.name ?? '';
  const resourceSpans = emptyResourceSpans();
  resourceSpans.resource.attributes = attributesOf({
    'service.name': name,
    'service.version': '1.4.2',
    'service.instance.id': `${name}-${group}`,
    'deployment.environment.name': 'production',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
  });
  const scopeSpans = emptyScopeSpans();
  scopeSpans.scope.name = '@opentelemetry/instrumentation-http';
  scopeSpans.scope.version = '0.223.0';
  for (let trace = firstTrace; trace < firstTrace + traces; trace++)
    scopeSpans.spans.push(...spansOf(shape, { group, trace, position, nowUnixMs }));
  resourceSpans.scopeSpans.push(scopeSpans);
  return resourceSpans;
}

interface Place {
  group: number;
  trace: number;
  position: number;
  nowUnixMs: number;
}

interface DrawnTrace {
  traceId: string;
  spanIds: string[];
  user: number;
  isError: boolean;
  beganUnixMs: number;
  durationMs: number;
}

/** Every process of a group draws the same of a trace, without telling each other. */
function drawTrace(shape: TraceShape, { group, trace, nowUnixMs }: Place): DrawnTrace {
  const random = createRandom(group * 65_536 + trace + 1);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
  const traceId = `${GENERATION_PLACE}${hex(24)}`;
  const spanIds = Array.from({ length: spansPerTrace(shape) }, () => hex(16));
  const user = Math.floor(random.next() * USERS);
  const isError = trace % ERROR_EVERY === ERROR_EVERY / 2;
  const beganUnixMs = nowUnixMs - 2000 + random.next() * 1000;
  const quickMs = 2 + random.next() * 80;
  const isSlow = trace % shape.slowEvery === Math.floor(shape.slowEvery / 4);
  const durationMs = isSlow ? quickMs + SLOW_MS : quickMs;
  return { traceId, spanIds, user, isError, beganUnixMs, durationMs };
}

function spansOf(shape: TraceShape, place: Place): Span[] {
  const drawn = drawTrace(shape, place);
  const services = shape.services.slice(place.position);
  const [service, next] = services;
  if (service === undefined)
    throw new Error(`a trace crosses ${shape.services.length} services: ${place.position} is none`);
  const first = spansPerTrace(shape) - spansPerTrace({ ...shape, services });
  const [parentSpanId = '', spanId = '', secondId = ''] = ['', ...drawn.spanIds].slice(first);
  const server = serverSpan(service, place.position, { ...drawn, spanId, parentSpanId });
  if (service.spans === 1) return [server];
  const second: Span = {
    ...server,
    spanId: secondId,
    parentSpanId: spanId,
    kind: SpanKind.client,
    startTimeUnixNano: server.startTimeUnixNano + MS_NANO,
    endTimeUnixNano: server.endTimeUnixNano - MS_NANO / 2n,
    status: emptyStatus(),
  };
  if (next === undefined)
    return [server, { ...second, name: 'SELECT prices', attributes: queryAttributes(drawn.user) }];
  const attributes = clientAttributes(next, place.position, drawn.isError);
  return [server, { ...second, name: `POST ${next.route}`, attributes }];
}

function serverSpan(
  service: ShapedService,
  position: number,
  { traceId, spanId, parentSpanId, ...drawn }: DrawnTrace & { spanId: string; parentSpanId: string },
): Span {
  const beganNano = BigInt(Math.round(drawn.beganUnixMs + position * 3)) * MS_NANO;
  return {
    ...emptySpan(),
    traceId,
    spanId,
    parentSpanId,
    flags: 0x103,
    name: `POST ${service.route}`,
    kind: SpanKind.server,
    startTimeUnixNano: beganNano,
    endTimeUnixNano: beganNano + BigInt(Math.round(drawn.durationMs * 1e6)),
    attributes: serverAttributes(service, { position, ...drawn }),
    status: drawn.isError ? { code: StatusCode.error, message: 'upstream failed' } : emptyStatus(),
  };
}

function serverAttributes(
  { name, route }: ShapedService,
  { position, user, isError }: { position: number; user: number; isError: boolean },
): KeyValue[] {
  return attributesOf({
    'http.request.method': 'POST',
    'url.path': route.replace('{sku}', `sku-${user % 5000}`),
    'url.scheme': 'http',
    'http.route': route,
    'http.response.status_code': isError ? 502n : 200n,
    'server.address': `${name}.internal`,
    'server.port': BigInt(4600 + position),
    'client.address': `10.0.${user % 250}.${user % 200}`,
    'user_agent.original': 'undici/7.16.0',
    'network.protocol.version': '1.1',
    ...(position === 0 ? { 'enduser.id': `user-${user}`, 'shop.cart.lines': BigInt(1 + (user % 7)) } : {}),
  });
}

function clientAttributes({ name, route }: ShapedService, position: number, isError: boolean): KeyValue[] {
  return attributesOf({
    'http.request.method': 'POST',
    'url.full': `http://${name}.internal:${4601 + position}${route}`,
    'http.response.status_code': isError ? 502n : 200n,
    'server.address': `${name}.internal`,
    'server.port': BigInt(4601 + position),
    'network.peer.address': `10.1.0.${position}`,
    'network.peer.port': BigInt(4601 + position),
    'http.request.resend_count': 0n,
  });
}

function queryAttributes(user: number): KeyValue[] {
  return attributesOf({
    'db.system.name': 'postgresql',
    'db.namespace': 'prices',
    'db.query.text': 'SELECT cents FROM prices WHERE sku = $1',
    'db.operation.name': 'SELECT',
    'db.response.returned_rows': BigInt(user % 3),
  });
}

function attributesOf(values: Readonly<Record<string, string | bigint>>): KeyValue[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
