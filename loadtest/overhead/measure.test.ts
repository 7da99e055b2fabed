import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRandom } from '@tracelab/model';
import { warmUp, type MeasureContext } from './measure.ts';
import type { ProcessSet } from './process-set.ts';
import { BASELINE, switchedVariants, UNTRACED_VARIANTS, type SetName } from './variant.ts';

describe('Warming up', () => {
  it('meets every state that the blocks of a set will measure', async () => {
    const burns: number[] = [];
    const ratios: number[] = [];
    const context = contextOf({
      none: fakeSet({}),
      switched: fakeSet({ setBurn: (us) => Promise.resolve(void burns.push(us)) }),
      lab: fakeSet({ isSwitchable: true, setRatio: (ratio) => Promise.resolve(void ratios.push(ratio)) }),
    });

    await warmUp(context, 1, createRandom(1).next);

    assert.deepEqual(new Set(burns), new Set([0, 50]));
    assert.deepEqual(new Set(ratios), new Set([1, 1 / 2, 1 / 1024]));
  });

  it('tells nobody to burn whose variants are not switched', async () => {
    const setBurn = (): Promise<void> => Promise.reject(new Error('has no burn'));
    const context = contextOf({ none: fakeSet({ setBurn }) });

    const requestsPerSecond = await warmUp(context, 1, createRandom(1).next);

    assert.equal(Math.round(requestsPerSecond), 1000);
  });
});

/** One that answers each request after a millisecond. */
function contextOf(sets: Record<SetName, ProcessSet>): MeasureContext {
  return {
    sets: new Map(Object.entries(sets)),
    variants: [...UNTRACED_VARIANTS, ...switchedVariants(50)],
    sinkUrl: '',
    generatorUrl: '',
    requests: [],
    runLoad: (_load, requests) => Promise.resolve({ requests, failures: 0, durationMs: requests }),
    connections: 1,
    signal: new AbortController().signal,
  };
}

function fakeSet(behaviour: Partial<ProcessSet>): ProcessSet {
  return {
    entryUrl: BASELINE,
    isSwitchable: false,
    usage: () => Promise.resolve({ cpuUs: 0, spansDropped: 0 }),
    setRatio: () => Promise.resolve(),
    setBurn: () => Promise.resolve(),
    untilDelivered: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    ...behaviour,
  };
}
