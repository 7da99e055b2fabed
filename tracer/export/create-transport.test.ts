import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readSettings } from '../config/read-settings.ts';
import type { Environment } from '../config/read-settings.ts';
import { createTransport } from './create-transport.ts';

function destinationFor(environment: Environment): string | undefined {
  const warnings: string[] = [];
  const warn = (sentence: string): void => void warnings.push(sentence);
  const transport = createTransport(readSettings(environment, warn), warn);
  transport?.close();
  assert.deepEqual(warnings, []);
  return transport?.destination;
}

it('the collector is on localhost, 4318 for HTTP and 4317 for gRPC, where nothing is said', () => {
  assert.equal(destinationFor({}), 'http://localhost:4318/v1/traces');
  assert.equal(destinationFor({ OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }), 'http://localhost:4318/v1/traces');
  assert.equal(destinationFor({ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }), 'http://localhost:4317 (gRPC)');
  assert.equal(destinationFor({ OTEL_TRACES_EXPORTER: 'none' }), undefined);
});

it('v1/traces is appended to a base address; the address for traces is used as it is', () => {
  for (const [base, url] of [
    ['http://h:4318', 'http://h:4318/v1/traces'],
    ['http://h', 'http://h/v1/traces'],
    ['http://h/otlp/', 'http://h/otlp/v1/traces'],
    ['http://h/otlp', 'http://h/otlp/v1/traces'],
  ] as const) {
    assert.equal(destinationFor({ OTEL_EXPORTER_OTLP_ENDPOINT: base }), url);
  }
  const both = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://ignored' };
  for (const [traces, url] of [
    ['http://h:9/custom', 'http://h:9/custom'],
    ['https://h', 'https://h/'],
  ] as const) {
    assert.equal(destinationFor({ ...both, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces }), url);
  }
});

it('gRPC takes the address for traces before the general one, and says that a path means nothing', () => {
  const grpc = { OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1' };
  assert.equal(destinationFor(grpc), 'http://a:1 (gRPC)');
  assert.equal(destinationFor({ ...grpc, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://b:2' }), 'https://b:2 (gRPC)');
  const warnings: string[] = [];
  const settings = readSettings({ ...grpc, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:1/v1/traces' }, () => {});
  createTransport(settings, (sentence) => warnings.push(sentence))?.close();
  assert.match(warnings.join(), /should have no path: "\/v1\/traces" is ignored/);
});
