/** Jaeger's sampling protocol end to end: a strategies file, our server, our tracer. */
import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { start } from '@tracelab/tracer';
import { trace } from '@opentelemetry/api';
import { until } from '../../test/until.ts';
import { startSamplingServer, type SamplingServer } from './sampling-server.ts';
import { openStrategySource } from './strategy-source.ts';

let folder = '';
let file = '';
let nowMs = 0;
const reports: string[] = [];
const running: SamplingServer[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tracelab-strategies-'));
  file = join(folder, 'strategies.json');
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  reports.length = 0;
});
after(() => rm(folder, { recursive: true, force: true }));

async function serve(path: string): Promise<string> {
  const source = await openStrategySource(path, { nowMs: () => nowMs, report: (text) => reports.push(text) });
  const server = await startSamplingServer({ host: '127.0.0.1', port: 0, logLevel: 'silent' }, source);
  running.push(server);
  return server.url;
}

/** Puts another file in its place, as editors do. */
async function write(text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

function withRates(byDefault: number, shop: number): string {
  const strategy = (param: number): object => ({ type: 'probabilistic', param });
  return JSON.stringify({
    default_strategy: strategy(byDefault),
    service_strategies: [{ service: 'a shop & co', ...strategy(shop) }],
  });
}

async function rateOf(url: string, service: string): Promise<unknown> {
  const response = await fetch(`${url}/sampling?service=${encodeURIComponent(service)}`);
  const reply = (await response.json()) as { probabilisticSampling?: { samplingRate: number } };
  return reply.probabilisticSampling?.samplingRate;
}

describe('GET /sampling', () => {
  it('answers everything without a file', async () => {
    const url = await serve('');
    const response = await fetch(`${url}/sampling?service=any`);
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    assert.deepEqual(await response.json(), {
      strategyType: 'PROBABILISTIC',
      probabilisticSampling: { samplingRate: 1 },
    });
  });

  it('answers each service its own strategy, and the others the default one', async () => {
    await write(withRates(0.25, 0.5));
    const url = await serve(file);
    assert.deepEqual([await rateOf(url, 'a shop & co'), await rateOf(url, 'bank')], [0.5, 0.25]);
  });

  it('answers 400 where the service is missing or repeated, 404 and 405 elsewhere', async () => {
    const url = await serve('');
    for (const query of ['', '?service=', '?service=a&service=b']) {
      const response = await fetch(`${url}/sampling${query}`);
      assert.equal(response.status, 400);
      assert.match(JSON.stringify(await response.json()), /service should be given once/);
    }
    assert.equal((await fetch(`${url}/nowhere`)).status, 404);
    assert.equal((await fetch(`${url}/sampling?service=a`, { method: 'POST' })).status, 405);
  });

  it('reads a file that changed, once a second at most', async () => {
    await write(withRates(0.25, 0.5));
    const url = await serve(file);
    await write(withRates(0.125, 0.5));
    nowMs += 999;
    assert.equal(await rateOf(url, 'bank'), 0.25);
    nowMs += 1;
    assert.equal(await rateOf(url, 'bank'), 0.125);
    assert.deepEqual(reports, []);
  });

  it('keeps the last good strategies while the file is broken or gone, and says why once', async () => {
    await write(withRates(0.25, 0.5));
    const url = await serve(file);
    const next = async (): Promise<unknown> => {
      nowMs += 1000;
      return rateOf(url, 'bank');
    };
    await write('{"default_strategy":{"type":"probabilistic","param":7}}');
    assert.deepEqual([await next(), await next()], [0.25, 0.25]);
    assert.equal(reports.length, 1);
    assert.match(
      reports[0] ?? '',
      /stay as they were: --sampling-strategies .*strategies\.json cannot be used: .*default_strategy\.param should be a number from 0 to 1: was 7/,
    );
    await rm(file);
    assert.deepEqual([await next(), await next()], [0.25, 0.25]);
    assert.equal(reports.length, 2);
    assert.match(reports[1] ?? '', /ENOENT/);
    await write(withRates(0.5, 0.5));
    assert.equal(await next(), 0.5);
    await write('{');
    assert.equal(await next(), 0.5);
    assert.equal(reports.length, 3);
  });

  it('refuses to begin with a file that cannot be used', async () => {
    await write('{"services":[]}');
    for (const [path, message] of [
      [file, /^--sampling-strategies .*strategies\.json cannot be used: the configuration's services is misspelt/],
      [join(folder, 'none.json'), /none\.json cannot be used: ENOENT/],
    ] as const)
      await assert.rejects(serve(path), (error: Error) => error instanceof UsageError && message.test(error.message));
    await write(JSON.stringify({ padding: 'x'.repeat(4 * 1024 * 1024) }));
    await assert.rejects(serve(file), /should have at most 4194304 bytes: has 4194318/);
  });

  it('is what our tracer asks: it samples as the file says, and otherwise when the file changes', async () => {
    await write(withRates(1, 0));
    const url = await serve(file);
    const tracer = start({
      environment: {
        OTEL_SERVICE_NAME: 'a shop & co',
        OTEL_TRACES_EXPORTER: 'none',
        OTEL_TRACES_SAMPLER: 'jaeger_remote',
        OTEL_TRACES_SAMPLER_ARG: `endpoint=${url},pollingIntervalMs=1000,initialSamplingRate=1`,
      },
      instrument: false,
    });
    const isSampled = (): boolean => {
      const span = trace.getTracer('test').startSpan('x');
      span.end();
      return (span.spanContext().traceFlags & 1) === 1;
    };
    await until('the strategy of the file', () => !isSampled());
    await write(withRates(0, 1));
    nowMs += 1000;
    await until('the new strategy', () => isSampled());
    await tracer.shutdown();
  });
});
