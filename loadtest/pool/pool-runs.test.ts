import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from '@tracelab/command';
import type { OverheadResult } from '../overhead/result.ts';
import type { NamedRun } from '../overhead/save.ts';
import { drawRun } from '../report/fixture/draw-run.ts';
import { drawForest } from './forest.ts';
import { machineLines, poolWarnings } from './pool-notes.ts';
import { renderPoolPage } from './pool-page.ts';
import { renderPool, renderPoolMarkdown } from './pool-report.ts';
import { poolRuns, type PooledRow } from './pool-runs.ts';
import { checkTogether } from './read-runs.ts';

/** A class of laptops whose only difference is their speed: at 1/1 the tracer costs 12 % of `none` on each of them. */
const SLOWNESS = [0.5, 0.8, 1, 1.6, 3] as const;
const CLASS = SLOWNESS.map((slowness, index) => laptop(index, drawRun(index + 20, { slowness })));

function laptop(index: number, result: OverheadResult): NamedRun {
  const startedAt = `2026-11-2${index}T08:00:00.000Z`;
  const machine = { ...result.machine, cpuModel: `Example CPU ${index}` };
  return { file: `${index}.json`, result: { ...result, startedAt, machine } };
}

function hopAlone({ file, result }: NamedRun): NamedRun {
  return { file, result: { ...result, workloads: result.workloads.slice(0, 1) } };
}

function rowOf(runs: readonly NamedRun[], variant: string): PooledRow {
  const row = poolRuns(runs).workloads[0]?.rows.find((candidate) => candidate.variant === variant);
  assert.ok(row !== undefined);
  return row;
}

describe('many machines in one table', () => {
  const hops = CLASS.map(hopAlone);

  it('tells what tracing adds in per cent, which machines of any speed agree on, while microseconds differ', () => {
    const { addedPercent, addedUs } = rowOf(hops, '1/1');
    assert.ok(addedPercent.low < 12 && addedPercent.high > 12, JSON.stringify(addedPercent));
    assert.ok(addedPercent.high - addedPercent.low < 4);
    assert.ok(addedUs.iSquaredPercent > 90 && addedPercent.iSquaredPercent < addedUs.iSquaredPercent);
    assert.ok(addedUs.tau > 3, 'from 6 µs to 36 µs');
  });

  it('holds zero in the control row', () => {
    const { isControl, addedPercent } = rowOf(hops, 'none (again)');
    assert.ok(isControl && addedPercent.low < 0 && addedPercent.high > 0);
  });

  it('says how machines differ where the tracer costs more on one of them than on another', () => {
    const differing = CLASS.map((_, index) => hopAlone(laptop(index, drawRun(index + 20, { moreUs: 10 * index }))));
    const { addedPercent } = rowOf(differing, '1/1');
    assert.ok(addedPercent.iSquaredPercent > 95);
    assert.ok(addedPercent.prediction !== undefined);
    assert.ok(addedPercent.prediction.low < addedPercent.low && addedPercent.prediction.high > addedPercent.high);
  });

  it('has each machine with its own interval and weight, together one hundred', () => {
    const { machines } = rowOf(hops, '1/4');
    assert.deepEqual(
      machines.map(({ machine }) => machine),
      [0, 1, 2, 3, 4],
    );
    assert.ok(Math.abs(machines.reduce((sum, { weightPercent }) => sum + weightPercent, 0) - 100) < 1e-9);
    for (const { addedUs } of machines) assert.ok(addedUs.low < addedUs.estimate && addedUs.estimate < addedUs.high);
  });

  it('keeps machines that are too noisy for a verdict, and says so', () => {
    const pool = poolRuns(CLASS);
    assert.equal(pool.workloads[1]?.rows[0]?.machines.length, 5);
    assert.match(poolWarnings(pool, CLASS).join('\n'), /TOO NOISY for a verdict of their own on checkout: machine 1,/);
  });

  it('leaves out a machine with one restart, and a row that a single machine has', () => {
    const [first, second, third] = hops;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const single = keepBlocks(third, ({ restart }) => restart === 0);
    const fewer = keepBlocks(second, ({ variant }) => variant !== '1/2');
    const pool = poolRuns([first, fewer, single]);
    assert.deepEqual(pool.workloads[0]?.alone, ['1/2']);
    assert.equal(pool.workloads[0]?.rows.at(-1)?.machines.length, 2);
    const warnings = poolWarnings(pool, [first, fewer, single]).join('\n');
    assert.match(warnings, /machines with less than two restarts have no interval/);
    assert.match(warnings, /since less than two machines have it: 1\/2/);
    assert.doesNotMatch(
      renderPool(pool, [first, fewer, single], (text) => text),
      /NaN|Infinity|undefined/,
    );
  });

  it('asks whether two files of the same processor and memory are one machine', () => {
    const twins = hops.slice(0, 2).map(({ file, result }, index) => ({
      file,
      result: { ...result, machine: { ...result.machine, cpuModel: 'Twin' }, seed: index },
    }));
    assert.match(poolWarnings(poolRuns(twins), twins).join('\n'), /ONE MACHINE\? 1, 2 describe the same processor/);
  });

  it('refuses the same run twice, and runs of something else', () => {
    const [first, second] = CLASS;
    assert.ok(first !== undefined && second !== undefined);
    assert.throws(
      () => checkTogether([first, { ...first, file: 'copy.json' }]),
      /0\.json and copy\.json are the same run/,
    );
    assert.throws(
      () => checkTogether([first, hopAlone(second)]),
      /0\.json measured rates of checkout and hop against none, but 1\.json rates of hop against none/,
    );
    const tracers: NamedRun = { ...second, result: { ...second.result, comparison: 'tracers' } };
    assert.throws(() => checkTogether([first, tracers]), UsageError);
    checkTogether(CLASS);
  });

  it('is the same in the terminal, in Markdown and on the page', () => {
    const pool = poolRuns(hops);
    const { estimate, low, high } = rowOf(hops, '1/1').addedPercent;
    const cell = `+${estimate.toFixed(1)} [+${low.toFixed(1)}..+${high.toFixed(1)}]`;
    for (const text of [
      renderPool(pool, hops, (line) => line),
      renderPoolMarkdown(pool, hops),
      renderPoolPage(pool, hops),
    ])
      assert.ok(text.includes(cell), cell);
    assert.equal(machineLines(pool).length, 5);
  });

  function keepBlocks(
    { file, result }: NamedRun,
    isKept: (block: { restart: number; variant: string }) => boolean,
  ): NamedRun {
    const workloads = result.workloads.map((workload) => ({ ...workload, blocks: workload.blocks.filter(isKept) }));
    return { file, result: { ...result, workloads } };
  }
});

describe('a forest plot in characters', () => {
  it('has zero in one column, and each interval from end to end around its estimate', () => {
    const lines = drawForest([
      { estimate: -10, low: -20, high: 0 },
      { estimate: 20, low: 10, high: 30 },
      { estimate: 10, low: 5, high: 15 },
    ]);
    assert.deepEqual(
      lines.map((line) => line.replaceAll(/[ ─]+/g, '')),
      ['├■┤', '│├■┤', '│├◆┤'],
    );
    assert.equal(lines[1]?.indexOf('│'), lines[2]?.indexOf('│'));
    assert.equal(lines[0]?.indexOf('├'), 0);
    assert.equal(lines[1]?.length, 44);
  });

  it('has a point where there is no width', () => {
    assert.deepEqual(drawForest([{ estimate: 0, low: 0, high: 0 }]), ['◆']);
  });
});
