/**
 * The supervisor over real processes that are small fakes. Waiting is for what the supervisor reports, never for time;
 * the delay before a restart is the test's to end (`after` is injected).
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { EventEmitter } from 'node:events';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { NotHeldError } from '@tracelab/command';
import type { ProcessReport } from '@tracelab/protocol';
import { makeFakePrograms } from './fake-program.test-kit.ts';
import type { BEHAVIOURS, FakePrograms } from './fake-program.test-kit.ts';
import type { KeeperHost } from './keep-alive.ts';
import { startSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

describe('the supervisor', () => {
  let programs: FakePrograms;
  let supervisor: Supervisor | undefined;
  let events: EventEmitter;
  let reports: string[];
  let timers: { ms: number; act: () => void }[];

  before(async () => {
    programs = await makeFakePrograms();
  });
  after(() => programs.remove());
  beforeEach(() => {
    events = new EventEmitter();
    reports = [];
    timers = [];
  });
  afterEach(async () => {
    await supervisor?.stop();
  });

  const host: KeeperHost = {
    report: (text) => {
      reports.push(text);
      events.emit('report', text);
    },
    onReturn: (name) => events.emit('return', name),
    nowMs: () => 0,
    after: (ms, act) => {
      const timer = { ms, act };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };

  function start(...stages: Record<string, keyof typeof BEHAVIOURS>[]): Supervisor {
    supervisor = startSupervisor(
      stages.map((stage) => Object.entries(stage).map(([name, behaviour]) => programs.program(name, behaviour))),
      host,
    );
    return supervisor;
  }

  function row(name: string): ProcessReport {
    const found = supervisor?.describe().find((report) => report.name === name);
    assert.ok(found !== undefined);
    return found;
  }

  async function kill(name: string): Promise<void> {
    const reported = once(events, 'report');
    process.kill(row(name).pid ?? 0, 'SIGKILL');
    await reported;
  }

  async function endDelay(): Promise<void> {
    const returned = once(events, 'return');
    timers.pop()?.act();
    await returned;
  }

  it('is ready when every program is', async () => {
    await start({ collector: 'well' }, { bank: 'well', cache: 'well' }).ready;
    assert.deepEqual(
      supervisor?.describe().map(({ name, status }) => [name, status]),
      [
        ['collector', 'ready'],
        ['bank', 'ready'],
        ['cache', 'ready'],
      ],
    );
  });

  it('fails the start with the last lines of a program that cannot start', async () => {
    await assert.rejects(
      start({ bank: 'failsAtStart', cache: 'well' }).ready,
      /bank ended before it was ready \(exit code 3\).*the database is gone/s,
    );
  });

  it('fails the start where a program hangs, and names it', async () => {
    const { ready } = start({ bank: 'neverReady' });
    timers[0]?.act();
    await assert.rejects(ready, /not ready after 60 s: bank/);
  });

  it('says at once that a program died, starts it again, and leaves the others alone', async () => {
    await start({ bank: 'well', cache: 'well' }).ready;
    const { pid: cachePid } = row('cache');
    const { pid: firstPid } = row('bank');
    await kill('bank');
    assert.match(reports[0] ?? '', /^bank died \(signal SIGKILL\): it is started again in 0\.25 s, the rest goes on/);
    assert.equal(row('bank').status, 'restarting');
    await endDelay();
    assert.deepEqual([row('bank').status, row('bank').restarts], ['ready', 1]);
    assert.notEqual(row('bank').pid, firstPid);
    assert.equal(row('cache').pid, cachePid);
  });

  it('tries again where a program cannot even be launched again', async () => {
    const fake = programs.program('bank', 'well');
    let isBroken = false;
    const launch = (): ReturnType<typeof fake.launch> => {
      if (isBroken) throw new NotHeldError('the log cannot be written (ENOSPC)');
      return fake.launch();
    };
    supervisor = startSupervisor([[{ name: 'bank', launch }]], host);
    await supervisor.ready;
    await kill('bank');
    isBroken = true;
    timers.pop()?.act();
    assert.match(reports.at(-1) ?? '', /bank died \(not started\): it is started again in 0\.5 s.*ENOSPC/s);
    isBroken = false;
    await endDelay();
    assert.equal(row('bank').status, 'ready');
  });

  it('gives up a program that dies once too often within a minute, and says so', async () => {
    await start({ bank: 'well' }).ready;
    for (let round = 0; round < 5; round++) {
      await kill('bank');
      await endDelay();
    }
    await kill('bank');
    assert.match(reports.at(-1) ?? '', /bank died .* once too often within a minute: it stays stopped/);
    assert.deepEqual([row('bank').status, timers.length], ['stopped', 0]);
  });

  it('stops the last stage first', async () => {
    await start({ collector: 'well' }, { load: 'well' }).ready;
    await supervisor?.stopStage[1]?.();
    assert.deepEqual([row('collector').status, row('load').status], ['ready', 'stopped']);
    await supervisor?.stop();
    assert.equal(row('collector').status, 'stopped');
    assert.deepEqual(reports, [], 'an end that was asked for is no death');
  });

  it('kills a program that does not end when it is asked to', async () => {
    await start({ bank: 'stubborn' }).ready;
    const { pid } = row('bank');
    await supervisor?.stop();
    assert.throws(() => process.kill(pid ?? 0, 0), /ESRCH/);
  });

  it('does not start a program again that died just before the end', async () => {
    await start({ bank: 'well' }).ready;
    await kill('bank');
    await supervisor?.stop();
    assert.deepEqual([row('bank').status, timers.length], ['stopped', 0]);
  });
});
