import assert from 'node:assert/strict';
import { ROOT_CONTEXT, TraceFlags } from '@opentelemetry/api';
import type { Context, Tracer } from '@opentelemetry/api';
import { behaviour } from './behaviour.ts';
import type { Area, Behaviour } from './behaviour.ts';
import { below } from './remote-parent.ts';

const NONE: number = TraceFlags.NONE;
const SAMPLED: number = TraceFlags.SAMPLED;
const PARENTS: [who: string, context: Context][] = [
  ['nobody', ROOT_CONTEXT],
  ['a sampled remote parent', below({ isRemote: true, traceFlags: SAMPLED })],
  ['a remote parent that was not sampled', below({ isRemote: true, traceFlags: NONE })],
  ['a sampled local parent', below({ isRemote: false, traceFlags: SAMPLED })],
  ['a local parent that was not sampled', below({ isRemote: false, traceFlags: NONE })],
  ['a parent that is random and not sampled', below({ traceFlags: 2 })],
];

/** Y where a span below that parent is sampled. */
const DECISIONS: [sampler: string, ratio: string, decisions: string][] = [
  ['always_on', '', 'YYYYYY'],
  ['always_off', '', '------'],
  ['traceidratio', '1', 'YYYYYY'],
  ['traceidratio', '0', '------'],
  ['parentbased_always_on', '', 'YY-Y--'],
  ['parentbased_always_off', '', '-Y-Y--'],
  ['parentbased_traceidratio', '1', 'YY-Y--'],
  ['parentbased_traceidratio', '0', '-Y-Y--'],
  ['', '', 'YY-Y--'],
  ['no_such_sampler', '', 'YY-Y--'],
  ['traceidratio', 'much', 'YYYYYY'],
];

const TRACES = 2000;

/** An id with all its bits at random, as another process would send it. */
function randomTraceId(): string {
  return Array.from({ length: 4 }, () =>
    Math.floor(Math.random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

function isSampled(tracer: Tracer, context: Context): boolean {
  const span = tracer.startSpan('span', {}, context);
  const isSampled = (span.spanContext().traceFlags & SAMPLED) !== 0;
  assert.equal(span.isRecording(), isSampled, 'what is recorded is sampled, and the other way round');
  span.end();
  return isSampled;
}

function decides(decisions: string): Behaviour[] {
  return PARENTS.map(([who, context], index) =>
    behaviour(`${decisions[index] === 'Y' ? 'samples' : 'refuses'} a span below ${who}`, ({ tracer }) => {
      assert.equal(isSampled(tracer, context), decisions[index] === 'Y');
    }),
  );
}

const half: Area = {
  title: 'the sampler traceidratio 0.5',
  environment: { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.5' },
  behaviours: [
    behaviour('keeps about half of the traces', ({ tracer }) => {
      const kept = Array.from({ length: TRACES }, () => isSampled(tracer, ROOT_CONTEXT)).filter(Boolean).length;
      // Seven standard deviations.
      assert(Math.abs(kept - TRACES / 2) < 7 * Math.sqrt(TRACES / 4), `${kept} of ${TRACES}`);
    }),
    behaviour('decides alike for all spans of a trace, whatever their parents say', ({ tracer }) => {
      for (let index = 0; index < 200; index++) {
        const traceId = randomTraceId();
        const decisions = [below({ traceId }), below({ traceId, traceFlags: NONE, spanId: 'ab'.repeat(8) })];
        assert.equal(new Set(decisions.map((context) => isSampled(tracer, context))).size, 1);
      }
    }),
    behaviour('exports what it keeps and nothing else', async ({ tracer, spans }) => {
      const kept = Array.from({ length: 50 }, () => isSampled(tracer, ROOT_CONTEXT)).filter(Boolean).length;
      assert.equal((await spans()).length, kept);
    }),
  ],
};

export const samplers: readonly Area[] = [
  ...DECISIONS.map(([sampler, ratio, decisions]) => ({
    title: `the sampler ${`${sampler || 'of no name'} ${ratio}`.trim()}`,
    environment: { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: ratio },
    behaviours: decides(decisions),
  })),
  half,
];
