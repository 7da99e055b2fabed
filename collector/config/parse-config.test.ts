import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import { DEFAULT_CONFIG } from './collector-config.ts';
import { parseGoDuration } from './go-duration.ts';
import { parseConfig } from './parse-config.ts';
import { COLLECTOR_SETTINGS, resolveSettings } from './settings.ts';

const EXAMPLE = await readFile(new URL('../collector.yaml', import.meta.url), 'utf8');

function assertRefused(text: string, message: RegExp): void {
  assert.throws(
    () => parseConfig(text),
    (error: Error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, message);
      return true;
    },
  );
}

describe('parseConfig', () => {
  it('reads the example as the defaults', () => {
    assert.deepEqual(parseConfig(EXAMPLE), DEFAULT_CONFIG);
  });

  it('gives absent keys of tail_sampling their upstream defaults', () => {
    const text = EXAMPLE.replace(/^ +(decision_wait|num_traces).*\n/gm, '');
    const { decisionWaitMs, decisionWaitAfterRootMs, tracesMax } = parseConfig(text).tailSampling;
    assert.deepEqual(
      { decisionWaitMs, decisionWaitAfterRootMs, tracesMax },
      { decisionWaitMs: 30_000, decisionWaitAfterRootMs: 0, tracesMax: 50_000 },
    );
  });

  it('takes a path for the store, and endpoints of every form', () => {
    assert.equal(parseConfig(EXAMPLE.replace('tracelab:\n', 'tracelab:\n    path: /data\n')).storePath, '/data');
    const at = (endpoint: string): unknown =>
      parseConfig(EXAMPLE.replace('127.0.0.1:4318', endpoint)).receivers.otlpHttp?.host;
    assert.deepEqual(['0.0.0.0:1', '"[::1]:1"', 'localhost:1', '":1"'].map(at), [
      '0.0.0.0',
      '::1',
      'localhost',
      '0.0.0.0',
    ]);
  });

  it('opens the protocols that are named, with upstream defaults', () => {
    const withProtocols = (protocols: string): unknown =>
      parseConfig(EXAMPLE.replace(/protocols:[^]*?\n\n/, `protocols: ${protocols}\n\n`)).receivers;
    const { otlpGrpc, otlpHttp } = DEFAULT_CONFIG.receivers;
    assert.deepEqual(withProtocols('{ grpc: }'), { otlpGrpc });
    assert.deepEqual(withProtocols('{ http: }'), { otlpHttp });
    assert.deepEqual(withProtocols('{ grpc: { endpoint: "0.0.0.0:1", max_recv_msg_size_mib: 8 } }'), {
      otlpGrpc: { host: '0.0.0.0', port: 1, bodyBytesMax: 8 * 1024 * 1024 },
    });
    assertRefused(
      EXAMPLE.replace(/protocols:[^]*?\n\n/, 'protocols: {}\n\n'),
      /receivers\.otlp\.protocols should have grpc, http or both: has none/,
    );
  });

  it('opens Zipkin only where the pipeline names it, and OTLP too', () => {
    const withZipkin = EXAMPLE.replace('receivers:\n', 'receivers:\n  zipkin:\n');
    const named = (list: string): string[] =>
      Object.keys(parseConfig(withZipkin.replace('receivers: [otlp]', `receivers: [${list}]`)).receivers);
    assert.deepEqual(['otlp', 'zipkin', 'otlp, zipkin'].map(named), [
      ['otlpGrpc', 'otlpHttp'],
      ['zipkin'],
      ['otlpGrpc', 'otlpHttp', 'zipkin'],
    ]);
    const text = withZipkin.replace('zipkin:\n', 'zipkin: { endpoint: "0.0.0.0:1", max_request_body_size: 9 }\n');
    const { zipkin } = parseConfig(text.replace('receivers: [otlp]', 'receivers: [zipkin]')).receivers;
    assert.deepEqual(zipkin, { host: '0.0.0.0', port: 1, bodyBytesMax: 9 });
    assertRefused(
      withZipkin.replace('zipkin:\n', 'zipkin: { parse_string_tags: true }\n'),
      /receivers\.zipkin\.parse_string_tags is misspelt or not built yet/,
    );
  });

  it('limits memory only where the pipeline names it, and refuses a wrong limiter all the same', () => {
    const withLimiter = EXAMPLE.replace(
      'processors:\n',
      'processors:\n  memory_limiter: { check_interval: 1s, limit_mib: 400 }\n',
    );
    const named = (list: string): string => withLimiter.replace('processors: [tail_sampling]', `processors: [${list}]`);
    const limitOf = (list: string): unknown => parseConfig(named(list)).memoryLimiter?.limit;
    assert.deepEqual(['tail_sampling', 'memory_limiter, tail_sampling', 'memory_limiter', ''].map(limitOf), [
      undefined,
      400,
      400,
      undefined,
    ]);
    assert.deepEqual(parseConfig(named('memory_limiter')).tailSampling, DEFAULT_CONFIG.tailSampling);
    assertRefused(
      withLimiter.replace('limit_mib', 'limit_mb'),
      /processors\.memory_limiter\.limit_mb is misspelt or not built yet/,
    );
  });

  it('has the semantics that are asked for, also where the pipeline names no tail_sampling', () => {
    const unnamed = EXAMPLE.replace('processors: [tail_sampling]', 'processors: []');
    assert.deepEqual(
      [EXAMPLE, unnamed].map((text) => parseConfig(text, 'lab').tailSampling.semantics),
      ['lab', 'lab'],
    );
  });

  it('groups what goes to the store only where the pipeline names batch, behind tail_sampling', () => {
    const text = EXAMPLE.replace('processors:\n', 'processors:\n  batch:\n');
    const named = (list: string): string => text.replace('processors: [tail_sampling]', `processors: [${list}]`);
    assert.deepEqual(
      ['tail_sampling', 'tail_sampling, batch', 'batch'].map((list) => parseConfig(named(list)).batch?.spansMin),
      [undefined, 8192, 8192],
    );
    assertRefused(
      named('batch, tail_sampling'),
      /processors\[1\] names "tail_sampling" behind batch: the order here is memory_limiter, probabilistic_sampler, tail_sampling, batch/,
    );
  });

  it('refuses processors twice or in another order, since that would mean something else upstream', () => {
    const text = EXAMPLE.replace(
      'processors:\n',
      'processors:\n  memory_limiter: { check_interval: 1s, limit_mib: 400 }\n',
    );
    const named = (list: string): string => text.replace('processors: [tail_sampling]', `processors: [${list}]`);
    assertRefused(
      named('tail_sampling, memory_limiter'),
      /service\.pipelines\.traces\.processors\[1\] names "memory_limiter" behind tail_sampling: the order here is memory_limiter, probabilistic_sampler, tail_sampling, batch/,
    );
    assertRefused(
      named('tail_sampling, tail_sampling'),
      /service\.pipelines\.traces\.processors\[1\] names "tail_sampling" a second time: once is enough/,
    );
  });

  it('keeps nothing where the pipeline names nop alone', () => {
    const both = EXAMPLE.replace(/^exporters:\n/m, 'exporters:\n  nop:\n');
    const withExporters = (list: string): unknown =>
      parseConfig(both.replace('exporters: [tracelab]', `exporters: [${list}]`)).exporter;
    assert.deepEqual(['tracelab', 'nop', 'nop, tracelab'].map(withExporters), ['tracelab', 'nop', 'tracelab']);
  });

  it('refuses what is not built yet with the path of the key and what is supported', () => {
    assertRefused(
      EXAMPLE.replace('http:', 'arrow:'),
      /receivers\.otlp\.protocols\.arrow is misspelt or not built yet: remove it; supported here: grpc, http/,
    );
    assertRefused(
      EXAMPLE.replace('processors:\n', 'processors:\n  filter:\n'),
      /processors\.filter is misspelt or not built yet: remove it; supported here: memory_limiter, probabilistic_sampler, tail_sampling, batch/,
    );
    assertRefused(
      EXAMPLE.replace('always_sample', 'adaptive'),
      /processors\.tail_sampling\.policies\[0\]\.type "adaptive" is not built yet here: supported are always_sample, latency, /,
    );
    assertRefused(
      EXAMPLE.replace('num_traces', 'num_trace'),
      /processors\.tail_sampling\.num_trace is misspelt or not built yet/,
    );
  });

  it('refuses what is wrong, saying where, what it was and what is allowed', () => {
    assertRefused(
      EXAMPLE.replace('10s', 'soon'),
      /decision_wait should be a duration such as 10s or 500ms: was "soon"/,
    );
    assertRefused(EXAMPLE.replace('50000', '-1'), /num_traces should be a whole number from 1 to 10000000: was -1/);
    assertRefused(
      EXAMPLE.replace('127.0.0.1:4318', 'nowhere'),
      /endpoint should be host:port, such as 127\.0\.0\.1:4318: was "nowhere"/,
    );
    assertRefused(
      EXAMPLE.replace('[otlp]', '[jaeger]'),
      /service\.pipelines\.traces\.receivers\[0\] names "jaeger", which is not defined/,
    );
    assertRefused('receivers: [', /is not YAML: /);
    assertRefused('', /service is missing: see collector\/collector\.yaml/);
  });

  it('refuses a file that aliases blow up', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...Array.from('bcdefgh', (key, index) => `${key}: &${key} [${`*${'abcdefg'[index]},`.repeat(9)}]`),
    ].join('\n');
    assertRefused(bomb, /is not acceptable: Excessive alias count/);
  });
});

describe('parseGoDuration', () => {
  it('reads durations as Go writes them', () => {
    assert.deepEqual(
      ['10s', '1m30s', '1.5ms', '250us', '0', '1h', '.5s'].map(parseGoDuration),
      [10_000, 90_000, 1.5, 0.25, 0, 3_600_000, 500],
    );
    assert.deepEqual(['', '10', 's', '10 s', '-1s', '1s!'].map(parseGoDuration), [
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('resolveSettings', () => {
  const settings = {
    config: '',
    data: '',
    semantics: 'otel',
    host: '127.0.0.1',
    samplingStrategies: '',
    pendingMebibytesMax: 1,
    samplers: 1,
    wal: true,
    walMebibytesMax: 64,
    explainMebibytesMax: 1,
    logLevel: 'info',
  } as const;

  it('lets a variable win over the file, and the file over the default', async () => {
    const config = new URL('../collector.yaml', import.meta.url).pathname;
    const port = async (environment: Record<string, string>): Promise<number | undefined> =>
      (await resolveSettings({ ...settings, config }, environment)).config.receivers.otlpHttp?.port;
    assert.deepEqual(
      [await port({}), await port({ COLLECTOR_HTTP_PORT: '99' }), await port({ LAB_PORT_BASE: '5600' })],
      [4318, 99, 5618],
    );
  });

  it('puts the store below LAB_DATA_DIR, or where --data says', async () => {
    assert.equal((await resolveSettings(settings, { LAB_DATA_DIR: '/lab' })).storeFile, '/lab/collector/traces.sqlite');
    assert.equal((await resolveSettings({ ...settings, data: '/mine' }, {})).storeFile, '/mine/traces.sqlite');
    assert.ok(Object.keys(COLLECTOR_SETTINGS).includes('data'));
  });

  it('says that a file cannot be read', async () => {
    await assert.rejects(
      resolveSettings({ ...settings, config: '/nowhere.yaml' }, {}),
      /--config \/nowhere\.yaml cannot be read: ENOENT/,
    );
  });
});
