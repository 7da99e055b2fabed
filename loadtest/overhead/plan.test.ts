import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isRestartPossible, PRESETS, restartEndMs } from './plan.ts';
import { createProgress } from './progress.ts';

describe('the plans', () => {
  for (const [name, { limitMs, plans }] of Object.entries(PRESETS)) {
    it(`leave room under ${limitMs / 60_000} minutes for the report and for stopping (${name})`, () => {
      assert.ok(plans.hop.budgetMs + plans.checkout.budgetMs <= limitMs - 20_000);
    });

    it(`spend more time on blocks than on their warm-up of three sets (${name})`, () => {
      const share = ({ restarts, warmUpMs, budgetMs }: (typeof plans)['hop']): number =>
        (restarts * warmUpMs * 3) / budgetMs;
      assert.ok(share(plans.hop) < 0.5 && share(plans.checkout) < 0.5);
    });
  }

  it('restart twelve times, but for the quick one', () => {
    const { quick, standard, thorough } = PRESETS;
    for (const { plans } of [standard, thorough])
      assert.deepEqual([plans.hop.restarts, plans.checkout.restarts], [12, 12]);
    assert.ok(quick.plans.hop.restarts >= 4);
  });

  it('divides what is left of the time evenly among the restarts that are left', () => {
    assert.equal(restartEndMs({ nowMs: 0, endMs: 90, restartsLeft: 3, preparationMs: 0 }), 30);
    assert.equal(restartEndMs({ nowMs: 60, endMs: 90, restartsLeft: 1, preparationMs: 0 }), 90);
    assert.equal(restartEndMs({ nowMs: 95, endMs: 90, restartsLeft: 2, preparationMs: 0 }), 95);
  });

  it('starts no restart that would overrun the time', () => {
    const time = { nowMs: 70, endMs: 90, restartsLeft: 1, preparationMs: 15 };
    assert.equal(isRestartPossible(time, 5), true);
    assert.equal(isRestartPossible(time, 6), false);
  });
});

describe('progress', () => {
  it('says restart, round and time left; again after five seconds or with a new restart', () => {
    let nowMs = 0;
    const said: string[] = [];
    const progress = createProgress(100_000, { nowMs: () => nowMs }, (text) => said.push(text));
    const step = { workload: 'hop', restarts: 6 } as const;
    progress({ ...step, restart: 0, round: 0 });
    nowMs = 4000;
    progress({ ...step, restart: 0, round: 1 });
    nowMs = 6000;
    progress({ ...step, restart: 0, round: 2 });
    progress({ ...step, restart: 1, round: 0 });
    nowMs = 120_000;
    progress({ ...step, restart: 1, round: 1 });
    assert.deepEqual(said, [
      'hop: restart 1 of 6, round 1; about 1 min 40 s left',
      'hop: restart 1 of 6, round 3; about 1 min 34 s left',
      'hop: restart 2 of 6, round 1; about 1 min 34 s left',
      'hop: restart 2 of 6, round 2; about 0 s left',
    ]);
  });
});
