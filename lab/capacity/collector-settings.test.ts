import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planCapacity } from '@tracelab/model';
import * as fc from 'fast-check';
import { settingsFor } from './collector-settings.ts';

const MEBIBYTE = 1024 ** 2;

function planFor(requestsPerSecond: number, windowS: number): ReturnType<typeof planCapacity> {
  return planCapacity({
    rows: [{ service: 'all', requestsPerSecond, spansPerRequest: 7, bytesPerSpan: 500, peakFactor: 2 }],
    tracesPerSecond: requestsPerSecond,
    headRate: 1,
    tailKeep: 1,
    windowS,
    utilisationMax: 0.7,
    storage: { retentionDays: 1, copies: 1, compression: 1, indexShare: 0 },
    collector: {
      spanBytes: 350,
      cpuUsPerSpan: 10,
      routerCpuUsPerSpan: 5,
      idleBytes: 60e6,
      bytesPerBufferedSpan: 1200,
      countedBytesPerSpan: 800,
      tickS: 1,
    },
  });
}

describe('settingsFor', () => {
  it('leaves room: what is planned to be there never reaches a bound', () => {
    const rates = fc.double({ min: 0.01, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 600 }), (requestsPerSecond, windowS) => {
        const plan = planFor(requestsPerSecond, windowS);
        const { numTraces, expectedNewTracesPerSecond, sampler, router, pendingMebibytes = 0 } = settingsFor(plan);
        assert.ok(numTraces >= plan.samplers.traces * 1.2);
        assert.ok(expectedNewTracesPerSecond >= plan.samplers.tracesPerSecond);
        assert.ok(pendingMebibytes * MEBIBYTE >= (plan.samplers.countedBytes ?? Infinity));
        for (const [memory, needed] of [
          [sampler, plan.samplers.memoryBytes],
          [router, plan.routers?.memoryBytes ?? Infinity],
        ] as const) {
          assert.ok(memory !== undefined);
          assert.ok((memory.limitMebibytes - memory.spikeMebibytes) * MEBIBYTE >= needed);
          assert.equal(memory.containerMebibytes, memory.limitMebibytes + 50);
        }
      }),
    );
  });
});
