/**
 * Goal: the official SDK and the bare API really run in our services, so that comparisons with them are fair. Method: the
 * two hops as real processes, loaded as LAB_TRACER says, with a sink that keeps the spans.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { launchProgram, tracerArguments } from '@tracelab/command';
import type { LaunchedProgram, TracerName } from '@tracelab/command';
import type { ServiceUsage } from '@tracelab/protocol';
import { until } from '../../test/until.ts';
import { sendTo } from '../kit/shop/start-shop.test-kit.ts';
import { startSpanSink, type SpanSink } from '../kit/span-sink.test-kit.ts';

const IGNORED = '/healthz,/metrics,/_lab';

interface Hops {
  sink: SpanSink;
  front: string;
  back: string;
  stop: () => Promise<void>;
}

async function startHops(tracer: TracerName): Promise<Hops> {
  const sink = await startSpanSink();
  const programs: LaunchedProgram[] = [];
  const launch = async (name: string, env: Record<string, string>): Promise<string> => {
    const program = launchProgram({
      name,
      file: 'services/hop/main.ts',
      nodeArgs: tracerArguments(tracer),
      env: {
        LAB_LOG_LEVEL: 'error',
        OTEL_SERVICE_NAME: name,
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_BSP_SCHEDULE_DELAY: '20',
        TRACELAB_IGNORE_PATHS: IGNORED,
        ...env,
      },
    });
    programs.push(program);
    return (await program.ready).url ?? '';
  };
  const back = await launch('back', { HOP_ROLE: 'back' });
  const front = await launch('front', { HOP_ROLE: 'front', HOP_BACK_URL: back });
  const stop = async (): Promise<void> => {
    for (const end of await Promise.all(programs.map((program) => program.stop()))) assert.equal(end.code, 0);
    sink.close();
  };
  return { sink, front, back, stop };
}

async function usageOf(url: string): Promise<ServiceUsage> {
  return (await sendTo(url, 'GET /_lab/usage')).body as ServiceUsage;
}

describe('a service under LAB_TRACER=otel', () => {
  let hops: Hops;
  before(async () => {
    hops = await startHops('otel');
  });
  after(() => hops.stop());

  it('makes one trace of seven spans of two hops, and none of ignored paths', async () => {
    for (const url of [hops.front, hops.back]) await sendTo(url, 'GET /healthz');
    await sendTo(hops.front, 'GET /');
    await until('seven spans have arrived', () => hops.sink.spans.length >= 7);
    const { spans } = hops.sink;
    assert.equal(spans.length, 7);
    assert.equal(new Set(spans.map((span) => span.traceId)).size, 1);
    const ids = new Set(spans.map((span) => span.spanId));
    assert.deepEqual(
      spans.filter((span) => !ids.has(span.parentSpanId)).map((span) => [span.service, span.name]),
      [['front', 'GET /']],
    );
    assert.deepEqual(
      [spans.filter((span) => span.service === 'back').length, await countsOf(hops.back)],
      [3, [3, 3, 3]],
    );
  });

  it('samples as it is told while it runs', async () => {
    const setting = { sampler: 'parentbased_traceidratio', arg: 0 };
    const put = await sendTo(hops.front, 'PUT /_lab/tracing', setting);
    assert.deepEqual([put.status, put.body], [200, setting]);
    const before = await usageOf(hops.front);
    await sendTo(hops.front, 'GET /');
    const after = await usageOf(hops.front);
    assert.equal(after.spansSampled, before.spansSampled);
    assert.ok(after.spansCreated > before.spansCreated);
    const refused = await sendTo(hops.front, 'PUT /_lab/tracing', { sampler: 'traceidratio' });
    assert.equal(refused.status, 400);
  });

  async function countsOf(url: string): Promise<number[]> {
    await until('they are exported', async () => (await usageOf(url)).spansExported >= 3);
    const { spansCreated, spansSampled, spansExported } = await usageOf(url);
    return [spansCreated, spansSampled, spansExported];
  }
});

describe('a service under LAB_TRACER=api', () => {
  it('works, makes no span, passes on no trace, and says that there is nothing to switch', async () => {
    const hops = await startHops('api');
    try {
      assert.deepEqual((await sendTo(hops.front, 'GET /')).body, { hop: 'front', back: { hop: 'back' } });
      assert.equal((await sendTo(hops.front, 'GET /_lab/tracing')).status, 501);
      assert.equal((await usageOf(hops.back)).spansCreated, 0);
    } finally {
      await hops.stop();
    }
    assert.deepEqual(hops.sink.spans, []);
  });
});
