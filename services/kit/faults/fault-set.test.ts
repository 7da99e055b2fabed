import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '@tracelab/protocol';
import { LIMITS } from '@tracelab/protocol';
import { createFaultSet } from './fault-set.ts';
import type { FaultTarget } from './match.ts';

const TARGET: FaultTarget = { method: 'POST', route: '/charge', path: '/charge', headers: {} };

function fault(id: string, change: Partial<Fault> = {}): Fault {
  return { id, service: 'bank', probability: 1, seed: 1, createdUnixMs: 0, ...change };
}

function setOf(...faults: Fault[]): ReturnType<typeof createFaultSet> {
  const set = createFaultSet({ nowUnixMs: () => 0 });
  for (const fault of faults) assert.ok(set.put(fault).ok);
  return set;
}

function outcomes(set: ReturnType<typeof createFaultSet>, id: string, count: number): boolean[] {
  return Array.from({ length: count }, () => set.drawEffects(TARGET).some((effect) => effect.fault.id === id));
}

const FAIL = { kind: 'status', status: 503 } as const;

describe('a set of faults', () => {
  it('lets delays add up and the first abort win', () => {
    const slow = fault('slow', { delay: { kind: 'fixed', ms: 10 } });
    const first = fault('first', { abort: FAIL });
    const second = fault('second', { abort: { kind: 'reset' }, delay: { kind: 'fixed', ms: 5 } });
    const third = fault('third', { abort: { kind: 'reset' } });
    const effects = setOf(slow, first, second, third).drawEffects(TARGET);
    assert.deepEqual(
      effects.map(({ fault, ...effect }) => [fault.id, effect]),
      [
        ['slow', { delayMs: 10 }],
        ['first', { abort: FAIL }],
        ['second', { delayMs: 5 }],
      ],
    );
  });

  it('hits as often as the probability says, the same requests for the same seed', () => {
    const rare = fault('rare', { abort: FAIL, probability: 0.25, seed: 42 });
    const drawn = outcomes(setOf(rare), 'rare', 4000);
    const share = drawn.filter(Boolean).length / drawn.length;
    assert.ok(Math.abs(share - 0.25) < 0.03, `share ${share}`);
    assert.deepEqual(outcomes(setOf(rare), 'rare', 4000), drawn);
    assert.notDeepEqual(outcomes(setOf({ ...rare, seed: 43 }), 'rare', 4000), drawn);
  });

  it('draws for each fault alone: another fault changes nothing', () => {
    const rare = fault('rare', { abort: FAIL, probability: 0.5, seed: 42 });
    const other = fault('other', { abort: FAIL, delay: { kind: 'normal', meanMs: 5, stdDevMs: 1 }, probability: 0.5 });
    assert.deepEqual(outcomes(setOf(rare, other), 'rare', 200), outcomes(setOf(rare), 'rare', 200));
  });

  it('starts the draws again when a fault is put again', () => {
    const rare = fault('rare', { abort: FAIL, probability: 0.5 });
    const set = setOf(rare);
    const first = outcomes(set, 'rare', 50);
    set.put(rare);
    assert.deepEqual(outcomes(set, 'rare', 50), first);
  });

  it('drops a fault at its end, not before', () => {
    const clock = { nowUnixMs: 999 };
    const set = createFaultSet({ nowUnixMs: () => clock.nowUnixMs });
    set.put(fault('brief', { abort: FAIL, expiresUnixMs: 1000 }));
    assert.equal(set.drawEffects(TARGET).length, 1);
    clock.nowUnixMs = 1000;
    assert.equal(set.drawEffects(TARGET).length, 0);
    assert.deepEqual([set.list(), set.get('brief'), set.delete('brief')], [[], undefined, false]);
  });

  it('refuses one more than its bound, and still replaces those it holds', () => {
    const set = setOf(...Array.from({ length: LIMITS.faultsMax }, (_, index) => fault(`f${index}`, { abort: FAIL })));
    const refused = set.put(fault('one-more'));
    assert.match(refused.ok ? '' : refused.error, /holds at most 100 faults/);
    assert.ok(set.put(fault('f0')).ok);
    assert.equal(set.clear(), LIMITS.faultsMax);
    assert.deepEqual(set.list(), []);
  });
});
