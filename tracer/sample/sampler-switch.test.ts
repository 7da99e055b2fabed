/** From a setting to a running sampler: every name, every wrong argument, and what ends when another takes its place. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { trace } from '@opentelemetry/api';
import { SAMPLER_NAMES } from '@tracelab/protocol';
import type { SamplerName, SamplerSetting } from '@tracelab/protocol';
import { start } from '../index.ts';
import type { TracerHandle } from '../index.ts';
import { StrategyServer } from '../test-kit/strategy-server.ts';
import { startTracing } from '../test-kit/tracing.ts';
import { until } from '../../test/until.ts';

let handle: TracerHandle | undefined;
afterEach(async () => {
  await handle?.shutdown();
  handle = undefined;
});

function run(environment: Record<string, string> = {}): TracerHandle {
  handle = start({
    environment: { OTEL_TRACES_EXPORTER: 'none', OTEL_SERVICE_NAME: 'shop', OTEL_LOG_LEVEL: 'none', ...environment },
    instrument: false,
  });
  return handle;
}

describe('the switch of a running tracer', () => {
  const descriptions: [SamplerSetting, RegExp][] = [
    [{ sampler: 'always_on' }, /^AlwaysOnSampler$/],
    [{ sampler: 'always_off' }, /^AlwaysOffSampler$/],
    [{ sampler: 'traceidratio', arg: 0.25 }, /^TraceIdRatioBased\{0\.250000\}$/],
    [{ sampler: 'parentbased_always_on' }, /^ParentBased\{root=AlwaysOnSampler, remoteParentSampled=AlwaysOnSampler/],
    [{ sampler: 'parentbased_always_off' }, /^ParentBased\{root=AlwaysOffSampler/],
    [{ sampler: 'parentbased_traceidratio', arg: 0.5 }, /^ParentBased\{root=TraceIdRatioBased\{0\.500000\}/],
    [{ sampler: 'probability', arg: 0.1 }, /^ProbabilitySampler\{0\.1\}$/],
    [{ sampler: 'parentbased_probability' }, /^ParentBased\{root=ProbabilitySampler\{1\}/],
    [{ sampler: 'ratelimiting', arg: 20 }, /^RateLimitingSampler\{20\}$/],
    [{ sampler: 'parentbased_ratelimiting' }, /^ParentBased\{root=RateLimitingSampler\{1\}/],
    [
      { sampler: 'jaeger_remote', arg: 'endpoint=http://127.0.0.1:1' },
      /^JaegerRemoteSampler\{endpoint=http:\/\/127.0.0.1:1\/sampling, service=shop/,
    ],
    [
      { sampler: 'parentbased_jaeger_remote', arg: 'endpoint=http://127.0.0.1:1' },
      /^ParentBased\{root=JaegerRemoteSampler/,
    ],
  ];

  it('takes every sampler, shows it and says how it decides', () => {
    const tracerSwitch = run().switch;
    for (const [setting, description] of descriptions) {
      tracerSwitch.setSampler(setting);
      assert.deepEqual(tracerSwitch.getSampler(), setting);
      assert.match(tracerSwitch.describeSampler?.().description ?? '', description);
    }
    assert.deepEqual(descriptions.map(([{ sampler }]) => sampler).sort(), [...SAMPLER_NAMES].sort());
  });

  it('refuses what is not allowed and keeps what it had', () => {
    const tracerSwitch = run({ OTEL_TRACES_SAMPLER: 'always_off' }).switch;
    const wrong: [SamplerSetting, RegExp][] = [
      [{ sampler: 'sometimes' as SamplerName }, /one of always_on, .*: was "sometimes"/],
      [{ sampler: 'parentbased_probability', arg: 0 }, /between 2\^-56 and 1: was 0/],
      [{ sampler: 'ratelimiting', arg: 'many' }, /traces per second/],
      [{ sampler: 'always_on', arg: 1 }, /takes none/],
      [{ sampler: 'jaeger_remote', arg: 'endpoint=http://' }, /address/],
    ];
    for (const [setting, sentence] of wrong) {
      assert.throws(
        () => tracerSwitch.setSampler(setting),
        (error) => error instanceof RangeError && sentence.test(error.message),
      );
    }
    assert.deepEqual(tracerSwitch.getSampler(), { sampler: 'always_off' });
    assert(!trace.getTracer('x').startSpan('x').isRecording());
  });

  it('begins with what the environment says, each argument as its sampler takes it', async () => {
    for (const [sampler, arg, setting] of [
      ['parentbased_probability', '0.25', { sampler: 'parentbased_probability', arg: 0.25 }],
      ['ratelimiting', '3', { sampler: 'ratelimiting', arg: 3 }],
      ['probability', '2', { sampler: 'probability' }],
      ['always_on', '0.5', { sampler: 'always_on' }],
    ] as const) {
      const tracing = run({ OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: arg });
      assert.deepEqual(tracing.switch.getSampler(), setting);
      await tracing.shutdown();
    }
  });

  it('starts with the default where code asks for what no sampler allows', async () => {
    const given = { sampler: 'probability', samplerArg: 7 } as const;
    handle = start({ environment: { OTEL_LOG_LEVEL: 'none', OTEL_TRACES_EXPORTER: 'none' }, settings: given });
    assert.deepEqual(handle.switch.getSampler(), { sampler: 'parentbased_always_on' });
  });
});

describe('a tracer that is told how to sample by a server', () => {
  let server: StrategyServer;
  before(async () => {
    server = await StrategyServer.open();
    server.give({ probabilisticSampling: { samplingRate: 1 } });
  });
  after(() => server.close());
  const remoteArg = () => `endpoint=${server.url},pollingIntervalMs=100,initialSamplingRate=0`;

  it('asks in the name of its service, is not traced itself, and shows how old the answer is', async () => {
    const tracing = await startTracing({
      OTEL_TRACES_SAMPLER: 'parentbased_jaeger_remote',
      OTEL_TRACES_SAMPLER_ARG: remoteArg(),
      TRACELAB_IGNORE_PATHS: '/v1/traces,/sampling',
    });
    const report = () => tracing.handle.switch.describeSampler?.().remote;
    await until('two answers', () => (report()?.answersGood ?? 0) > 1);
    assert.match(server.requests[0]?.url ?? '', /\/sampling\?service=test$/);
    assert(server.requests.every(({ headers }) => headers['traceparent'] === undefined));
    assert((report()?.strategyAgeMs ?? -1) >= 0);
    trace.getTracer('x').startSpan('kept').end();
    const spans = await tracing.spans();
    assert.deepEqual(
      spans.map(({ name }) => name),
      ['kept'],
    );
    await tracing.close();
  });

  it('cuts its question once another sampler is in its place, or the tracer is shut down', async () => {
    for (const stop of [
      (tracing: TracerHandle) => tracing.switch.setSampler({ sampler: 'always_off' }),
      (tracing: TracerHandle) => tracing.shutdown(),
    ]) {
      let [isAsked, isCut] = [false, false];
      server.answerWith((response) => {
        isAsked = true;
        response.on('close', () => (isCut = true));
      });
      const tracing = run({ OTEL_TRACES_SAMPLER: 'jaeger_remote', OTEL_TRACES_SAMPLER_ARG: remoteArg() });
      await until('the question', () => isAsked);
      await Promise.resolve(stop(tracing));
      await until('the question to be cut', () => isCut);
      await tracing.shutdown();
      handle = undefined;
    }
  });
});
