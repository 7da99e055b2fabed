import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../test/until.ts';
import { TELLS_PROCESSES } from './process-table.ts';
import { startService, type ServiceProcess } from './service-process.ts';

/** Starts it and waits until it has printed so much: from then on its processes are there. */
async function startUntilSaid(command: string, text: string): Promise<ServiceProcess> {
  const service = startService(command, { ...process.env, GREETING: 'hello' });
  await until(`it says ${text}`, () => service.lastLines().includes(text));
  return service;
}

describe('startService', { skip: !TELLS_PROCESSES && 'needs a POSIX shell and a process table' }, () => {
  it('runs a line of the shell with the environment, and ends all its processes', async () => {
    const service = await startUntilSaid('sleep 60 & (sleep 60; true) & echo $GREETING; wait', 'hello');
    await until('all are there', () => service.tree.running().length >= 4);
    await service.stop();
    assert.deepEqual(service.tree.running(), []);
  });

  it('kills who does not end when asked', async () => {
    const service = await startUntilSaid(`trap '' TERM; echo stubborn; while true; do sleep 0.05; done`, 'stubborn');
    const startedMs = performance.now();
    await service.stop(100);
    assert.ok(performance.now() - startedMs >= 100);
    assert.deepEqual(service.tree.running(), []);
  });

  it(
    'finds and ends a daemon that has left its session and its parent',
    { skip: process.platform !== 'linux' && 'only Linux shows the environment of a process' },
    async () => {
      const daemon = `require('child_process').spawn('sleep', ['61'], { detached: true, stdio: 'ignore' }).unref()`;
      const service = await startUntilSaid(`"${process.execPath}" -e "${daemon}"; echo started; sleep 60`, 'started');
      await until('shell, sleep and daemon are known', () => service.tree.running().length === 3);
      await service.stop();
      assert.deepEqual(service.tree.running(), []);
    },
  );

  it('tells how it ended and what it said last, bounded, and ends what it left behind', async () => {
    const service = startService(`sleep 60 & yes filler | head -n 3000; echo out of luck >&2; exit 3`, process.env);
    const death = await until('it has ended', () => service.deathOf());
    assert.match(death, /^ended \(exit code 3\)\n/);
    assert.match(death, /\n  out of luck$/);
    assert.equal(death.split('\n').length, 1 + 20);
    assert.deepEqual(service.tree.running(), []);
  });

  it('is silent about one that runs', async () => {
    const service = startService('sleep 60', process.env);
    assert.equal(await service.deathOf(), undefined);
    assert.equal(service.lastLines(), '');
    await service.stop();
  });
});
