/**
 * The loop on a time line that only passes where a test lets it, and then for real: against servers whose delay is known,
 * one of them with a stall that a closed loop would hide.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constantArrival } from '../pace/pacer.ts';
import { createAlarm } from './alarm.ts';
import { runAttack, type Attack } from './attack.ts';
import { createGenerator } from './generator.ts';
import { monotonicMs } from './monotonic-clock.ts';
import { NO_ANSWER, NOT_SENT, UNFINISHED, type Shots } from './shots.ts';

/** A time line on which only waiting takes time, and what the test says. */
function fakeTime(): { nowMs: () => number; pass: (ms: number) => void; waitUntil: (timeMs: number) => Promise<void> } {
  let now = 1000;
  return {
    nowMs: () => now,
    pass: (ms) => (now += ms),
    waitUntil: async (timeMs) => void (now = Math.max(now, timeMs)),
  };
}

const ENDLESS = { durationMs: Infinity, inFlightMax: 100, signal: new AbortController().signal };

function attackWith(given: Partial<Attack>): Promise<Shots> {
  return runAttack({
    ...ENDLESS,
    ...fakeTime(),
    pacer: constantArrival(100),
    requestsMax: 3,
    send: async () => 200,
    ...given,
  });
}

describe('the open loop', () => {
  it('measures from the intended start: a late send is latency, and is kept as late', async () => {
    const time = fakeTime();
    let sent = 0;
    const shots = await attackWith({
      ...time,
      send: async () => {
        // The first request holds the sender up for 25 ms, so the next two start 15 and 5 ms late.
        if (sent++ === 0) time.pass(25);
        return 204;
      },
    });
    assert.deepEqual(shots, {
      dueUs: [0, 10_000, 20_000],
      latenessUs: [0, 15_000, 5000],
      latencyUs: [25_000, 15_000, 5000],
      status: [204, 204, 204],
    });
  });

  it('does not wait for answers before it sends the next', async () => {
    const open: ((status: number) => void)[] = [];
    const { status } = await attackWith({
      send: () => {
        const { promise, resolve } = Promise.withResolvers<number>();
        open.push(resolve);
        if (open.length === 3) for (const [index, answer] of open.entries()) answer(500 + index);
        return promise;
      },
    });
    assert.deepEqual(status, [500, 501, 502]);
  });

  it('ends with its number of requests, or with its time, whichever is first', async () => {
    const count = async (bounds: Partial<Attack>): Promise<number> => (await attackWith(bounds)).status.length;
    assert.equal(await count({ requestsMax: 7 }), 7);
    assert.equal(await count({ requestsMax: Infinity, durationMs: 50 }), 5, 'what is due at 0, 10, 20, 30 and 40 ms');
    assert.equal(await count({ requestsMax: 2, durationMs: 50 }), 2);
  });

  it('does not send what is due while too many are unanswered, and keeps that', async () => {
    const answers: ((status: number) => void)[] = [];
    const run = attackWith({ inFlightMax: 2, send: () => new Promise((resolve) => answers.push(resolve)) });
    await nextTurn();
    for (const answer of answers) answer(200);
    assert.deepEqual((await run).status, [200, 200, NOT_SENT]);
  });

  it('ends at once when it is told to: what is under way stays unfinished', async () => {
    const end = new AbortController();
    const shots = await attackWith({
      requestsMax: Infinity,
      signal: end.signal,
      send: () => {
        end.abort();
        return new Promise(() => {});
      },
    });
    assert.deepEqual([shots.status, shots.latencyUs], [[UNFINISHED], [0]]);
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
  const servers: Server[] = [];
  after(async () => {
    for (const server of servers) server.close();
    await generator.close();
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function load(payload: object): Promise<{ status: number; body: string }> {
    const { statusCode, body } = await generator.inject({ method: 'POST', url: '/_load', payload });
    return { status: statusCode, body };
  }

  async function shotsOf(payload: object): Promise<Shots> {
    const { status, body } = await load(payload);
    assert.equal(status, 200, body);
    return JSON.parse(body) as Shots;
  }

  it('finds the delay of a server that is known to be slow', async () => {
    const url = await serve((_request, response) => setTimeout(() => response.end('late'), 20));
    const { latencyUs, status } = await shotsOf({ url, requestsPerSecond: 200, requests: 20, settleRequests: 2 });
    assert.deepEqual(new Set(status), new Set([200]));
    assert.equal(latencyUs.length, 20);
    // Timers may fire a millisecond early; how much later is the machine's business.
    assert.ok(Math.min(...latencyUs) >= 19_000, String(latencyUs));
  });

  it('sees a stall in every request that was due in it, not in one alone as a closed loop does', async () => {
    const [stallMs, rate] = [200, 200];
    let stalledUntilMs = 0;
    let requests = 0;
    const url = await serve((_request, response) => {
      if (++requests === 10) stalledUntilMs = monotonicMs() + stallMs;
      setTimeout(() => response.end(), Math.max(0, stalledUntilMs - monotonicMs()));
    });
    const { latencyUs } = await shotsOf({ url, requestsPerSecond: rate, requests: 100, settleRequests: 0 });
    // 40 were due in the stall; half of them waited for more than half of it.
    const held = latencyUs.filter((us) => us > (stallMs / 2) * 1000).length;
    assert.ok(held >= (stallMs * rate) / 2000 - 2, `${held} of 100 saw the stall`);
  });

  it('keeps requests that nobody answers', async () => {
    const { status } = await shotsOf({
      url: 'http://127.0.0.1:1',
      requestsPerSecond: 1000,
      requests: 3,
      settleRequests: 0,
    });
    assert.deepEqual(status, [NO_ANSWER, NO_ANSWER, NO_ANSWER]);
  });

  it('refuses a rate of nothing', async () => {
    const refused = await load({ url: 'http://127.0.0.1:1', requestsPerSecond: 0, requests: 1, settleRequests: 0 });
    assert.equal(refused.status, 400);
    assert.match(refused.body, /requestsPerSecond/);
  });
});
