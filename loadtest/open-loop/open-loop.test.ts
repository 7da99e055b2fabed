import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { constantArrival } from '../pace/pacer.ts';
import { createAlarm } from './alarm.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { runOpenLoop, type OpenLoopOutcome } from './open-loop.ts';
import { createGenerator } from './server.ts';

/** A time line on which only waiting takes time, and what the test says. */
function fakeTime(): { nowMs: () => number; pass: (ms: number) => void; waitUntil: (timeMs: number) => Promise<void> } {
  let now = 1000;
  return {
    nowMs: () => now,
    pass: (ms) => (now += ms),
    waitUntil: async (timeMs) => void (now = Math.max(now, timeMs)),
  };
}

describe('the open loop', () => {
  it('measures from the intended start: a late send is latency, and is reported as late', async () => {
    const time = fakeTime();
    let sent = 0;
    const outcome = await runOpenLoop({
      ...time,
      pacer: constantArrival(100),
      requests: 3,
      settleRequests: 0,
      send: async () => {
        // The first request holds the sender up for 25 ms, so the next two start 15 and 5 ms late.
        if (sent++ === 0) time.pass(25);
        return true;
      },
    });
    assert.deepEqual(outcome, { latenciesUs: [5000, 15_000, 25_000], latenessUs: [0, 5000, 15_000], failures: 0 });
  });

  it('counts failures apart, and measures nothing of what settles it', async () => {
    let sent = 0;
    const outcome = await runOpenLoop({
      ...fakeTime(),
      pacer: constantArrival(1000),
      requests: 5,
      settleRequests: 10,
      send: async () => ++sent <= 13,
    });
    assert.equal(sent, 15);
    assert.deepEqual([outcome.latenciesUs.length, outcome.failures, outcome.latenessUs.length], [3, 2, 5]);
  });

  it('does not wait for answers before it sends the next', async () => {
    const time = fakeTime();
    const open: (() => void)[] = [];
    const run = runOpenLoop({
      ...time,
      pacer: constantArrival(1000),
      requests: 4,
      settleRequests: 0,
      send: () => {
        const { promise, resolve } = Promise.withResolvers<boolean>();
        open.push(() => resolve(true));
        if (open.length === 4) for (const answer of open) answer();
        return promise;
      },
    });
    assert.equal((await run).latenciesUs.length, 4);
  });
});

describe('the alarm', () => {
  it('rings in order, and never before its time', async () => {
    const alarm = createAlarm();
    const startMs = monotonicMs();
    for (const afterMs of [1.5, 0, 2.25, -10]) {
      await alarm.at(startMs + afterMs);
      assert.ok(monotonicMs() >= startMs + afterMs);
    }
    await alarm.close();
  });
});

describe('the sender of an open loop', () => {
  const generator = createGenerator();
  after(() => generator.close());

  async function load(payload: object): Promise<{ status: number; body: string }> {
    const { statusCode, body } = await generator.inject({ method: 'POST', url: '/_load', payload });
    return { status: statusCode, body };
  }

  it('finds the delay of a server that is known to be slow', async () => {
    const target = createServer((_request, response) => setTimeout(() => response.end('late'), 20));
    target.listen(0, '127.0.0.1');
    await once(target, 'listening');
    const url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
    const { status, body } = await load({ url, requestsPerSecond: 200, requests: 20, settleRequests: 2 });
    target.close();
    assert.equal(status, 200, body);
    const { latenciesUs, failures } = JSON.parse(body) as OpenLoopOutcome;
    assert.deepEqual([latenciesUs.length, failures], [20, 0]);
    // Timers may fire a millisecond early; how much later is the machine's business.
    assert.ok((latenciesUs[0] ?? 0) >= 19_000, String(latenciesUs[0]));
  });

  it('counts requests that nobody answers', async () => {
    const { body } = await load({
      url: 'http://127.0.0.1:1',
      requestsPerSecond: 1000,
      requests: 3,
      settleRequests: 0,
    });
    assert.equal((JSON.parse(body) as OpenLoopOutcome).failures, 3);
  });

  it('refuses a rate of nothing', async () => {
    const refused = await load({ url: 'http://127.0.0.1:1', requestsPerSecond: 0, requests: 1, settleRequests: 0 });
    assert.equal(refused.status, 400);
    assert.match(refused.body, /requestsPerSecond/);
  });
});
