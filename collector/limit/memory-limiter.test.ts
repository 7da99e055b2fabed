import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MemoryLimiterConfig } from '../config/collector-config.ts';
import { MemoryLimiter } from './memory-limiter.ts';

const MEBIBYTE = 1024 * 1024;
const CONFIG: MemoryLimiterConfig = {
  checkIntervalMs: 1000,
  unit: 'mebibytes',
  limit: 100,
  spike: 30,
  collections: {
    soft: { intervalMsMin: 10_000, intervalMsMax: 30_000 },
    hard: { intervalMsMin: 0, intervalMsMax: 30_000 },
  },
};

interface Lab {
  limiter: MemoryLimiter;
  /** Checks at the next interval with so much memory used, `freed` of which a collection would free. */
  check: (mebibytes: number, freed?: number) => Promise<boolean>;
  collectedAtS: number[];
  reports: string[];
}

function createLab(changes: Partial<MemoryLimiterConfig> = {}, totalBytes = 0): Lab {
  let nowMs = 0;
  let used = 0;
  let freedByCollection = 0;
  const collectedAtS: number[] = [];
  const reports: string[] = [];
  const limiter = new MemoryLimiter(
    { ...CONFIG, ...changes },
    {
      totalBytes,
      usedBytes: () => Promise.resolve(used * MEBIBYTE),
      collectGarbage: () => {
        used -= freedByCollection;
        collectedAtS.push(nowMs / 1000);
        return Promise.resolve();
      },
      nowMs: () => nowMs,
      report: (message) => void reports.push(message),
    },
  );
  const check = async (mebibytes: number, freed = 0): Promise<boolean> => {
    nowMs += 1000;
    used = mebibytes;
    freedByCollection = freed;
    await limiter.check();
    return limiter.overload() !== undefined;
  };
  return { limiter, check, collectedAtS, reports };
}

describe('MemoryLimiter', () => {
  it('refuses from the soft limit on, until a check finds less, and says both', async () => {
    const lab = createLab();
    assert.deepEqual([await lab.check(69), await lab.check(70), await lab.check(69)], [false, true, false]);
    assert.deepEqual(lab.reports, [
      'memory_limiter: memory is above its soft limit, requests are refused: 70 MiB of 70 (hard 100)',
      'memory_limiter: memory is below its soft limit again: 69 MiB of 70 (hard 100)',
    ]);
    assert.deepEqual(lab.collectedAtS, [], 'ten seconds are not over');
  });

  it('tells senders to come back at the next check, in at most a minute', async () => {
    for (const [checkIntervalMs, retryAfterS] of [
      [100, 1],
      [1500, 2],
      [600_000, 60],
    ] as const) {
      const lab = createLab({ checkIntervalMs });
      await lab.check(100);
      assert.deepEqual(lab.limiter.overload(), { reason: 'memory', retryAfterS });
    }
  });

  it('collects garbage at once above the hard limit, and refuses nothing where that was enough', async () => {
    const lab = createLab();
    assert.equal(await lab.check(100, 40), false);
    assert.deepEqual(lab.collectedAtS, [1]);
    assert.equal(await lab.check(100, 20), true, '80 MiB are still above the soft limit');
    assert.deepEqual(lab.collectedAtS, [1, 2]);
  });

  it('collects garbage above the soft limit as often as its interval says', async () => {
    const lab = createLab();
    for (let second = 1; second <= 40; second++) await lab.check(80, 10);
    assert.deepEqual(lab.collectedAtS, [11, 22, 33]);
  });

  it('makes collections that free nothing rarer, up to the longest interval', async () => {
    const lab = createLab();
    for (let second = 1; second <= 60; second++) await lab.check(100);
    assert.deepEqual(lab.collectedAtS, [1, 3, 7, 15, 31]);
    await lab.check(50);
    await lab.check(100);
    assert.equal(lab.collectedAtS.at(-1), 62, 'what fell by itself begins anew');
  });

  it('never makes them rarer where the longest interval is 0', async () => {
    const { soft } = CONFIG.collections;
    const lab = createLab({ collections: { soft, hard: { intervalMsMin: 0, intervalMsMax: 0 } } });
    for (let second = 1; second <= 4; second++) await lab.check(100);
    assert.deepEqual(lab.collectedAtS, [1, 2, 3, 4]);
  });

  it('takes a fifth of the limit for the spike where that is 0, and percent of all memory', async () => {
    const lab = createLab({ unit: 'percent', limit: 50, spike: 0 }, 200 * MEBIBYTE);
    assert.deepEqual([await lab.check(79), await lab.check(80)], [false, true]);
    const other = createLab({ unit: 'percent', limit: 50, spike: 10 }, 200 * MEBIBYTE);
    assert.deepEqual([await other.check(79), await other.check(80)], [false, true]);
  });

  it('does one check at a time', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    let asked = 0;
    const usedBytes = (): Promise<number> => {
      asked++;
      return promise;
    };
    const collectGarbage = (): Promise<void> => Promise.resolve();
    const effects = { totalBytes: 0, usedBytes, collectGarbage, nowMs: () => 0, report: () => {} };
    const limiter = new MemoryLimiter(CONFIG, effects);
    const checks = [limiter.check(), limiter.check()];
    resolve(0);
    await Promise.all(checks);
    assert.equal(asked, 1);
    await limiter.check();
    assert.equal(asked, 2);
  });
});
