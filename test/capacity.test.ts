/** The planner as a user meets it: what it prints, what it refuses, and whether collectors take the files that it plans. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import { parse } from 'yaml';
import { parseConfig } from '../collector/config/parse-config.ts';
import { savedCost } from '../lab/capacity/fixture.test-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-capacity-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const measured = join(folder, 'measured.json');
writeFileSync(measured, JSON.stringify(savedCost({ tracelab: 20, otelcol: 9 })));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

interface Planned {
  plan: {
    average: { tail: { kept: { spansPerSecond: number; bytesPerSecond: number } } };
    samplers: { replicas: number; traces: number };
    routers?: object;
  };
  settings: { numTraces: number; pendingMebibytes: number; sampler: { limitMebibytes: number } };
  collector: { source: string };
  warnings: string[];
  parts: { part: { name: string }; utilisation: number }[];
  files: { name: string; text: string }[];
}

function capacity(args: readonly string[]): Promise<Ended> {
  return run(process.execPath, [join(projectRoot, 'scripts/run.mjs'), 'lab/main.ts', 'capacity', ...args]);
}

function run(file: string, args: readonly string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const env = { PATH: process.env['PATH'], LAB_DATA_DIR: join(folder, 'empty') };
  execFile(file, args, { env }, (error, stdout, stderr) =>
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
  );
  return promise;
}

async function plan(args: readonly string[]): Promise<Planned> {
  const ended = await capacity([...args, '--json']);
  assert.equal(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout) as Planned;
}

const CASE_A = ['--services', '20', '--rps', '10000', '--spans', '50'];

function textOf({ files }: Planned, name: string): string {
  return files.find((file) => file.name === name)?.text ?? assert.fail(`${name} was planned`);
}

describe('lab capacity', () => {
  it('plans the case that everybody quotes, and says whose figures it took', async () => {
    const { code, stdout } = await capacity([...CASE_A, '--collector', 'otelcol']);
    assert.equal(code, 0);
    assert.match(stdout, /500,000  213\.00 MB\/s  43\.20 billion  18\.40 TB \(16\.74 TiB\)/);
    assert.match(stdout, /NOT MEASURED HERE/);
    assert.match(
      stdout,
      /If every service received the rate for itself, it would be 10,000,000 spans\/s and 368\.06 TB/,
    );
    assert.match(stdout, /Scale first: /);
  });

  it('multiplies the rates, sizes for the peak and survives the loss of one', async () => {
    const given = ['--collector', 'otelcol', '--measured', measured, '--head-rate', '1/8', '--tail-keep', '0.25'];
    const planned = await plan([...CASE_A, ...given]);
    assert.equal(planned.plan.average.tail.kept.spansPerSecond, 500_000 / 32);
    assert.ok(planned.plan.routers !== undefined);
    assert.match(planned.collector.source, /^measured: otelcol/);
    // 125,000 spans/s at the peak, 9 us for 350 B, 426 B each, a core at 70 %, the busiest 38 % over its share; and one to lose.
    assert.equal(planned.plan.samplers.replicas, Math.ceil(((125_000 * 9 * (426 / 350)) / 0.7e6) * 1.38) + 1);
  });

  it('reads services.csv, counts its traces as an upper bound, and is told better by --rps', async () => {
    const csv = join(folder, 'services.csv');
    writeFileSync(
      csv,
      'service,requests_per_second,spans_per_request,bytes_per_span,peak_factor\na,100,2,400,1\nb,50,4,800,3\n',
    );
    const common = ['--collector', 'otelcol', '--csv', csv];
    const bound = await plan(common);
    assert.equal(bound.plan.average.tail.kept.bytesPerSecond, 100 * 2 * 400 + 50 * 4 * 800);
    assert.ok(bound.warnings.some((warning) => /as if each of the 150 requests.*upper bound.*--rps/.test(warning)));
    assert.deepEqual((await plan([...common, '--rps', '100'])).warnings, []);
  });

  it('warns where num_traces does not hold the window, with what it would hold', async () => {
    const args = ['--collector', 'otelcol', '--measured', measured, '--rps', '1000', '--spans', '2', '--peak', '1'];
    const small = await plan([...args, '--num-traces', '5000']);
    assert.match(
      small.warnings.join(),
      /num_traces 5,000 is too small: 1,000 traces\/s x 11 s = 11,000 traces.*holds 5\.0 s/,
    );
    assert.deepEqual((await plan([...args, '--num-traces', '11000'])).warnings, []);
    const long = await plan([...args, '--window-s', '60']);
    assert.match(long.warnings.join(), /default num_traces of 50,000 would be too small: .* 61,000 traces/);
  });

  it('plans YAML with the settings of the plan, and writes it where --out says', async () => {
    const out = join(folder, 'yaml');
    const planned = await plan([...CASE_A, '--collector', 'otelcol', '--tail-keep', '0.25', '--out', out]);
    const sampler = parse(readFileSync(join(out, 'sampler.yaml'), 'utf8')) as Record<string, Record<string, object>>;
    const { numTraces, sampler: memory } = planned.settings;
    assert.deepEqual(sampler['processors']?.['memory_limiter'], {
      check_interval: '1s',
      limit_mib: memory.limitMebibytes,
      spike_limit_mib: Math.floor(memory.limitMebibytes / 5),
    });
    const tail = sampler['processors']?.['tail_sampling'] as Record<string, unknown>;
    assert.deepEqual([tail['num_traces'], tail['decision_wait']], [numTraces, '10s']);
    assert.ok(numTraces > planned.plan.samplers.traces);
    assert.deepEqual(tail['policies'], [
      { name: 'baseline', type: 'probabilistic', probabilistic: { sampling_percentage: 25 } },
    ]);
    const router = parse(textOf(planned, 'router.yaml')) as Record<string, Record<string, object>>;
    assert.ok(router['exporters']?.['loadbalancing'] !== undefined);
  });

  const otelcol = process.env['OTELCOL_BIN'] ?? '';
  it(
    'plans YAML that a real OpenTelemetry Collector takes',
    {
      skip: otelcol === '' ? 'OTELCOL_BIN names no collector' : false,
    },
    async () => {
      const out = join(folder, 'otelcol');
      await plan([...CASE_A, '--collector', 'otelcol', '--tail-keep', '0.1', '--out', out]);
      for (const name of ['router.yaml', 'sampler.yaml']) {
        const { code, stderr } = await run(otelcol, ['validate', '--config', join(out, name)]);
        assert.equal(code, 0, stderr);
      }
    },
  );

  it('plans YAML that our collector reads as the plan means it', async () => {
    const args = [
      '--collector',
      'tracelab',
      '--measured',
      measured,
      '--rps',
      '100',
      '--spans',
      '10',
      '--window-s',
      '7',
    ];
    const planned = await plan(args);
    const { tailSampling } = parseConfig(textOf(planned, 'sampler.yaml'));
    assert.deepEqual([tailSampling.decisionWaitMs, tailSampling.tracesMax], [7000, planned.settings.numTraces]);
    assert.equal(planned.plan.routers, undefined);
  });

  it('plans policies that our collector takes, whatever is kept', async () => {
    const args = ['--collector', 'tracelab', '--measured', measured, '--rps', '100', '--spans', '10'];
    for (const [tailKeep, type] of [
      ['1', 'always_sample'],
      ['0.25', 'probabilistic'],
    ] as const) {
      const planned = await plan([...args, '--tail-keep', tailKeep]);
      const { policies } = parseConfig(textOf(planned, 'sampler.yaml')).tailSampling;
      assert.deepEqual(
        policies.map((policy) => policy.type),
        [type],
      );
    }
  });

  it('ends with 2 where it is called wrongly, with what was got and what is allowed', async () => {
    const csv = join(folder, 'wrong.csv');
    writeFileSync(csv, 'service,requests,spans_per_request\na,430000000,1\n');
    const wrong: [args: string[], message: RegExp][] = [
      [CASE_A, /--collector should be one of tracelab, otelcol: was not given/],
      [['--collector', 'otelcol', '--spans', '5'], /--rps should be the requests of users in a second/],
      [['--collector', 'otelcol', '--rps', '5'], /--spans should be the spans of one request/],
      [['--collector', 'otelcol', '--csv', csv], /the column "requests", whose unit or period nobody can know/],
      [['--collector', 'otelcol', '--csv', csv, '--spans', '5'], /--spans should not be given with --csv/],
      [['--collector', 'otelcol', '--csv', join(folder, 'none.csv')], /none\.csv cannot be read: ENOENT/],
      [['--collector', 'otelcol', ...CASE_A, '--head-rate', '2'], /--head-rate should be a share .*: was "2"/],
      [['--collector', 'otelcol', ...CASE_A, '--span-bytes', '1 KB'], /--span-bytes should be a number .*: was "1 KB"/],
      [['--collector', 'otelcol', ...CASE_A, '--compression', 'zip'], /--compression should be .* sqlite.*: was "zip"/],
      [['--collector', 'otelcol', ...CASE_A, '--out', join(csv, 'below')], /--out .* cannot be written: ENOTDIR/],
      [['--collector', 'otelcol', '--rps', '430 million', '--spans', '1'], /--rps should be a number .*"430 million"/],
    ];
    for (const [args, message] of wrong) {
      const { code, stdout, stderr } = await capacity(args);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, message);
    }
  });

  it('ends with 1 and the command that measures where our collector was never measured', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const { code, stderr } = await capacity([...CASE_A, '--collector', 'tracelab']);
    assert.equal(code, 1);
    assert.match(stderr, /nobody has measured our collector on this machine yet .* run npm run bench:collector:dapper/);
  });
});
