/** The bounds of `processors`, through a whole collector: what its receivers answer, its ledger counts and its explain page says. */
import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { encodeTracesData, type ExplainReply, type Explanation } from '@tracelab/protocol';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from './fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from './fixtures/start-test-collector.ts';
import { findImbalance } from './report/ledger.ts';

type Changes = Parameters<typeof startTestCollector>[0];

async function start(context: TestContext, changes: Changes): Promise<TestCollector> {
  const collector = await startTestCollector(changes);
  context.after(() => collector.close());
  return collector;
}

function encode(...sketches: SpanSketch[]): Uint8Array {
  return encodeTracesData(tracesOf(sketches));
}

async function metricOf(collector: TestCollector, series: string): Promise<number> {
  const text = await (await fetch(`${collector.queryUrl}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  assert.ok(line, `no ${series} in the metrics`);
  return Number(line.slice(series.length + 1));
}

async function explain(collector: TestCollector, traceId: string): Promise<Explanation | undefined> {
  const response = await fetch(`${collector.queryUrl}/api/lab/explain/${traceId}`);
  return ((await response.json()) as ExplainReply).explanation;
}

async function assertBalanced(collector: TestCollector): Promise<void> {
  assert.equal(findImbalance(await collector.ledger()), undefined);
}

const root = (index: number): SpanSketch => ({ traceId: traceIdFor(index), spanId: spanIdFor(0) });
const child = (index: number, at: number): SpanSketch => ({
  traceId: traceIdFor(index),
  spanId: spanIdFor(at),
  parentSpanId: spanIdFor(0),
});

describe('maximum_trace_size_bytes', () => {
  it('does not keep a larger trace, at once, says why, and its late spans follow', async (context) => {
    const collector = await start(context, { tailSampling: { traceBytesMax: 200 } });
    await postTraces(collector, encode(root(1), child(1, 1), child(1, 2), root(2)));
    await postTraces(collector, encode(child(1, 3)));
    const explanation = await explain(collector, traceIdFor(1));
    assert.equal(explanation?.decision, 'notSampled');
    assert.equal(explanation.trigger, 'size');
    assert.equal(explanation.tooLarge?.sizeBytesMax, 200);
    assert.ok(explanation.tooLarge.sizeBytes > 200);
    assert.deepEqual(
      explanation.policies.map(({ vote }) => vote),
      ['notAsked'],
    );
    assert.ok(explanation.late.spanCount >= 1);
    assert.equal(await metricOf(collector, 'collector_decided_traces_total{trigger="size"}'), 1);
    assert.equal(await explain(collector, traceIdFor(2)), undefined);
    const { sampledOut, pending } = await collector.ledger();
    assert.deepEqual([sampledOut, pending], [4, 1]);
    await assertBalanced(collector);
  });
});
