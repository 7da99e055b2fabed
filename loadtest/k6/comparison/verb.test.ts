/** `npm run bench:k6` as a process of its own, with a real k6 where K6_BIN names one. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runLoadtest, type Ended } from '../run/run-process.test-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-k6-comparison-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const compare = (...args: string[]): Promise<Ended> => runLoadtest(['k6-comparison', ...args]);

describe('npm run bench:k6', () => {
  it('says what to do where there is no k6', async () => {
    const { code, stdout, stderr } = await runLoadtest(['k6-comparison'], { K6_BIN: join(folder, 'absent') });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /absent cannot be started .*: install k6 and name it with K6_BIN/);
  });

  it('refuses runs without a p99, and more requests than are saved', async () => {
    const few = await compare('--rate', '9', '--duration-s', '10');
    assert.equal(few.code, 2);
    assert.match(few.stderr, /at least 100 requests a run, since fewer have no p99: they make 90/);
    const many = await compare('--rate', '10000', '--duration-s', '60');
    assert.equal(many.code, 2);
    assert.match(many.stderr, /at most 1,000,000 requests of both senders, .*: they make 6,000,000/);
  });

  it('refuses a file that is no comparison, and one in which nothing can be compared', async () => {
    const file = join(folder, 'other.json');
    writeFileSync(file, '{"format":"tracelab-attack","version":1}');
    const other = await compare('--from', file);
    assert.equal(other.code, 2);
    assert.match(other.stderr, /other\.json is not a result of `k6-comparison`/);
    const machine = { cpuModel: 'x', cores: 2, memoryBytes: 1, platform: 'linux', node: 'v24', loadAverageBefore: 0 };
    const about = { startedAt: '', complete: false, seed: 1, k6: '', delayMs: 1, requestsPerSecond: 1, durationS: 1 };
    writeFileSync(file, JSON.stringify({ format: 'tracelab-k6-comparison', version: 1, ...about, machine, runs: [] }));
    const empty = await compare('--from', file);
    assert.equal(empty.code, 1);
    assert.match(empty.stderr, /other\.json has no round in which both senders ran: there is nothing to compare/);
  });

  const skip = (process.env['K6_BIN'] ?? '') === '' ? 'K6_BIN does not name a k6 binary' : false;
  it('runs both senders in every round, saves every request and prints the same again', { skip }, async () => {
    const out = join(folder, 'run');
    const flags = ['--runs', '2', '--duration-s', '1', '--warm-up-s', '0.5', '--delay-ms', '50', '--out', out];
    const { stdout, stderr } = await compare(...flags);
    for (const sender of ['attack', 'k6'])
      for (const round of [1, 2])
        assert.match(stdout, new RegExp(`^ +${round} {2}${sender} +(199|20[01]) +5\\d\\.`, 'm'), stderr);
    assert.match(stdout, /p50, attack over k6: [01]\.\d+ \[/);
    const again = await compare('--from', join(out, 'comparison.json'));
    assert.equal(again.stdout, stdout);
  });
});
