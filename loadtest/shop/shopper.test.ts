import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { constantArrival } from '../pace/pacer.ts';
import { Shopper, type ShopClock, type ShopperOptions, type VisitOutcome } from './shopper.ts';

/** Time that passes only when somebody waits; ends the run at `endMs`. */
function createTestClock(endMs: number): {
  clock: ShopClock;
  ended: AbortSignal;
  at: (ms: number, act: () => void) => void;
  jump: (ms: number) => void;
} {
  const ended = new AbortController();
  const events: { ms: number; act: () => void }[] = [{ ms: endMs, act: () => ended.abort() }];
  let nowMs = 0;
  const clock: ShopClock = {
    nowMs: () => nowMs,
    wait: async (ms, signal) => {
      const untilMs = nowMs + ms;
      await Promise.resolve();
      while (!signal.aborted && nowMs < untilMs) {
        const next = events.filter((event) => event.ms > nowMs && event.ms <= untilMs).sort((a, b) => a.ms - b.ms)[0];
        nowMs = next?.ms ?? untilMs;
        next?.act();
      }
      // Lets visits that were just answered settle before the loop goes on.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  return { clock, ended: ended.signal, at: (ms, act) => events.push({ ms, act }), jump: (ms) => (nowMs += ms) };
}

function createShopper(
  clock: ShopClock,
  visit: () => Promise<VisitOutcome>,
  options: Partial<ShopperOptions> = {},
): { shopper: Shopper; said: string[] } {
  const said: string[] = [];
  const shopper = new Shopper({
    clock,
    requestsPerSecond: 2,
    pacerFor: constantArrival,
    visit,
    say: (text) => said.push(text),
    inFlightMax: 10,
    ...options,
  });
  return { shopper, said };
}

const answered = async (): Promise<VisitOutcome> => ({ kind: 'answered', status: 200 });

describe('Shopper', () => {
  it('comes at the rate it was given', async () => {
    const { clock, ended } = createTestClock(9_900);
    const { shopper, said } = createShopper(clock, answered);
    await shopper.run(ended);
    assert.equal(shopper.counts.sent, 20);
    assert.equal(shopper.counts.answered, 20);
    assert.deepEqual(said, []);
  });

  it('follows a new rate at once, pauses at 0 and goes on', async () => {
    const { clock, ended, at } = createTestClock(40_000);
    const { shopper } = createShopper(clock, answered);
    const sentAt: number[] = [];
    at(9_900, () => {
      sentAt.push(shopper.counts.sent);
      shopper.setRate(0);
    });
    at(20_000, () => {
      sentAt.push(shopper.counts.sent);
      shopper.setRate(10);
    });
    at(29_990, () => {
      sentAt.push(shopper.counts.sent);
      shopper.setRate(0);
    });
    await shopper.run(ended);
    assert.deepEqual([...sentAt, shopper.counts.sent], [20, 20, 120, 120]);
    assert.equal(shopper.requestsPerSecond, 0);
  });

  it('keeps coming while the shop is slow, up to the bound in flight, and counts the rest', async () => {
    const { clock, ended } = createTestClock(9_900);
    const release: (() => void)[] = [];
    const slow = (): Promise<VisitOutcome> =>
      new Promise((resolve) => release.push(() => resolve({ kind: 'answered', status: 200 })));
    const { shopper } = createShopper(clock, slow, { inFlightMax: 3 });
    ended.addEventListener('abort', () => {
      for (const answer of release) answer();
    });
    await shopper.run(ended);
    assert.equal(shopper.counts.sent, 3);
    assert.equal(shopper.counts.skippedInFlight, 17);
    assert.equal(shopper.counts.answered, 3);
  });

  it('says once that the shop is away, backs off, and says when it is back', async () => {
    const { clock, ended, at } = createTestClock(40_000);
    let isAway = true;
    const visits: number[] = [];
    const visit = async (): Promise<VisitOutcome> => {
      visits.push(clock.nowMs());
      return isAway ? { kind: 'away', reason: 'ECONNREFUSED' } : { kind: 'answered', status: 200 };
    };
    at(30_000, () => (isAway = false));
    const { shopper, said } = createShopper(clock, visit);
    await shopper.run(ended);
    assert.equal(said.length, 2);
    assert.match(said[0] ?? '', /the shop is away \(ECONNREFUSED\)/);
    assert.match(said[1] ?? '', /the shop answers again after \d+ s/);
    const whileAway = visits.filter((ms) => ms < 30_000);
    assert.ok(whileAway.length < 15, `${whileAway.length} visits to an absent shop in 30 s`);
    assert.ok(visits.length > whileAway.length + 5);
    assert.equal(shopper.counts.away, whileAway.length);
  });

  it('does not send a burst after the machine was asleep', async () => {
    const { clock, ended, at, jump } = createTestClock(3_700_000);
    const { shopper } = createShopper(clock, answered);
    at(10_100, () => jump(3_600_000));
    at(3_690_000, () => {});
    let sentBefore = 0;
    at(10_099, () => (sentBefore = shopper.counts.sent));
    at(3_611_000, () => {
      assert.ok(shopper.counts.sent - sentBefore <= 5);
      assert.ok(shopper.counts.skippedLate > 7000);
    });
    await shopper.run(ended);
    assert.ok(sentBefore > 0);
  });
});
