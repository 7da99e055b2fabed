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
    const at = (endpoint: string): unknown => parseConfig(EXAMPLE.replace('127.0.0.1:4318', endpoint)).otlpHttp.host;
    assert.deepEqual(['0.0.0.0:1', '"[::1]:1"', 'localhost:1', '":1"'].map(at), [
      '0.0.0.0',
      '::1',
      'localhost',
      '0.0.0.0',
    ]);
  });

  it('keeps nothing where the pipeline names nop alone', () => {
    const both = EXAMPLE.replace(/^exporters:\n/m, 'exporters:\n  nop:\n');
    const withExporters = (list: string): unknown =>
      parseConfig(both.replace('exporters: [tracelab]', `exporters: [${list}]`)).exporter;
    assert.deepEqual(['tracelab', 'nop', 'nop, tracelab'].map(withExporters), ['tracelab', 'nop', 'tracelab']);
  });

  it('refuses what is not built yet with the path of the key and what is supported', () => {
    assertRefused(
      EXAMPLE.replace('http:', 'grpc:'),
      /receivers\.otlp\.protocols\.grpc is misspelt or not built yet: remove it; supported here: http/,
    );
    assertRefused(
      EXAMPLE.replace('processors:\n', 'processors:\n  batch:\n'),
      /processors\.batch is misspelt or not built yet: remove it; supported here: tail_sampling/,
    );
    assertRefused(
      EXAMPLE.replace('always_sample', 'adaptive'),
      /processors\.tail_sampling\.policies\[0\]\.type "adaptive" is not built yet here: supported are always_sample, latency, /,
    );
    assertRefused(
      EXAMPLE.replace('num_traces', 'block_on_overflow'),
      /processors\.tail_sampling\.block_on_overflow is misspelt or not built yet/,
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
      EXAMPLE.replace('[otlp]', '[zipkin]'),
      /service\.pipelines\.traces\.receivers\[0\] names "zipkin", which is not defined/,
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
    host: '127.0.0.1',
    pendingMebibytesMax: 1,
    samplers: 1,
    wal: true,
    walMebibytesMax: 64,
    explainMebibytesMax: 1,
    logLevel: 'info',
  } as const;

  it('lets a variable win over the file, and the file over the default', async () => {
    const config = new URL('../collector.yaml', import.meta.url).pathname;
    const port = async (environment: Record<string, string>): Promise<number> =>
      (await resolveSettings({ ...settings, config }, environment)).config.otlpHttp.port;
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
