import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createShutdown, type ShutdownHost } from './shutdown.ts';

describe('Shutdown', () => {
  it('closes what was registered last first, and goes on after a failing closer', async () => {
    const { host, reports } = fakeHost();
    const shutdown = createShutdown(host);
    const closed: string[] = [];
    shutdown.onEnd('store', () => void closed.push('store'));
    shutdown.onEnd('broken', () => {
      throw new Error('jammed');
    });
    shutdown.onEnd('server', async () => void closed.push('server'));
    await shutdown.close();
    assert.deepEqual(closed, ['server', 'store']);
    assert.deepEqual(reports, ['broken did not end cleanly: jammed']);
  });

  it('leaves a stuck closer behind after its limit and says so', async () => {
    const { host, reports, elapse } = fakeHost();
    const shutdown = createShutdown(host);
    let closed = false;
    shutdown.onEnd('store', () => void (closed = true));
    shutdown.onEnd('stuck', () => new Promise(() => {}));
    const closing = shutdown.close();
    elapse();
    await closing;
    assert.deepEqual(reports, ['stuck did not end within 8 s: left behind']);
    assert.equal(closed, true);
  });

  it('tells running work through the signal, takes a Ctrl-C that arrives twice for one, and ends at once on the next', async () => {
    const { host, endings, clock } = fakeHost();
    const shutdown = createShutdown(host);
    shutdown.request('Ctrl-C');
    await shutdown.untilRequested();
    assert.equal(shutdown.signal.aborted, true);
    clock.nowMs += 1;
    shutdown.request('Ctrl-C');
    assert.equal(endings.count, 0);
    clock.nowMs += 1000;
    shutdown.request('Ctrl-C');
    assert.equal(endings.count, 1);
  });
});

function fakeHost(): {
  host: ShutdownHost;
  reports: string[];
  endings: { count: number };
  clock: { nowMs: number };
  elapse: () => void;
} {
  const reports: string[] = [];
  const endings = { count: 0 };
  const clock = { nowMs: 5000 };
  let timers: (() => void)[] = [];
  const host: ShutdownHost = {
    report: (text) => void reports.push(text),
    endAtOnce: () => void endings.count++,
    nowMs: () => clock.nowMs,
    after: (_ms, act) => {
      timers.push(act);
      return () => void (timers = timers.filter((timer) => timer !== act));
    },
  };
  return { host, reports, endings, clock, elapse: () => timers.forEach((act) => act()) };
}
