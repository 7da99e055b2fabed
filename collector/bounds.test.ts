/** The bounds of `processors`, through a whole collector: what its receivers answer, its ledger counts and its explain page says. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { encodeTracesData, RpcCode, type ExplainReply, type Explanation } from '@tracelab/protocol';
import { GrpcClient } from './fixtures/grpc-client.ts';
import { spanIdFor, traceIdFor, tracesOf, type SpanSketch } from './fixtures/make-trace.ts';
import { postTraces, startTestCollector, type TestCollector } from './fixtures/start-test-collector.ts';
import { openExplainLog } from './explain/explain-log.ts';
import { openSegmentLog } from './log/segment-log.ts';
import type { LedgerSnapshot } from './report/ledger-file.ts';
import { findImbalance } from './report/ledger.ts';
import { until } from '../test/until.ts';

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
    assert.equal(explanation.probability, 0);
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

describe('block_on_overflow', () => {
  const blocking = { tracesMax: 2, blocksOnOverflow: true };

  it('refuses every request at num_traces until a trace is due, takes nothing of it, and decides none early', async (context) => {
    const collector = await start(context, { tailSampling: blocking, receivers: ['otlpHttp', 'otlpGrpc', 'zipkin'] });
    await postTraces(collector, encode(child(1, 1), child(2, 1)));
    await collector.pass(7500);
    const refused = await postTraces(collector, encode(root(3)));
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '3']);
    const client = new GrpcClient(collector.receiverUrls.otlpGrpc ?? '');
    context.after(() => client.close());
    assert.equal((await client.call(encode(root(3)))).code, RpcCode.unavailable);
    const zipkin = await fetch(`${collector.receiverUrls.zipkin}/api/v2/spans`, {
      method: 'POST',
      body: JSON.stringify([{ traceId: traceIdFor(3), id: spanIdFor(0), name: 'a', timestamp: 1, duration: 1 }]),
    });
    assert.deepEqual([zipkin.status, zipkin.headers.get('retry-after')], [503, '3']);
    assert.equal((await collector.ledger()).received, 2);
    assert.equal(await metricOf(collector, 'collector_refused_requests_total{reason="pendingTraces"}'), 3);
    assert.equal(await metricOf(collector, 'collector_requests_total{outcome="refused"}'), 3);
    await collector.pass(2500);
    assert.equal((await postTraces(collector, encode(root(3)))).status, 200);
    assert.equal(await metricOf(collector, 'collector_decided_traces_total{trigger="early"}'), 0);
    await assertBalanced(collector);
  });

  it('takes one request with more traces than num_traces, and goes on when they are decided', async (context) => {
    const collector = await start(context, { tailSampling: blocking });
    assert.equal((await postTraces(collector, encode(root(1), root(2), root(3), root(4)))).status, 200);
    assert.equal((await postTraces(collector, encode(root(5)))).status, 503);
    await collector.pass(1000);
    assert.equal((await postTraces(collector, encode(root(5)))).status, 200);
    assert.deepEqual(await explain(collector, traceIdFor(1)).then((each) => each?.trigger), 'root');
    await assertBalanced(collector);
  });

  it('is asked of every sampler where there are several', async (context) => {
    const collector = await start(context, { tailSampling: { ...blocking, tracesMax: 1 }, samplerCount: 2 });
    await postTraces(collector, encode(child(1, 1)));
    assert.equal((await postTraces(collector, encode(child(2, 1)))).status, 503);
    assert.equal((await collector.ledger()).received, 1);
  });
});

describe('drop_pending_traces_on_shutdown', () => {
  /** Two lives over one write-ahead log and one ledger: what the first counted, how many requests the second found, and what it counted. */
  async function liveTwice(
    context: TestContext,
    options: { dropsPendingAtEnd: boolean; samplerCount: number },
  ): Promise<unknown[]> {
    const folder = await mkdtemp(join(tmpdir(), 'tracelab-end-'));
    context.after(() => rm(folder, { recursive: true }));
    let saved: LedgerSnapshot | undefined;
    const live = async (act: (collector: TestCollector) => Promise<unknown>): Promise<TestCollector> => {
      const log = await openSegmentLog(
        { folder: join(folder, 'wal'), segmentBytesMax: 1e6, bytesMax: 1e7 },
        { reportDamage: assert.fail },
      );
      const decisions = await openExplainLog(
        { folder: join(folder, 'explain'), bytesMax: 1e6 },
        { reportDamage: assert.fail },
      );
      const { dropsPendingAtEnd, samplerCount } = options;
      const recovery = { log, decisions, report: () => {} };
      const ledger = { earlier: saved, save: async (snapshot: LedgerSnapshot) => void (saved = snapshot) };
      const collector = await startTestCollector({
        tailSampling: { dropsPendingAtEnd },
        samplerCount,
        recovery,
        ledger,
      });
      await act(collector);
      await collector.close();
      await until('the log to be empty', () => log.segments.length === 0);
      await decisions.close();
      await log.close();
      return collector;
    };
    const first = await live((collector) => postTraces(collector, encode(root(1), child(1, 1), child(2, 1))));
    await assertBalanced(first);
    const { droppedAtEnd, kept } = await first.ledger();
    const second = await live(() => Promise.resolve());
    await assertBalanced(second);
    const carried = await second.ledger();
    return [droppedAtEnd, kept, second.replayed?.requests, carried.droppedAtEnd, carried.kept];
  }

  for (const samplerCount of [1, 2]) {
    it(`drops and counts what is undecided, and the next start replays none of it: ${samplerCount} sampler(s)`, async (context) => {
      assert.deepEqual(await liveTwice(context, { dropsPendingAtEnd: true, samplerCount }), [3, 0, 0, 3, 0]);
    });
  }

  it('else everything is decided at the end', async (context) => {
    assert.deepEqual(await liveTwice(context, { dropsPendingAtEnd: false, samplerCount: 1 }), [0, 3, 0, 0, 3]);
  });
});

describe('memory_limiter', () => {
  const pacing = { intervalMsMin: 0, intervalMsMax: 0 };
  const memoryLimiter = {
    checkIntervalMs: 5,
    unit: 'mebibytes',
    limit: 100,
    spike: 20,
    collections: { soft: pacing, hard: pacing },
  } as const;

  it('refuses requests above its soft limit, takes nothing of them, and takes them again below it', async (context) => {
    let usedMebibytes = 79;
    const collector = await start(context, {
      memoryLimiter,
      usedBytes: () => Promise.resolve(usedMebibytes * 1024 * 1024),
      receivers: ['otlpHttp', 'otlpGrpc'],
    });
    assert.equal((await postTraces(collector, encode(root(1)))).status, 200);
    usedMebibytes = 80;
    let refusals = 0;
    let last = new Response();
    await until('a refusal', async () => {
      last = await postTraces(collector, encode(root(2)));
      if (last.status === 503) refusals++;
      return last.status === 503;
    });
    assert.equal(last.headers.get('retry-after'), '1');
    const { received } = await collector.ledger();
    const client = new GrpcClient(collector.receiverUrls.otlpGrpc ?? '');
    context.after(() => client.close());
    assert.equal((await client.call(encode(root(3)))).code, RpcCode.unavailable);
    assert.equal((await collector.ledger()).received, received);
    assert.equal(await metricOf(collector, 'collector_refused_requests_total{reason="memory"}'), refusals + 1);
    usedMebibytes = 79;
    await until('room', async () => (await postTraces(collector, encode(root(3)))).status === 200);
    await assertBalanced(collector);
  });

  it('counts the memory of the process itself, with samplers in its thread and in others', async (context) => {
    const tiny = { ...memoryLimiter, limit: 1, spike: 0 };
    for (const samplerCount of [1, 2]) {
      const collector = await start(context, { memoryLimiter: tiny, samplerCount });
      await until('a refusal', async () => (await postTraces(collector, encode(root(1)))).status === 503);
    }
  });
});
