import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createResource } from './resource.ts';
import { readSettings } from './read-settings.ts';
import type { Environment } from './read-settings.ts';
import { TRACER_VERSION } from './version.ts';

function read(environment: Environment) {
  const warnings: string[] = [];
  return { settings: readSettings(environment, (sentence) => warnings.push(sentence)), warnings };
}

describe('settings', () => {
  it("are the specification's defaults without any variable, and with empty ones", () => {
    for (const environment of [{}, { OTEL_TRACES_SAMPLER: '', OTEL_BSP_SCHEDULE_DELAY: ' ' }]) {
      const { settings, warnings } = read(environment);
      assert.deepEqual(warnings, []);
      assert.equal(settings.sampler, 'parentbased_always_on');
      assert.deepEqual(settings.propagators, ['tracecontext', 'baggage']);
      assert.deepEqual([settings.scheduleDelayMs, settings.queueSpansMax, settings.batchSpansMax], [5000, 2048, 512]);
      assert.deepEqual([settings.exportTimeoutMs, settings.exportAttemptTimeoutMs], [30_000, 10_000]);
      assert.equal(settings.attributeLengthMax, Infinity);
    }
  });

  it('warn about a wrong value with what was got and what is allowed, and use the default', () => {
    const { settings, warnings } = read({
      OTEL_TRACES_SAMPLER: 'xray',
      OTEL_TRACES_SAMPLER_ARG: '1.5',
      OTEL_BSP_SCHEDULE_DELAY: 'soon',
      OTEL_SDK_DISABLED: 'yes',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http',
      OTEL_TRACES_EXPORTER: 'zipkin',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318',
    });
    assert.equal(settings.sampler, 'parentbased_always_on');
    assert.equal(settings.samplerArg, undefined);
    assert.equal(settings.sdkDisabled, false);
    assert.equal(settings.exporter, 'otlp');
    assert.equal(warnings.length, 7);
    const all = warnings.join('\n');
    assert.match(all, /OTEL_TRACES_SAMPLER should be one of always_on.*was "xray"; using parentbased_always_on/);
    assert.match(all, /OTEL_TRACES_SAMPLER_ARG of parentbased_always_on: arg should be left out.*: was 1.5; ignored$/m);
    assert.match(all, /OTEL_BSP_SCHEDULE_DELAY should be a whole number from 0 to \d+: was "soon"; using 5000/);
    assert.match(all, /PROTOCOL should be one of http\/protobuf, http\/json, grpc: was "http"; using http\/protobuf/);
    assert.match(all, /ENDPOINT should be an http:\/\/ or https:\/\/ address: was "localhost:4318"; ignored$/m);
  });

  it('say in words what holds in place of a wrong limit or list', () => {
    const { warnings } = read({ OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '-1', OTEL_RESOURCE_ATTRIBUTES: 'no pair' });
    assert.match(warnings.join('\n'), /LENGTH_LIMIT should be .*: was "-1"; using no limit$/m);
    assert.match(warnings.join('\n'), /RESOURCE_ATTRIBUTES should be .*; ignored$/m);
  });

  it('keep the propagators in order, each once, and say which are not known', () => {
    const { settings, warnings } = read({ OTEL_PROPAGATORS: 'B3,baggage,jaeger, tracecontext,baggage,b3multi' });
    assert.deepEqual(settings.propagators, ['b3', 'baggage', 'tracecontext', 'b3multi']);
    assert.match(warnings.join(), /should list only tracecontext, baggage, b3, b3multi or none; ignored: jaeger/);
    assert.deepEqual(read({ OTEL_PROPAGATORS: 'none' }).settings.propagators, []);
  });

  it('read lists of keys and values percent-decoded, without repeating a malformed secret', () => {
    const { settings, warnings } = read({
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Basic%20abc,broken secret',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: '',
    });
    assert.deepEqual(settings.headers, { authorization: 'Basic abc' });
    assert.match(warnings.join(), /OTEL_EXPORTER_OTLP_HEADERS .*1 members were malformed/);
    assert.doesNotMatch(warnings.join(), /secret/);
  });

  it('prefer the variable for traces to the general one, and the span limit to the general limit', () => {
    const { settings } = read({
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '2',
      OTEL_ATTRIBUTE_COUNT_LIMIT: '3',
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '4',
    });
    assert.equal(settings.exportAttemptTimeoutMs, 2);
    assert.deepEqual([settings.attributesMax, settings.eventAttributesMax], [4, 3]);
  });

  it('hold the batch within the queue', () => {
    const { settings, warnings } = read({ OTEL_BSP_MAX_QUEUE_SIZE: '10' });
    assert.equal(settings.batchSpansMax, 10);
    assert.match(warnings.join(), /at most the queue size of 10: was 512/);
  });

  it('read headers as people write them: blanks, semicolons, equal signs and escapes in a value', () => {
    const { settings, warnings } = read({
      OTEL_EXPORTER_OTLP_HEADERS:
        ' Authorization = Basic dTpw==, x-a=1;b, x-b=100%,x-c=a%2Cb ,, bad name=1, x-d=a%0Ab, lone',
    });
    assert.deepEqual(settings.headers, { authorization: 'Basic dTpw==', 'x-a': '1;b', 'x-b': '100%', 'x-c': 'a,b' });
    assert.match(warnings.join(), /3 members were malformed/);
  });

  it('split the ignored paths', () => {
    assert.deepEqual(read({ TRACELAB_IGNORE_PATHS: ' /healthz, ,/metrics' }).settings.ignorePaths, [
      '/healthz',
      '/metrics',
    ]);
  });
});

it("the resource names the service, the user winning over us, and never borrows the official SDK's name", () => {
  const identity = { pid: 7n, instanceId: 'i' };
  const attributesOf = (environment: Environment) =>
    Object.fromEntries(
      createResource(read(environment).settings, identity).attributes.map(({ key, value }) => [key, value]),
    );
  assert.equal(attributesOf({})['service.name'], 'unknown_service:node');
  const named = attributesOf({ OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,telemetry.sdk.name=opentelemetry,x=1' });
  assert.equal(named['service.name'], 'a');
  assert.equal(named['telemetry.sdk.name'], 'tracelab');
  assert.equal(named['x'], '1');
});

it("the version is the package's", () => {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  assert.equal((JSON.parse(text) as { version: string }).version, TRACER_VERSION);
});
