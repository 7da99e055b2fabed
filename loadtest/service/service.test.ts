/**
 * The command as a user runs it, on real services, with settings so small that the figures mean nothing: what is tested is
 * that both designs measure and save, that bad servers end with one line, and that no process is ever left.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { freePorts, projectRoot } from '@tracelab/command';
import { until } from '../../test/until.ts';
import type { Run } from '../command.test-kit.ts';
import { overhead } from '../overhead/command.test-kit.ts';
import { parseOverheadResult, type OverheadResult } from '../overhead/result.ts';
import type { WorkloadSummary } from '../report/summary.ts';
import { hasInEnvironment, readProcesses } from './process-table.ts';

const EXAMPLES = join(projectRoot, 'loadtest', 'service', 'examples');
const TINY = ['--rounds', '1', '--block-ms', '20', '--warm-up-ms', '50', '--connections', '2', '--seed', '1'];
/** In the environment of every process of every service here, and nowhere else. */
const secret = randomUUID();

const folder = mkdtempSync(join(tmpdir(), 'tracelab-service-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function writeVariants(name: string, variants: readonly object[]): string {
  const file = join(folder, `${name}.json`);
  const withSecret = variants.map((variant) => ({ ...variant, env: { SECRET: secret, ...envOf(variant) } }));
  writeFileSync(file, JSON.stringify({ variants: withSecret }));
  return file;
}

function envOf(variant: object): object {
  return 'env' in variant && typeof variant.env === 'object' ? (variant.env ?? {}) : {};
}

const plain = writeVariants('plain', [{ name: 'plain' }]);

/** Processes of the services; those of one killed run may need a moment. */
function leftOver(): number[] {
  return readProcesses()
    .filter(({ pid, isRunning }) => isRunning && hasInEnvironment(pid, secret))
    .map(({ pid }) => pid);
}

function measure(command: string, url: string, more: readonly string[]): Run {
  return overhead('--command', command, '--url', url, ...TINY, ...more);
}

const nodeService = `"${process.execPath}" "${join(EXAMPLES, 'node', 'server.cjs')}"`;

function readSaved(name: string): OverheadResult {
  const parsed = parseOverheadResult(readFileSync(join(folder, name, 'overhead.json'), 'utf8'));
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.error);
  return parsed.value;
}

function blocksByVariant(result: OverheadResult): Record<string, number> {
  const blocks = result.workloads[0]?.blocks ?? [];
  return Object.fromEntries([...Map.groupBy(blocks, ({ variant }) => variant)].map(([name, of]) => [name, of.length]));
}

describe('overhead --command', { skip: process.platform !== 'linux' && 'looks for left processes in /proc' }, () => {
  it('measures every variant side by side, with its traces, and saves no value of an environment', async () => {
    const preload = `--import ${join(EXAMPLES, 'node', 'tracing.mjs')}`;
    const variants = writeVariants('whole', [
      { name: 'no tracer' },
      { name: 'sdk', ratio: 1, env: { NODE_OPTIONS: preload } },
      { name: '50 µs', injectedUs: 50, env: { INJECTED_US: '50' } },
    ]);
    const out = join(folder, 'whole');
    const more = ['--variants', variants, '--restarts', '2', '--out', out];
    const run = measure(nodeService, 'http://127.0.0.1:$PORT/', [...more, '--json']);
    assert.equal(await run.exitCode, 0, run.stderr());
    const saved = readSaved('whole');
    assert.deepEqual(blocksByVariant(saved), { 'no tracer': 2, 'no tracer (again)': 2, sdk: 2, '50 µs': 2 });
    for (const { failures, traces, variant, requests } of saved.workloads[0]?.blocks ?? [])
      assert.deepEqual([failures, traces], [0, variant === 'sdk' ? requests : 0]);
    const { summaries } = JSON.parse(run.stdout()) as { summaries: [WorkloadSummary] };
    const { design, baseline, rows } = summaries[0];
    assert.deepEqual([design, baseline], ['side by side', 'no tracer']);
    assert.match(rows[3]?.verdict ?? '', /the 50 µs that were injected/);
    for (const text of [run.stdout(), run.stderr(), readFileSync(join(out, 'overhead.json'), 'utf8')])
      assert.ok(!text.includes(secret));
    assert.deepEqual(leftOver(), []);
  });

  it('starts one after the other where the port is fixed, each with the same number of blocks, and says so', async () => {
    const variants = writeVariants('turns', [{ name: 'plain' }, { name: 'other' }]);
    const [port = 0] = await freePorts(1);
    const more = ['--variants', variants, '--restarts', '2', '--rounds', '2', '--out', join(folder, 'turns')];
    const run = measure(nodeService, `http://127.0.0.1:${port}/`, more);
    assert.equal(await run.exitCode, 0, run.stderr());
    assert.deepEqual(blocksByVariant(readSaved('turns')), { plain: 4, 'plain (again)': 4, other: 4 });
    assert.equal(readSaved('turns').workloads[0]?.design, 'in turn');
    assert.match(run.stdout(), /one set alive at a time, since there is one port/);
    assert.match(run.stdout(), /2 starts of all processes, 4 rounds/);
    assert.deepEqual(leftOver(), []);
  });

  for (const [signal, how] of [
    ['SIGINT', 'is interrupted'],
    ['SIGKILL', 'is killed'],
  ] as const) {
    it(`leaves no process when it ${how} while it measures`, async () => {
      const out = join(folder, signal);
      const more = ['--variants', plain, '--restarts', '50', '--out', out];
      const run = measure(`setsid sleep 60 & exec ${nodeService}`, 'http://127.0.0.1:$PORT/', more);
      await run.untilSaid('restart 2 of 50');
      run.child.kill(signal);
      await run.exitCode;
      if (signal === 'SIGINT') assert.ok((readSaved(signal).workloads[0]?.blocks.length ?? 0) >= 2);
      await until('all are gone', () => leftOver().length === 0);
    });
  }

  it('leaves no process when it is interrupted while a service does not become ready', async () => {
    const run = measure('sleep 60', 'http://127.0.0.1:$PORT/', ['--variants', plain, '--out', join(folder, 'early')]);
    await until('the service is started', () => leftOver().length > 0);
    run.child.kill('SIGINT');
    assert.equal(await run.exitCode, 1);
    assert.deepEqual(leftOver(), []);
  });

  const serve = (answer: string): string =>
    `"${process.execPath}" -e "require('http').createServer((q, r) => { ${answer} }).listen(process.env.PORT, '127.0.0.1')"`;
  const halfOpen = `"${process.execPath}" -e "require('net').createServer(() => {}).listen(process.env.PORT, '127.0.0.1')"`;
  const ready =
    /^error: the service of plain( \(again\))? was not ready within 1 s \(--ready-s\): GET http:\/\/127\.0\.0\.1:\d+\/ /m;
  const bad: [name: string, command: string, complaint: RegExp][] = [
    ['is down', 'sleep 60', /got no answer \(nobody listens there\): the command should listen on the port that PORT/],
    ['accepts and never answers', halfOpen, /got no answer \(silence for \d\.\d s\)/],
    ['answers 503', serve('r.writeHead(503).end()'), /is answered with 503$/m],
    [
      'is slow',
      serve('setTimeout(() => r.end(), 1100)'),
      /is too slow to be measured: GET .* takes 1\.\d s, at most 1 s/,
    ],
    ['ends at once', 'echo no luck >&2; exit 7', /was not ready when it ended \(exit code 7\)\n  no luck$/m],
    [
      'answers nothing but 404',
      serve('r.writeHead(404).end()'),
      /cannot be measured: of 50 requests 50 were answered with 404/,
    ],
  ];
  for (const [name, command, complaint] of bad) {
    it(`ends with a clear line and no process where the service ${name}`, async () => {
      const out = join(folder, 'bad');
      const readyS = name === 'is slow' ? '10' : '1';
      const more = ['--variants', plain, '--ready-s', readyS, '--out', out];
      const run = measure(command, 'http://127.0.0.1:$PORT/', more);
      assert.equal(await run.exitCode, 1);
      assert.match(run.stderr(), complaint);
      if (/down|never|503/.test(name)) assert.match(run.stderr(), ready);
      assert.equal(run.stdout(), '');
      assert.ok(!existsSync(join(out, 'overhead.json')));
      assert.deepEqual(leftOver(), []);
    });
  }

  it('ends with a clear line and no process when the service dies under load', async () => {
    const out = join(folder, 'died');
    const dies = serve('n = (globalThis.n ?? 0) + 1; if (n > 400) process.exit(9); r.end()');
    const more = ['--variants', plain, '--restarts', '1', '--out', out, '--block-ms', '1'];
    const run = measure(dies, 'http://127.0.0.1:$PORT/', more);
    assert.equal(await run.exitCode, 1);
    assert.match(run.stderr(), /^error: .*(cannot be measured: of|ended \(exit code 9\)|got no answer)/m);
    assert.deepEqual(leftOver(), []);
  });

  it('refuses what belongs to the copies of the shop, and what is not enough, with exit code 2', async () => {
    const both = measure('x', 'http://127.0.0.1:$PORT/', ['--variants', plain, '--workload', 'hop']);
    assert.equal(await both.exitCode, 2);
    assert.match(
      both.stderr(),
      /^error: --workload, --tracer, --injected-us and --tracer-injected-us are of the copies of our own services/,
    );
    const half = overhead('--command', 'x');
    assert.equal(await half.exitCode, 2);
    assert.match(half.stderr(), /^error: --command, --url and --variants belong together: --url and --variants is/);
  });

  it('measures a service in Python', { skip: !hasPython() && 'python3 is not installed' }, async () => {
    const variants = writeVariants('python', [
      { name: 'plain' },
      { name: '200 µs', injectedUs: 200, env: { INJECTED_US: '200' } },
    ]);
    const out = join(folder, 'python');
    const service = `exec python3 "${join(EXAMPLES, 'python', 'server.py')}"`;
    const more = ['--variants', variants, '--restarts', '1', '--out', out];
    const run = measure(service, 'http://127.0.0.1:$PORT/', more);
    assert.equal(await run.exitCode, 0, run.stderr());
    assert.match(run.stdout(), /no verdict: one restart has no interval/);
    const blocks = readSaved('python').workloads[0]?.blocks ?? [];
    assert.deepEqual([blocks.length, blocks.some(({ failures }) => failures > 0)], [3, false]);
    assert.deepEqual(leftOver(), []);
  });
});

function hasPython(): boolean {
  try {
    execFileSync('python3', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
