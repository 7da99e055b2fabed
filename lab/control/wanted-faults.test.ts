import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Fault } from '@tracelab/protocol';
import { completeFault, createWantedFaults, isSameFault } from './wanted-faults.ts';

function fixedClock(): { time: number; nowUnixMs: () => number; randomSeed: () => number } {
  const clock = { time: 1_000, nowUnixMs: () => clock.time, randomSeed: () => 42 };
  return clock;
}

describe('a wanted fault', () => {
  it('gets a seed and a probability where none was given, and an end where it has a duration', () => {
    const fault = completeFault('a', { service: 'bank', abort: { kind: 'reset' }, durationMs: 500 }, fixedClock());
    assert.deepEqual(fault, {
      id: 'a',
      service: 'bank',
      abort: { kind: 'reset' },
      durationMs: 500,
      probability: 1,
      seed: 42,
      createdUnixMs: 1_000,
      expiresUnixMs: 1_500,
    });
  });

  it('ends by itself', () => {
    const clock = fixedClock();
    const faults = createWantedFaults(clock);
    faults.set(completeFault('a', { service: 'bank', abort: { kind: 'reset' }, durationMs: 500 }, clock));
    clock.time = 1_499;
    assert.equal(faults.list().length, 1);
    clock.time = 1_500;
    assert.deepEqual(faults.list(), []);
    assert.equal(faults.get('a'), undefined);
  });

  it('is refused when as many are in force as may be, unless it replaces its namesake', () => {
    const clock = fixedClock();
    const faults = createWantedFaults(clock, 1);
    faults.set(completeFault('a', { service: 'bank', abort: { kind: 'reset' } }, clock));
    assert.equal(faults.reserve('b'), undefined);
    const release = faults.reserve('a');
    assert.ok(release !== undefined);
    release();
    faults.delete('a');
    assert.ok(faults.reserve('b') !== undefined);
  });

  it('is refused while others that were asked for at the same time take the last places', () => {
    const faults = createWantedFaults(fixedClock(), 1);
    const release = faults.reserve('a');
    assert.equal(faults.reserve('b'), undefined);
    release?.();
    assert.ok(faults.reserve('b') !== undefined);
  });

  it('is the same fault at a service whatever the order of keys and the times, and another with another effect', () => {
    const fault = completeFault('a', { service: 'bank', delay: { kind: 'uniform', minMs: 1, maxMs: 2 } }, fixedClock());
    const held: Fault = {
      ...fault,
      delay: { maxMs: 2, minMs: 1, kind: 'uniform' },
      createdUnixMs: 9,
      expiresUnixMs: 10,
    };
    assert.equal(isSameFault(fault, held), true);
    assert.equal(isSameFault(fault, { ...held, delay: { kind: 'fixed', ms: 1 } }), false);
    assert.equal(isSameFault(fault, { ...held, seed: 1 }), false);
  });
});
