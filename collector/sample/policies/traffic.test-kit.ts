import {
  createRandom,
  emptyEvent,
  emptyResourceSpans,
  emptyScopeSpans,
  emptySpan,
  type AnyValue,
  type KeyValue,
  type Random,
  type Span,
  type TracesData,
} from '@tracelab/protocol';

const BASE_TIME_NS = 1_780_000_000_000_000_000n;
const SERVICES = ['gateway', 'checkout', 'payments', 'bank'] as const;
const SPANS_MAX = 8;
/** Of a request. */
const TRACES_MAX = 50;

const TRACE_STATES = [
  '',
  '',
  '',
  'vendor=gold',
  'other=1,vendor=silver',
  'vendor=gold,,',
  'Vendor=gold',
  'ot=th:8',
] as const;

/** Every kind of value under the keys that the policies name, of the wrong types too: what upstream makes of them is part of its meaning. */
const VALUES: Readonly<Record<string, readonly AnyValue[]>> = {
  'http.status_code': [200n, 404n, 500n, 503n, -7n, 500.5, '500', true, null],
  'http.route': ['/', '/checkout', '/checkout/42', '/health', 'GÄSTE', '', 7n, false],
  'cache.hit': [true, false, 'true', 1n],
  'deployment.environment': ['prod', 'staging', '', 3n],
  attempt: [1n, 2n, 1.25, '3'],
};

/**
 * Requests as exporters send them, the same for the same seed: traces of one to eight spans from four services, some of them spread
 * over two requests, with errors, odd times, trace state, flags, attributes that are there twice, and spans without any.
 */
export function createTraffic(traceCount: number, seed: number): TracesData[] {
  const random = createRandom(seed);
  const requests: TracesData[] = [];
  let late: Placed[] = [];
  for (let first = 0; first < traceCount; first += TRACES_MAX) {
    const traces = Array.from({ length: Math.min(TRACES_MAX, traceCount - first) }, () => createTrace(random));
    const [now, next] = partition(traces.flat(), () => random.next() < 0.9);
    requests.push(requestOf([...late, ...now], random));
    late = next;
  }
  if (late.length > 0) requests.push(requestOf(late, random));
  return requests;
}

interface Placed {
  service: string;
  span: Span;
}

function createTrace(random: Random): Placed[] {
  const traceId = hex(random, 16);
  const startNs = BASE_TIME_NS + BigInt(Math.floor(random.next() * 1e9));
  const spanCount = 1 + Math.floor(random.next() * SPANS_MAX);
  let parentSpanId = '';
  return Array.from({ length: spanCount }, () => {
    const span = createSpan(random, { traceId, parentSpanId, startNs });
    parentSpanId = span.spanId;
    return { service: pick(random, SERVICES), span };
  });
}

function createSpan(random: Random, of: { traceId: string; parentSpanId: string; startNs: bigint }): Span {
  const startTimeUnixNano = of.startNs + BigInt(Math.floor(random.next() * 200e6));
  // A tenth lie on a whole millisecond, where bounds decide.
  const exact = random.next() < 0.1 ? 1_000_000n : 1n;
  const durationNs = (BigInt(Math.floor(random.next() ** 4 * 600e6)) / exact) * exact;
  return {
    ...emptySpan(),
    traceId: of.traceId,
    spanId: hex(random, 8),
    parentSpanId: of.parentSpanId,
    traceState: pick(random, TRACE_STATES),
    name: pick(random, ['GET /', 'POST /checkout', 'charge']),
    kind: pick(random, [1, 2, 3] as const),
    startTimeUnixNano,
    endTimeUnixNano: startTimeUnixNano + durationNs,
    attributes: createAttributes(random, ['http.status_code', 'http.route', 'cache.hit']),
    events:
      random.next() < 0.05
        ? [
            {
              ...emptyEvent(),
              name: pick(random, ['retry', 'exception']),
              attributes: createAttributes(random, ['attempt']),
            },
          ]
        : [],
    status: { code: random.next() < 0.02 ? 2 : random.next() < 0.05 ? 1 : 0, message: '' },
    flags: random.next() < 0.3 ? 0x101 : 0,
  };
}

function createAttributes(random: Random, keys: readonly string[]): KeyValue[] {
  return keys.flatMap((key) => {
    const count = random.next() < 0.3 ? (random.next() < 0.05 ? 2 : 1) : 0;
    return Array.from({ length: count }, () => ({ key, value: pick(random, VALUES[key] ?? []) }));
  });
}

/** One resource for each service, which differ from request to request. */
function requestOf(placed: readonly Placed[], random: Random): TracesData {
  const byService = Map.groupBy(placed, ({ service }) => service);
  const resourceSpans = [...byService].map(([service, spans]) => {
    const resource = emptyResourceSpans();
    resource.resource.attributes.push({ key: 'service.name', value: service });
    resource.resource.attributes.push(...createAttributes(random, ['deployment.environment']));
    const scope = emptyScopeSpans();
    scope.scope.name = 'traffic';
    scope.spans.push(...spans.map(({ span }) => span));
    resource.scopeSpans.push(scope);
    return resource;
  });
  return { resourceSpans };
}

function partition<Item>(items: readonly Item[], isFirst: () => boolean): [Item[], Item[]] {
  const parts: [Item[], Item[]] = [[], []];
  for (const item of items) parts[isFirst() ? 0 : 1].push(item);
  return parts;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random.next() * items.length)] as Item;
}

function hex(random: Random, byteCount: number): string {
  const byte = (): string => (1 + Math.floor(random.next() * 255)).toString(16).padStart(2, '0');
  return Array.from({ length: byteCount }, byte).join('');
}
