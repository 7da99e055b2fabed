import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { parsePs, readProcesses, TELLS_PROCESSES, type ProcessRow } from './process-table.ts';
import { machineSource, watchTree } from './process-tree.ts';

const ROOT = 100;

function row(pid: number, parentPid: number, more: Partial<ProcessRow> = {}): ProcessRow {
  return { pid, parentPid, sessionId: 1, startedAt: '1', isRunning: true, cpuUs: 0, reapedCpuUs: 0, ...more };
}

/** A tree that is shown one table of processes after the other. */
function lookAt(tables: readonly ProcessRow[][], isMarked: (pid: number) => boolean = () => false) {
  let look = 0;
  return watchTree(ROOT, { read: () => tables[look++] ?? [], isMarked });
}

function pidsOf(rows: readonly ProcessRow[]): number[] {
  return rows.map(({ pid }) => pid).sort((one, other) => one - other);
}

describe('watchTree', () => {
  it('finds descendants in any order of the table, and nobody else', () => {
    const tree = lookAt([[row(103, 102), row(102, ROOT), row(ROOT, 1), row(7, 1), row(104, 7)]]);
    assert.deepEqual(pidsOf(tree.running()), [ROOT, 102, 103]);
  });

  it('finds those that appear later, those of its session, and a marked daemon that left all behind', () => {
    const later = [
      row(ROOT, 1),
      row(105, ROOT),
      row(106, 1, { sessionId: ROOT }),
      row(107, 1),
      row(108, 107),
      row(9, 1),
    ];
    const tree = lookAt([[row(ROOT, 1)], later], (pid) => pid === 107);
    assert.deepEqual(pidsOf(tree.running()), [ROOT]);
    assert.deepEqual(pidsOf(tree.running()), [ROOT, 105, 106, 107, 108]);
  });

  it('keeps whom it knows when the parent is gone, and takes nobody for it who has its id later', () => {
    const tree = lookAt([
      [row(ROOT, 1), row(105, ROOT), row(106, 105)],
      [row(ROOT, 1), row(106, 1)],
      [row(ROOT, 1), row(106, 1, { startedAt: '2' })],
    ]);
    tree.running();
    assert.deepEqual(pidsOf(tree.running()), [ROOT, 106]);
    assert.deepEqual(pidsOf(tree.running()), [ROOT]);
  });

  it('counts CPU of a child that ended once: as its own, then in the books of its parent', () => {
    const tree = lookAt([
      [row(ROOT, 1, { cpuUs: 10 }), row(105, ROOT, { cpuUs: 30 })],
      [row(ROOT, 1, { cpuUs: 10 }), row(105, ROOT, { cpuUs: 40, isRunning: false })],
      [row(ROOT, 1, { cpuUs: 10, reapedCpuUs: 40 })],
    ]);
    assert.deepEqual([tree.cpuUs(), tree.cpuUs(), tree.cpuUs()], [40, 50, 50]);
  });

  it('keeps what an orphan had used, for which nobody of the tree waited', () => {
    const tree = lookAt([
      [row(ROOT, 1, { cpuUs: 10 }), row(106, 1, { cpuUs: 30, sessionId: ROOT })],
      [row(ROOT, 1, { cpuUs: 15 })],
      [row(ROOT, 1, { cpuUs: 20 })],
    ]);
    assert.deepEqual([tree.cpuUs(), tree.cpuUs(), tree.cpuUs()], [40, 45, 50]);
  });

  it(
    'counts what a child burnt that has ended, on this machine',
    { skip: process.platform !== 'linux' && 'only Linux keeps books of children that ended' },
    async () => {
      const burn = `const end = process.cpuUsage().user + 150_000; while (process.cpuUsage().user < end);`;
      const script = `"${process.execPath}" -e '${burn}'; echo over; read line`;
      const child = spawn('sh', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      const tree = watchTree(child.pid ?? 0, machineSource('no such mark'));
      const beforeUs = tree.cpuUs();
      await once(child.stdout, 'data');
      assert.deepEqual(pidsOf(tree.running()), [child.pid]);
      assert.ok(tree.cpuUs() - beforeUs >= 130_000, `${tree.cpuUs() - beforeUs} µs`);
      child.stdin.end();
      await once(child, 'close');
      assert.deepEqual(tree.running(), []);
    },
  );
});

describe('the process table', () => {
  it('reads ps as macOS prints it', () => {
    const [first, second] = parsePs(
      '    1     0     1 Ss     1:02.50 Sat Nov 28 15:00:00 2026    \n  501     1   501 Z   1-02:01:02.05 Sun Nov  1 01:02:03 2026\n',
    );
    assert.deepEqual(first, {
      pid: 1,
      parentPid: 0,
      sessionId: 1,
      startedAt: 'Sat Nov 28 15:00:00 2026',
      isRunning: true,
      cpuUs: 62_500_000,
      reapedCpuUs: 0,
    });
    assert.deepEqual([second?.isRunning, second?.cpuUs], [false, ((26 * 60 + 1) * 60 + 2.05) * 1_000_000]);
  });

  it('knows this process, its parent and its CPU', { skip: !TELLS_PROCESSES && 'not told by this system' }, () => {
    const { user, system } = process.cpuUsage();
    const own = readProcesses().find(({ pid }) => pid === process.pid);
    assert.equal(own?.parentPid, process.ppid);
    assert.ok(Math.abs(own.cpuUs / (user + system) - 1) < 0.2, `${own.cpuUs} µs, ${user + system} by its own account`);
  });
});
