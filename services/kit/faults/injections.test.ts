import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Injection } from '@tracelab/protocol';
import * as fc from 'fast-check';
import { createInjectionLog, requestTrace } from './injections.ts';

function injection(number: number): Injection {
  return { faultId: `f${number}`, service: 'bank', route: '/charge', timeUnixMs: number, traceId: '', spanId: '' };
}

describe('the log of injections', () => {
  it('gives a reader that reads on everything once, or says how much it missed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 8 }), (bursts, capacity) => {
        const log = createInjectionLog('i', capacity);
        let recorded = 0;
        const seen: string[] = [];
        let [sequence, missed] = [0, 0];
        for (const burst of bursts) {
          for (let index = 0; index < burst; index++) log.record(injection(++recorded));
          const reply = log.after(sequence);
          seen.push(...reply.injections.map((kept) => kept.faultId));
          missed += reply.missedCount;
          sequence = reply.lastSequence;
        }
        assert.equal(seen.length + missed, recorded);
        assert.equal(new Set(seen).size, seen.length);
        assert.equal(sequence, recorded);
      }),
    );
  });

  it('numbers from 1 and names the process it belongs to', () => {
    const log = createInjectionLog('this process', 2);
    for (const number of [1, 2, 3]) log.record(injection(number));
    assert.deepEqual(log.after(0), {
      instanceId: 'this process',
      injections: [
        { sequence: 2, ...injection(2) },
        { sequence: 3, ...injection(3) },
      ],
      lastSequence: 3,
      missedCount: 1,
    });
  });
});

describe('requestTrace', () => {
  it('takes the ids of traceparent where nobody is instrumented', () => {
    assert.deepEqual(requestTrace('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'), {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
    });
  });

  it('is empty without one, or with a malformed one', () => {
    for (const header of [undefined, 'nonsense']) assert.deepEqual(requestTrace(header), { traceId: '', spanId: '' });
  });
});
