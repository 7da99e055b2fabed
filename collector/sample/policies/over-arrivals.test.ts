import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { flattenTracesData } from '@tracelab/model';
import {
  decodeTracesData,
  formatThreshold,
  OT_THRESHOLD,
  parseThreshold,
  probabilityFromThreshold,
  THRESHOLD_ALWAYS,
} from '@tracelab/protocol';
import * as fc from 'fast-check';
import { parseConfig } from '../../config/parse-config.ts';
import { gather } from '../../fixtures/decided.ts';
import { spanIdFor, type SpanSketch } from '../../fixtures/make-trace.ts';
import { assembleTrace } from '../assemble-trace.ts';
import type { TraceView } from '../buffer/trace-view.ts';
import { otMemberOf } from '../probability/span-trace-state.ts';
import { TraceFacts } from '../trace-facts.ts';
import { Ballot } from './ballot.ts';
import { configWith } from './cases.test-kit.ts';
import type { Decide } from './decide.ts';
import { decideBy } from './decide-by.ts';

const ERRORS = '{ name: errors, type: status_code, status_code: { status_codes: [ERROR] } }';

function deciding(policies: string): Decide {
  const { tailSampling } = parseConfig(configWith(policies), 'lab');
  return decideBy(tailSampling, { ballot: new Ballot(), sink: { fullness: () => 0 }, nowMs: () => 0 });
}

describe('a count by th', () => {
  /** In sixteenths: from which R on it arrives. */
  const span = fc.record({ threshold: fc.nat(15), isError: fc.boolean(), isSlow: fc.boolean(), isGold: fc.boolean() });
  type Drawn = typeof span extends fc.Arbitrary<infer Value> ? Value : never;

  const POLICIES = [
    ERRORS,
    '{ name: slow, type: latency, latency: { threshold_ms: 500 } }',
    '{ name: long, type: span_count, span_count: { min_spans: 3 } }',
    `{ name: condition, type: ottl_condition, ottl_condition: { span: ['attributes["tier"] == "gold" and status.code == 2'] } }`,
    `{ name: both, type: and, and: { and_sub_policy: [ ${ERRORS},
      { name: gold, type: string_attribute, string_attribute: { key: tier, values: [gold] } } ] } }`,
    `{ name: shares, type: composite, composite: { max_total_spans_per_second: 1000, composite_sub_policy: [ ${ERRORS} ],
      rate_allocation: [{ policy: errors, percent: 100 }] } }`,
  ];
  const SHARE = '{ name: share, type: probabilistic, probabilistic: { sampling_percentage: 25 } }';
  /** All thresholds are multiples of 1/64, so that one R for each 64th stands for all. */
  const RANDOMNESSES = Array.from(
    { length: 64 },
    (_, at) => `${(4 * at + 2).toString(16).padStart(2, '0')}${'0'.repeat(12)}`,
  );

  const sketchOf = ({ threshold, isError, isSlow, isGold }: Drawn, at: number, randomness: string): SpanSketch => ({
    traceId: `${'a'.repeat(18)}${randomness}`,
    spanId: spanIdFor(at),
    endMs: isSlow ? 700 : 10,
    isError,
    traceState: threshold === 0 ? '' : `ot=th:${threshold.toString(16)}`,
    attributes: { tier: isGold ? 'gold' : 'none' },
  });
  const weightsOf = (decide: Decide, sketches: readonly SpanSketch[]): Map<string, number> => {
    const trace = gather(sketches);
    const { decision, threshold } = decide(trace, assert.fail);
    if (decision !== 'sampled') return new Map();
    const data = decodeTracesData(assembleTrace(trace, new TraceFacts().gather(trace), threshold).bytes);
    assert.ok(data.ok);
    return new Map(
      flattenTracesData(data.value).map(({ spanId, traceState }) => {
        const kept = parseThreshold(otMemberOf(traceState).get(OT_THRESHOLD) ?? '0') ?? THRESHOLD_ALWAYS;
        return [spanId, 1 / probabilityFromThreshold(kept)];
      }),
    );
  };

  it('is that of the population over all R, whatever each span of a trace came with', () => {
    const spans = fc.array(span, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(spans, fc.subarray(POLICIES), (spans, policies) => {
        const decide = deciding(`[ ${[...policies, SHARE].join(', ')} ]`);
        const totals = spans.map(() => 0);
        for (const randomness of RANDOMNESSES) {
          const sixteenth = Number.parseInt(randomness.slice(0, 1), 16);
          const sketches = spans.map((span, at) => sketchOf(span, at, randomness));
          const arrived = sketches.filter((_, at) => (spans[at] as Drawn).threshold <= sixteenth);
          if (arrived.length === 0) continue;
          const weights = weightsOf(decide, arrived);
          for (const [at, { spanId }] of sketches.entries())
            totals[at] = (totals[at] ?? 0) + (weights.get(spanId) ?? 0);
        }
        for (const total of totals) assert.ok(Math.abs(total / RANDOMNESSES.length - 1) < 1e-9, `${total} of 64`);
      }),
    );
  });
});

describe('the vote on a trace whose spans came with different probabilities', () => {
  /** R is f0000000000000. */
  const traceWith = (...spans: readonly Partial<SpanSketch>[]): TraceView =>
    gather(spans.map((span, at) => ({ traceId: `${'a'.repeat(18)}f0000000000000`, spanId: spanIdFor(at), ...span })));
  const rulingOn = (policies: string, trace: TraceView): string => {
    const { decision, threshold } = deciding(policies)(trace, assert.fail);
    return `${decision} ${threshold === undefined ? 'unknown' : formatThreshold(threshold)}`;
  };

  it('is from the threshold of the span on that shows what it looks for', () => {
    const root = { traceState: '' };
    const error = { isError: true, traceState: 'ot=th:c' };
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(root, error)), 'sampled c');
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(root, error, { ...error, traceState: 'ot=th:4' })), 'sampled 4');
    assert.equal(
      rulingOn(`[${ERRORS}]`, traceWith({ ...root, isError: true }, { traceState: 'ot=th:c' })),
      'sampled 0',
    );
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(error)), 'sampled 0');
  });

  it('is of unknown probability where more spans may mean no', () => {
    const short =
      '[{ name: short, type: span_count, span_count: { max_spans: 1 } }, { name: long, type: span_count, span_count: { min_spans: 3 } }]';
    const [one, two, three] = ['', 'ot=th:4', 'ot=th:c'].map((traceState) => ({ traceState }));
    assert.equal(rulingOn(short, traceWith(one ?? {}, two ?? {}, three ?? {})), 'sampled unknown');
  });

  it('is of unknown probability where a span says that it came from where R has not been', () => {
    assert.equal(
      rulingOn(`[${ERRORS}]`, traceWith({}, { traceState: 'ot=th:1' }, { isError: true, traceState: 'ot=th:f8' })),
      'sampled unknown',
    );
  });

  it('is of unknown probability where there are more than eight of them', () => {
    const spans = (count: number): Partial<SpanSketch>[] =>
      Array.from({ length: count }, (_, at) => ({ isError: at === 2, traceState: `ot=th:${(at + 1).toString(16)}` }));
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(...spans(8))), 'sampled 3');
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(...spans(9))), 'sampled unknown');
    assert.equal(rulingOn(`[${ERRORS}]`, traceWith(...spans(14))), 'sampled unknown');
  });
});
