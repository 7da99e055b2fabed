import {
  createRandom,
  emptyResourceSpans,
  emptyScopeSpans,
  emptySpan,
  SpanKind,
  type KeyValue,
  type ResourceSpans,
  type Span,
} from '@tracelab/protocol';

/** A trace crosses this many processes, each with two spans of it: a server's and a client's, the last one's a query's. */
export const PROCESSES_PER_TRACE = 5;
export const SPANS_PER_PROCESS = 2;

/** The first four bytes of every trace id: whoever sends puts a number there, so that each sending is of new traces. */
const GENERATION_PLACE = '00000000';

const SERVICES = ['gateway', 'checkout', 'payments', 'inventory', 'pricing'] as const;
const ROUTES = ['/cart', '/checkout', '/charge', '/reserve/{sku}', '/prices/{sku}'] as const;
/** Users, orders and articles differ from trace to trace as real ones do: nothing here shrinks by repetition alone. */
const USERS = 1e6;
const MS_NANO = 1_000_000n;

/** What one process tells of so many traces: 10 to 12 attributes for a server's span, 8 for a client's, 5 for a query's. */
export function describeProcess(process: number, traces: number, nowUnixMs: number): ResourceSpans {
  const [group, position] = [Math.floor(process / PROCESSES_PER_TRACE), process % PROCESSES_PER_TRACE];
  const resourceSpans = emptyResourceSpans();
  resourceSpans.resource.attributes = attributesOf({
    'service.name': SERVICES[position] ?? '',
    'service.version': '1.4.2',
    'service.instance.id': `${SERVICES[position]}-${group}`,
    'deployment.environment.name': 'production',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.language': 'nodejs',
  });
  const scopeSpans = emptyScopeSpans();
  scopeSpans.scope.name = '@opentelemetry/instrumentation-http';
  scopeSpans.scope.version = '0.223.0';
  for (let trace = 0; trace < traces; trace++) scopeSpans.spans.push(...spansOf({ group, trace, position, nowUnixMs }));
  resourceSpans.scopeSpans.push(scopeSpans);
  return resourceSpans;
}

interface Place {
  group: number;
  trace: number;
  position: number;
  nowUnixMs: number;
}

/** Every process of a group makes the same ids of a trace, without telling each other. */
function spansOf({ group, trace, position, nowUnixMs }: Place): Span[] {
  const random = createRandom(group * 65_536 + trace + 1);
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(random.next() * 16).toString(16)).join('');
  const traceId = `${GENERATION_PLACE}${hex(24)}`;
  const spanIds = Array.from({ length: PROCESSES_PER_TRACE * SPANS_PER_PROCESS }, () => hex(16));
  const user = Math.floor(random.next() * USERS);
  const isError = random.next() < 0.01;
  const beganNano = BigInt(Math.round(nowUnixMs - 2000 + random.next() * 1000 + position * 3)) * MS_NANO;
  const durationNano = BigInt(Math.round((2 + random.next() * 80) * 1e6));
  const first = position * SPANS_PER_PROCESS;
  const common = { ...emptySpan(), traceId, flags: 0x103 };
  return [
    {
      ...common,
      spanId: spanIds[first] ?? '',
      parentSpanId: position === 0 ? '' : (spanIds[first - 1] ?? ''),
      name: `POST ${ROUTES[position]}`,
      kind: SpanKind.server,
      startTimeUnixNano: beganNano,
      endTimeUnixNano: beganNano + durationNano,
      attributes: serverAttributes(position, user, isError),
      status: { code: isError ? 2 : 0, message: isError ? 'upstream failed' : '' },
    },
    {
      ...common,
      spanId: spanIds[first + 1] ?? '',
      parentSpanId: spanIds[first] ?? '',
      name: position === PROCESSES_PER_TRACE - 1 ? 'SELECT prices' : `POST ${ROUTES[position + 1]}`,
      kind: SpanKind.client,
      startTimeUnixNano: beganNano + MS_NANO,
      endTimeUnixNano: beganNano + durationNano - MS_NANO / 2n,
      attributes: position === PROCESSES_PER_TRACE - 1 ? queryAttributes(user) : clientAttributes(position, isError),
    },
  ];
}

function serverAttributes(position: number, user: number, isError: boolean): KeyValue[] {
  return attributesOf({
    'http.request.method': 'POST',
    'url.path': `${ROUTES[position]}`.replace('{sku}', `sku-${user % 5000}`),
    'url.scheme': 'http',
    'http.route': `${ROUTES[position]}`,
    'http.response.status_code': isError ? 502n : 200n,
    'server.address': `${SERVICES[position]}.internal`,
    'server.port': BigInt(4600 + position),
    'client.address': `10.0.${user % 250}.${user % 200}`,
    'user_agent.original': 'undici/7.16.0',
    'network.protocol.version': '1.1',
    ...(position === 0 ? { 'enduser.id': `user-${user}`, 'shop.cart.lines': BigInt(1 + (user % 7)) } : {}),
  });
}

function clientAttributes(position: number, isError: boolean): KeyValue[] {
  return attributesOf({
    'http.request.method': 'POST',
    'url.full': `http://${SERVICES[position + 1]}.internal:${4601 + position}${ROUTES[position + 1]}`,
    'http.response.status_code': isError ? 502n : 200n,
    'server.address': `${SERVICES[position + 1]}.internal`,
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
