import * as fc from 'fast-check';
import { emptyResource, emptyScope, emptySpan } from '@tracelab/protocol';
import type { TracesData } from '@tracelab/protocol';
import { flattenTracesData } from '../trace/flatten.ts';
import type { TraceSpan } from '../trace/flatten.ts';

export const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** A span of the given number under a parent of the given number; 0 for none. */
export function makeSpan(number: number, parent: number, change: Partial<TraceSpan> = {}): TraceSpan {
  return {
    ...emptySpan(),
    traceId: TRACE_ID,
    spanId: spanId(number),
    parentSpanId: parent === 0 ? '' : spanId(parent),
    name: `span ${number}`,
    serviceName: 'gateway',
    resource: emptyResource(),
    scope: emptyScope(),
    ...change,
  };
}

interface Draft {
  parent: number;
  start: number;
  duration: number;
  service: string;
  scope: string;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  parent: fc.nat(25),
  start: fc.nat(50),
  duration: fc.nat(50),
  service: fc.constantFrom('gateway', 'checkout', 'bank'),
  scope: fc.constantFrom('http', 'sql'),
});

/** One delivery for each span of a trace, with missing parents, cycles, self-parents and overlapping times. */
export const arbitraryDeliveries: fc.Arbitrary<TracesData[]> = fc
  .array(draft, { maxLength: 20 })
  .map((drafts) => drafts.map((one, index) => deliver(one, index + 1)));

function deliver({ parent, start, duration, service, scope }: Draft, number: number): TracesData {
  const span = makeSpan(number, parent, {
    startTimeUnixNano: BigInt(start),
    endTimeUnixNano: BigInt(start + duration),
  });
  const { serviceName: _, resource: __, scope: ___, ...bare } = span;
  const resource = { ...emptyResource(), attributes: [{ key: 'service.name', value: service }] };
  return {
    resourceSpans: [
      {
        resource,
        schemaUrl: '',
        scopeSpans: [{ scope: { ...emptyScope(), name: scope }, spans: [bare], schemaUrl: '' }],
      },
    ],
  };
}

/** Deliveries, and the same again in another order with some of them repeated. */
export const arbitraryRedelivery = arbitraryDeliveries.chain((deliveries) =>
  fc.record({
    once: fc.constant(deliveries),
    again: fc
      .subarray(deliveries)
      .chain((repeated) =>
        fc.shuffledSubarray([...deliveries, ...repeated], { minLength: deliveries.length + repeated.length }),
      ),
  }),
);

export function flattenAll(deliveries: readonly TracesData[]): TraceSpan[] {
  return deliveries.flatMap(flattenTracesData);
}
