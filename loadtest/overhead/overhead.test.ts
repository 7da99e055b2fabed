/**
 * The command as a user runs it, on real processes, with settings so small that the figures mean nothing: what is tested
 * is that blocks are measured, saved and recomputed, and that an early end keeps them and leaves no process behind.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import type { WorkloadSummary } from '../report/summary.ts';
import { isRunning } from '../../test/is-running.ts';
import { overhead } from './command.test-kit.ts';
import { parseOverheadResult, type OverheadResult } from './result.ts';

const folder = mkdtempSync(join(tmpdir(), 'tracelab-overhead-test-'));
const TINY = ['--workload', 'hop', '--rounds', '1', '--block-ms', '20', '--warm-up-ms', '100', '--seed', '1'];

after(() => rmSync(folder, { recursive: true, force: true }));

function readSaved(name: string): OverheadResult {
  const parsed = parseOverheadResult(readFileSync(join(folder, name, 'overhead.json'), 'utf8'));
  assert.ok(parsed.ok);
  return parsed.value;
}

/** Direct children; empty where the system does not tell (Linux only). */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .split(' ')
        .map(Number)
        .filter((child) => child > 0)
    : [];
}

describe('overhead', () => {
  it('measures every variant in every round, saves the raw blocks, and recomputes the same table from them', async () => {
    const out = join(folder, 'whole');
    const run = overhead(...TINY, '--restarts', '2', '--out', out, '--json');
    assert.equal(await run.exitCode, 0, run.stderr());
    const printed = JSON.parse(run.stdout()) as { file: string; summaries: WorkloadSummary[] };
    const saved = readSaved('whole');
    assert.equal(saved.complete, true);
    assert.equal(saved.workloads[0]?.blocks.length, 2 * 28);
    for (const block of saved.workloads[0]?.blocks ?? []) {
      assert.ok(block.cpuUs > 0 && block.requests > 0 && block.failures === 0);
      if (block.variant === '1/1') assert.equal(block.traces, block.requests);
      if (block.variant.startsWith('none')) assert.equal(block.spans, 0);
    }
    const anew = join(folder, 'anew');
    const again = overhead('--from', printed.file, '--out', anew, '--json');
    assert.equal(await again.exitCode, 0, again.stderr());
    assert.deepEqual((JSON.parse(again.stdout()) as typeof printed).summaries, printed.summaries);
    assert.match(readFileSync(join(out, 'overhead.md'), 'utf8'), /\| none \(again\) \|/);
    for (const name of ['overhead.md', 'overhead.html'])
      assert.equal(readFileSync(join(anew, name), 'utf8'), readFileSync(join(out, name), 'utf8'));
  });

  it('keeps what is measured when it is interrupted, prints it as incomplete, and ends every process', async () => {
    const run = overhead(...TINY, '--restarts', '50', '--out', join(folder, 'cut'));
    await run.untilSaid('restart 2 of 50');
    const children = childrenOf(run.child.pid ?? 0);
    run.child.kill('SIGINT');
    assert.equal(await run.exitCode, 1);
    assert.match(run.stdout(), /INCOMPLETE: the run was ended after/);
    assert.match(run.stdout(), /Saved: /);
    const saved = readSaved('cut');
    assert.equal(saved.complete, false);
    assert.equal(saved.workloads[0]?.blocks.filter((block) => block.restart === 0).length, 28);
    assert.deepEqual(children.filter(isRunning), []);
  });

  it('says which request failed when a process dies, and keeps what was measured before', async (context) => {
    const run = overhead(...TINY, '--restarts', '50', '--out', join(folder, 'died'));
    await run.untilSaid('restart 2 of 50');
    const [victim] = childrenOf(run.child.pid ?? 0);
    if (victim === undefined) {
      run.child.kill('SIGINT');
      await run.exitCode;
      return context.skip('this system does not list the children of a process');
    }
    process.kill(victim, 'SIGKILL');
    assert.equal(await run.exitCode, 1);
    assert.match(
      run.stderr(),
      /error: the run ended early, .*overhead\.json has what was measured until then: \w+ http/,
    );
    assert.ok((readSaved('died').workloads[0]?.blocks.length ?? 0) >= 28);
  });

  it('refuses a folder that cannot be made before it measures anything', async () => {
    const run = overhead(...TINY, '--out', join(projectRoot, 'package.json', 'result'));
    assert.equal(await run.exitCode, 2);
    assert.match(run.stderr(), /error: --out should be a folder that can be made/);
    assert.doesNotMatch(run.stderr(), /Measuring/);
  });

  it('refuses a file that is not a saved result, with exit code 2', async () => {
    const run = overhead('--from', join(projectRoot, 'package.json'));
    assert.equal(await run.exitCode, 2);
    assert.match(run.stderr(), /package\.json is not a result of `overhead`/);
  });
});
