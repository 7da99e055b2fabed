import assert from 'node:assert/strict';
import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { Span, SpanOptions, Tracer } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Behaviour, Differences, Traced } from './behaviour.ts';
import { ODD_ARGUMENTS, careless } from './careless.ts';
import { REMOTE } from './remote-parent.ts';

type Odd = (typeof ODD_ARGUMENTS)[number];

const THROWS: Differences = { official: { instead: 'throws for some values', shows: /it threw/ } };
const SPOILS: Differences = {
  official: { instead: 'makes spans that its own serialiser cannot write', shows: /did not arrive/ },
};

/** Calls where TypeScript would have known better. */
const CALLS: [what: string, call: (span: Span, odd: Odd) => unknown, differences?: Differences][] = [
  ['setAttribute', (span, [a, b]) => span.setAttribute(careless(a), careless(b)), THROWS],
  ['setAttributes', (span, [a]) => span.setAttributes(careless(a)), THROWS],
  ['the values of setAttributes', (span, [a, b, c]) => span.setAttributes(careless({ a, b, c })), THROWS],
  ['addEvent', (span, [a, b, c]) => span.addEvent(careless(a), careless(b), careless(c)), THROWS],
  ['the attributes of addEvent', (span, [a, b, c]) => span.addEvent('event', careless({ a, b, c })), THROWS],
  ['addLink', (span, [a]) => span.addLink(careless(a)), THROWS],
  ['the parts of addLink', (span, [context, attributes]) => span.addLink(careless({ context, attributes })), THROWS],
  ['the linked span', (span, odd) => span.addLink({ context: oddContext(odd) }), SPOILS],
  ['addLinks', (span, [a]) => span.addLinks(careless(a)), THROWS],
  ['the list of addLinks', (span, [a, b]) => span.addLinks(careless([a, b])), THROWS],
  ['setStatus', (span, [a]) => span.setStatus(careless(a)), THROWS],
  ['the parts of setStatus', (span, [code, message]) => span.setStatus(careless({ code, message })), SPOILS],
  ['updateName', (span, [a]) => span.updateName(careless(a)), SPOILS],
  ['recordException', (span, [a, b]) => span.recordException(careless(a), careless(b)), THROWS],
  ['the parts of recordException', (span, odd) => span.recordException(oddException(odd)), THROWS],
  ['end', (span, [a]) => span.end(careless(a)), THROWS],
];

const STARTS: [what: string, start: (tracer: Tracer, odd: Odd) => Span, differences?: Differences][] = [
  ['the name of startSpan', (tracer, [a]) => tracer.startSpan(careless(a)), SPOILS],
  ['the options of startSpan', (tracer, [a]) => tracer.startSpan('span', careless(a)), THROWS],
  ['the parts of the options', (tracer, odd) => tracer.startSpan('span', oddOptions(odd)), THROWS],
  ['the context of startSpan', (tracer, [a]) => tracer.startSpan('span', {}, careless(a)), THROWS],
  [
    'the parent',
    (tracer, odd) => tracer.startSpan('span', {}, trace.setSpanContext(ROOT_CONTEXT, oddContext(odd))),
    SPOILS,
  ],
];

/** Telemetry never breaks the application (specification, error handling). */
export const carelessCallers: Area = {
  title: 'careless callers get no exception and spoil no other span',
  environment: { OTEL_TRACES_SAMPLER: 'always_on' },
  behaviours: [
    ...STARTS.map(([what, start, differences]) =>
      takesAnything(what, (tracer, odd) => start(tracer, odd).end(), differences),
    ),
    ...CALLS.map(([what, call, differences]) =>
      takesAnything(
        what,
        (tracer, odd) => {
          const span = tracer.startSpan('odd');
          try {
            call(span, odd);
          } finally {
            span.end();
          }
        },
        differences,
      ),
    ),
  ],
};

function takesAnything(what: string, use: (tracer: Tracer, odd: Odd) => void, differences?: Differences): Behaviour {
  return behaviour(
    what,
    async (traced) => {
      const thrown = ODD_ARGUMENTS.map((odd) => errorOf(() => use(traced.tracer, odd)));
      assert.deepEqual([...new Set(thrown)], ['nothing'], 'it threw');
      await assertArrival(traced);
    },
    differences,
  );
}

function errorOf(call: () => void): string {
  try {
    call();
    return 'nothing';
  } catch (error) {
    return String(error);
  }
}

/** One span that cannot be written must not take the others with it: a good span goes along. */
async function assertArrival({ tracer, spans }: Traced): Promise<void> {
  tracer.startSpan('good').end();
  const received = await spans().catch((error: unknown) => assert.fail(`they did not arrive: ${String(error)}`));
  assert.equal(received.at(-1)?.name, 'good');
  assert.equal(received.length, ODD_ARGUMENTS.length + 1);
}

function oddContext([traceId, spanId, traceFlags]: Odd) {
  const odd = { ...REMOTE, traceId, spanId, traceFlags, traceState: traceId, isRemote: spanId };
  const valid = { ...REMOTE, traceFlags: traceId, traceState: spanId, isRemote: traceFlags };
  return careless(typeof traceFlags === 'object' ? valid : odd);
}

function oddException([a, b, c]: Odd) {
  return careless({ code: a, name: b, message: c, stack: a });
}

function oddOptions([a, b, c]: Odd): SpanOptions {
  return careless({ kind: a, attributes: b, links: c, startTime: a, root: b });
}
