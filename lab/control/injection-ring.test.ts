import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Injection } from '@tracelab/protocol';
import { createInjectionRing } from './injection-ring.ts';

function injection(faultId: string): Injection {
  return { faultId, service: 'bank', route: '/charge', timeUnixMs: 0, traceId: '', spanId: '' };
}

describe('the collected injections', () => {
  it('are read on from a sequence number', () => {
    const ring = createInjectionRing('one', 10);
    ring.add([injection('a'), injection('b')], 0);
    ring.add([injection('c')], 0);
    const reply = ring.after(1);
    assert.deepEqual(
      reply.injections.map(({ faultId, sequence }) => [faultId, sequence]),
      [
        ['b', 2],
        ['c', 3],
      ],
    );
    assert.deepEqual([reply.lastSequence, reply.missedCount, reply.lostCount], [3, 0, 0]);
  });

  it('drop the oldest at the bound and say how many the reader missed', () => {
    const ring = createInjectionRing('one', 2);
    ring.add(['a', 'b', 'c', 'd', 'e'].map(injection), 0);
    const reply = ring.after(1);
    assert.deepEqual(
      reply.injections.map((kept) => kept.faultId),
      ['d', 'e'],
    );
    assert.equal(reply.missedCount, 2);
  });

  it('count what the services had already lost', () => {
    const ring = createInjectionRing('one');
    ring.add([], 3);
    ring.add([injection('a')], 4);
    assert.equal(ring.after(0).lostCount, 7);
  });
});
