import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { planCapacity, type CapacityDemand, type CollectorFigures } from './plan.ts';
import { rankParts } from './parts.ts';
import { BUSIEST_SHARE, tierFor } from './replicas.ts';
import type { Flow, Stage } from './traffic.ts';

const COLLECTOR: CollectorFigures = {
  spanBytes: 400,
  cpuUsPerSpan: 10,
  routerCpuUsPerSpan: 4,
  idleBytes: 50e6,
  bytesPerBufferedSpan: 1000,
  tickS: 1,
};

const DEMAND: CapacityDemand = {
  rows: [{ service: 'all', requestsPerSecond: 1000, spansPerRequest: 10, bytesPerSpan: 400, peakFactor: 2 }],
  tracesPerSecond: 1000,
  headRate: 1,
  tailKeep: 1,
  windowS: 9,
  storage: { retentionDays: 7, copies: 1, compression: 1, indexShare: 0 },
  collector: COLLECTOR,
  utilisationMax: 0.5,
};

function planOf(given: Partial<CapacityDemand>): ReturnType<typeof planCapacity> {
  return planCapacity({ ...DEMAND, ...given });
}

const positive = (max: number): fc.Arbitrary<number> => fc.double({ min: 0.001, max, noNaN: true });
const share = fc.double({ min: 1e-6, max: 1, noNaN: true });

const demands = fc
  .record({
    rows: fc.array(
      fc.record({
        service: fc.constant('any'),
        requestsPerSecond: positive(1e6),
        spansPerRequest: positive(1000),
        bytesPerSpan: positive(10_000),
        peakFactor: fc.double({ min: 1, max: 20, noNaN: true }),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    headRate: share,
    tailKeep: share,
    utilisationMax: fc.double({ min: 0.1, max: 1, noNaN: true }),
  })
  .map((given): CapacityDemand => ({ ...DEMAND, ...given }));

describe('planCapacity', () => {
  it('keeps and drops what it received, at every stage, in traces, spans and bytes', () => {
    const assertBalanced = ({ received, kept, dropped }: Stage): void => {
      for (const key of Object.keys(received) as (keyof Flow)[])
        assert.ok(Math.abs(kept[key] + dropped[key] - received[key]) <= received[key] * 1e-12, key);
    };
    fc.assert(
      fc.property(demands, (demand) => {
        const { average, peak } = planCapacity(demand);
        for (const { head, tail } of [average, peak]) {
          assertBalanced(head);
          assertBalanced(tail);
          assert.equal(tail.received, head.kept);
        }
      }),
    );
  });

  it('multiplies head rate and tail share', () => {
    const { average } = planOf({ headRate: 1 / 16, tailKeep: 0.25 });
    assert.equal(average.tail.kept.spansPerSecond, 10_000 / 64);
    assert.equal(average.head.dropped.spansPerSecond, 10_000 * (15 / 16));
  });

  it('sizes the collector for the peak and the store for the average', () => {
    const plan = planOf({});
    assert.equal(plan.peak.head.kept.spansPerSecond, 20_000);
    assert.equal(plan.buffer.spans, 20_000 * 10);
    assert.equal(plan.storage.spans, 10_000 * 86_400 * 7);
    assert.equal(plan.storage.totalBytes, 10_000 * 400 * 86_400 * 7);
  });

  it('survives the loss of one at the peak: no survivor is asked for more than it may be', () => {
    fc.assert(
      fc.property(demands, (demand) => {
        const { samplers, routers } = planCapacity(demand);
        for (const tier of [samplers, routers ?? assert.fail('this collector has routers')]) {
          assert.equal(tier.replicas, tier.survivors + 1);
          assert.ok(tier.cores <= demand.utilisationMax * (1 + 1e-9), `${tier.cores} cores`);
        }
      }),
    );
  });

  it('plans no routers for a collector that has none', () => {
    const { routerCpuUsPerSpan: _none, ...collector } = COLLECTOR;
    assert.equal(planOf({ collector }).routers, undefined);
  });

  it('never needs fewer for more', () => {
    fc.assert(
      fc.property(demands, fc.double({ min: 1, max: 100, noNaN: true }), (demand, times) => {
        const rows = demand.rows.map((row) => ({ ...row, requestsPerSecond: row.requestsPerSecond * times }));
        const [plan, larger] = [planCapacity(demand), planCapacity({ ...demand, rows })];
        assert.ok(larger.samplers.replicas >= plan.samplers.replicas);
        assert.ok(larger.storage.totalBytes >= plan.storage.totalBytes);
      }),
    );
  });

  it('needs two where one is enough, and more than that for the busiest where traces are shared out by their ids', () => {
    assert.deepEqual(tierFor(100, 100, BUSIEST_SHARE), { replicas: 2, survivors: 1, busiestShare: 1 });
    assert.deepEqual(tierFor(1000, 100, BUSIEST_SHARE), { replicas: 15, survivors: 14, busiestShare: 1.38 / 14 });
    assert.equal(tierFor(1000, 100, 1).replicas, 11);
    assert.equal(tierFor(101, 100, 1).survivors, 2);
  });

  it('gives the busiest survivor room for what waits there', () => {
    const { samplers, buffer } = planOf({});
    // 20,000 spans/s at 10 us are 0.2 of a core: one survivor takes them all.
    assert.equal(samplers.survivors, 1);
    assert.equal(samplers.traces, buffer.traces);
    assert.equal(samplers.memoryBytes, 50e6 + 200_000 * 1000);
    assert.equal(samplers.countedBytes, undefined);
    const counting = planOf({ collector: { ...COLLECTOR, countedBytesPerSpan: 500 } });
    assert.equal(counting.samplers.countedBytes, 200_000 * 500);
  });

  it('charges larger spans than the measured ones in proportion, and smaller ones as those', () => {
    const of = (bytesPerSpan: number): number =>
      planOf({ rows: DEMAND.rows.map((row) => ({ ...row, bytesPerSpan })) }).samplers.cores;
    assert.equal(of(800), 2 * of(400));
    assert.equal(of(100), of(400));
  });

  it('prices what is stored, index and copies included, and nothing where no price is given', () => {
    const storage = { retentionDays: 10, copies: 2, compression: 4, indexShare: 0.5, costPerGigabyteMonth: 0.02 };
    const { totalBytes, costPerMonth } = planOf({ storage }).storage;
    assert.equal(totalBytes, ((10_000 * 400 * 86_400 * 10 * 2) / 4) * 1.5);
    assert.equal(costPerMonth, (totalBytes / 1e9) * 0.02);
    assert.equal(planOf({}).storage.costPerMonth, undefined);
  });
});

describe('rankParts', () => {
  it('puts the fullest first and says at how many requests each would be full', () => {
    const ranked = rankParts(
      [
        { name: 'store', load: 50, limit: 100 },
        { name: 'memory', load: 300, limit: 100 },
      ],
      1200,
    );
    assert.deepEqual(
      ranked.map(({ part, utilisation, requestsPerSecondAtLimit }) => [
        part.name,
        utilisation,
        requestsPerSecondAtLimit,
      ]),
      [
        ['memory', 3, 400],
        ['store', 0.5, 2400],
      ],
    );
  });
});
