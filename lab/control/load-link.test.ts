import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpAnswer } from '../http-call.ts';
import { reconcileLoad } from './load-link.ts';
import { createWantedFaults } from './wanted-faults.ts';
import type { WantedState } from './wanted-state.ts';

const faults = createWantedFaults({ nowUnixMs: () => 0, randomSeed: () => 1 });
const answer = (status: number, body: unknown): Promise<HttpAnswer> => Promise.resolve({ reached: true, status, body });

describe('the wanted rate of the shoppers', () => {
  it('is given up, and that is reported, where they refuse it on their return', async () => {
    const wanted: WantedState = {
      faults,
      tracing: undefined,
      clockOffsetsMs: new Map(),
      load: { requestsPerSecond: 900 },
    };
    const reports: string[] = [];
    const link = {
      setting: undefined,
      get: () => answer(200, { requestsPerSecond: 2 }),
      put: () => answer(400, { error: { code: 'bad_request', message: 'at most 200' } }),
    };
    await reconcileLoad(link, wanted, (text) => reports.push(text));
    assert.deepEqual([wanted.load, link.setting], [undefined, { requestsPerSecond: 2 }]);
    assert.match(reports.join(), /the shoppers refuse 900 requests a second.*at most 200/);
  });
});
