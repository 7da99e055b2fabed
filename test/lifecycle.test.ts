/**
 * How the lab begins and ends, tried on the whole process tree: every way in which people end it leaves no process and
 * no port behind; a second start, a dead service and bad surroundings are said clearly. Slow by nature: real processes.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { freePortBase, isPortFree } from '@tracelab/command';
import { PORTS, type ProcessReport } from '@tracelab/protocol';
import { runCommand, startLab, type RunningLab } from './running-lab.ts';
import { isRunning } from './is-running.ts';
import { until } from './until.ts';

const posixOnly = { skip: process.platform === 'win32' && 'Windows has no signals' };

describe('npm start', () => {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    it(`ends every process when npm alone gets ${signal}, and leaves no port taken`, posixOnly, async () => {
      const lab = await startLab({ through: 'npm' });
      const pids = await processIds(lab);
      assert.ok(pids.length >= 9, `only ${pids.length} processes run`);
      lab.process.kill(signal);
      await untilGone(lab, pids);
    });
  }

  it('ends every process on Ctrl-C, with exit code 0', posixOnly, async () => {
    const lab = await startLab();
    const pids = await processIds(lab);
    assert.equal(await lab.stop(), 0);
    await untilGone(lab, pids);
  });
});

describe('a running lab', () => {
  it('refuses a second start in one sentence and goes on itself', async () => {
    const lab = await startLab();
    try {
      const second = await runCommand(['lab/main.ts', 'up', '--no-load'], lab.environment);
      assert.equal(second.code, 1);
      assert.match(second.stderr, /already run/i);
      assert.equal((await fetch(`${lab.url('gateway')}/products`)).status, 200);
    } finally {
      await lab.stop();
    }
  });

  it('says the death of one service, starts it again with its faults, and the rest goes on', posixOnly, async () => {
    const lab = await startLab();
    try {
      const added = await runCommand(
        ['lab/main.ts', 'fault', 'add', 'payments', '--route', '/payments', '--status', '503'],
        lab.environment,
      );
      assert.equal(added.code, 0, added.stderr);
      const before = await reportOf(lab, 'payments');
      process.kill(before.pid ?? 0, 'SIGKILL');
      await until('the death is said', () => /payments.*SIGKILL/s.test(lab.printed()));
      assert.equal((await fetch(`${lab.url('gateway')}/products`)).status, 200);
      await until('payments is back with its fault', async () => {
        const reply = await fetch(`${lab.url('payments')}/_lab/faults`).catch(() => undefined);
        return reply?.ok === true && (await reply.text()).includes('503');
      });
      assert.notEqual((await reportOf(lab, 'payments')).pid, before.pid);
    } finally {
      await lab.stop();
    }
  });
});

describe('bad surroundings', () => {
  it('names a busy port, who holds it and a command that works', async () => {
    const base = await freePortBase();
    const holder = createServer().listen(base + PORTS.pricing.offset, '127.0.0.1');
    await once(holder, 'listening');
    try {
      const ended = await runCommand(['lab/main.ts', 'up', '--no-load'], {
        ...environmentWithout(),
        LAB_PORT_BASE: String(base),
      });
      assert.equal(ended.code, 1);
      assert.match(ended.stderr, new RegExp(`port ${base + PORTS.pricing.offset} .*LAB_PORT_BASE=`));
    } finally {
      holder.close();
    }
  });

  it('says in one sentence that the data folder cannot be written', async () => {
    const base = await freePortBase();
    const ended = await runCommand(['lab/main.ts', 'up', '--no-load'], {
      ...environmentWithout(),
      LAB_PORT_BASE: String(base),
      LAB_DATA_DIR: '/dev/null/data',
    });
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /\/dev\/null\/data.*LAB_DATA_DIR/s);
    assert.doesNotMatch(ended.stderr, /\n\s+at /);
  });
});

function environmentWithout(): Record<string, string> {
  return { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
}

async function reports(lab: RunningLab): Promise<ProcessReport[]> {
  const reply = await fetch(`${lab.url('control')}/_lab/processes`);
  const body = (await reply.json()) as ProcessReport[] | { processes: ProcessReport[] };
  return Array.isArray(body) ? body : body.processes;
}

async function reportOf(lab: RunningLab, name: string): Promise<ProcessReport> {
  const found = (await reports(lab)).find((report) => report.name === name);
  assert.ok(found?.pid !== undefined, `${name} has no process`);
  return found;
}

async function processIds(lab: RunningLab): Promise<number[]> {
  return (await reports(lab)).flatMap((report) => report.pid ?? []);
}

async function untilGone(lab: RunningLab, pids: readonly number[]): Promise<void> {
  await until('every process is gone', () => pids.every((pid) => !isRunning(pid)));
  const base = Number(lab.environment['LAB_PORT_BASE']);
  const free = await Promise.all(Object.values(PORTS).map((row) => isPortFree(base + row.offset)));
  assert.ok(free.every(Boolean), 'a port is still taken');
  await lab.stop();
}
