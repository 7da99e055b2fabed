/** `overhead --pool` as a user runs it, on saved files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import { drawRun } from '../report/fixture/draw-run.ts';
import type { Pool } from './pool-runs.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-pool-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const files = [1, 2, 3].map((seed) => {
  const file = join(folder, `${seed}.json`);
  writeFileSync(file, JSON.stringify(drawRun(seed, { startedAt: `2026-11-2${seed}T08:00:00.000Z` })));
  return file;
});

function overhead(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(projectRoot, 'loadtest/main.ts'), 'overhead', ...args], {
    encoding: 'utf8',
  });
}

describe('overhead --pool', () => {
  it('prints one table of all files, as the shell expands a star, and writes it in every form', () => {
    const out = join(folder, 'class');
    const { status, stdout } = overhead('--pool', ...files, '--out', out, '--json');
    const pool = JSON.parse(stdout) as Pool;
    assert.equal(status, 0);
    assert.deepEqual(
      pool.workloads.map(({ rows }) => rows.length),
      [9, 9],
    );
    assert.deepEqual(JSON.parse(readFileSync(join(out, 'pool.json'), 'utf8')), pool);
    assert.match(readFileSync(join(out, 'pool.md'), 'utf8'), /^# What tracing costs on many machines/);
    assert.match(readFileSync(join(out, 'pool.html'), 'utf8'), /^<!doctype html>/);
  });

  it('refuses one file, the same run twice, and files without the flag, with 2', () => {
    const [first = ''] = files;
    for (const [args, complaint] of [
      [['--pool', first], /--pool needs 2 to 200 saved results, one of each machine: was given 1/],
      [['--pool', first, first], /are the same run/],
      [['--pool', first, join(projectRoot, 'package.json')], /package\.json is not a result/],
      [[first], /files are taken with --pool only: was given .*1\.json/],
    ] as const) {
      const { status, stderr } = overhead(...args);
      assert.equal(status, 2);
      assert.match(stderr, complaint);
    }
  });
});
