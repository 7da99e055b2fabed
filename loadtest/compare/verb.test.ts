/** The command as a user runs it, on saved files. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import type { OverheadResult } from '../overhead/result.ts';
import { drawRun } from '../report/fixture/draw-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-compare-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function save(name: string, result: OverheadResult): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ ...result, workloads: result.workloads.slice(0, 1) }));
  return file;
}

function compare(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(projectRoot, 'loadtest/main.ts'), 'compare', ...args], { encoding: 'utf8' });
}

const monday = save('monday.json', drawRun(1));
const tuesday = save('tuesday.json', drawRun(2, { startedAt: '2026-11-22T08:00:00.000Z' }));
const dearer = save('dearer.json', drawRun(3, { startedAt: '2026-11-23T08:00:00.000Z', moreUs: 50 }));

describe('compare', () => {
  it('ends with 0 where two runs agree', () => {
    const { status, stdout } = compare(monday, tuesday);
    assert.equal(status, 0);
    assert.match(stdout, /^The runs agree in all 9 cells/);
  });

  it('ends with 1 where the second run costs 50 µs more, and tells every cell as JSON', () => {
    const { status, stdout } = compare(monday, dearer, '--json');
    const printed = JSON.parse(stdout) as { outcome: string; workloads: { cells: { verdict: string }[] }[] };
    assert.deepEqual([status, printed.outcome], [1, 'differ']);
    assert.equal(printed.workloads[0]?.cells.filter(({ verdict }) => verdict === 'differs').length, 7);
  });

  it('refuses a run beside itself, a missing file, and anything that is not a saved run, with 2', () => {
    for (const [args, complaint] of [
      [[monday, monday], /are the same run, of 2026-11-21T08:00:00\.000Z: give two runs/],
      [[monday], /missing required argument 'b'/],
      [[monday, join(folder, 'nowhere.json')], /nowhere\.json cannot be read/],
      [[monday, join(projectRoot, 'package.json')], /package\.json is not a result of `overhead`/],
    ] as const) {
      const { status, stderr } = compare(...args);
      assert.equal(status, 2);
      assert.match(stderr, complaint);
    }
  });
});
