import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planCapacity, rankParts, type CapacityDemand } from '@tracelab/model';
import { labPartsFor, type LabPart } from './lab-parts.ts';
import { scaleFirstLines } from './report.ts';

const COLLECTOR = {
  spanBytes: 400,
  cpuUsPerSpan: 20,
  idleBytes: 60e6,
  bytesPerBufferedSpan: 1200,
  countedBytesPerSpan: 800,
  tickS: 0.1,
};

function partsAt(tracesPerSecond: number, tailKeep: number): Map<string, LabPart> {
  const row = {
    service: 'all',
    requestsPerSecond: tracesPerSecond,
    spansPerRequest: 10,
    bytesPerSpan: 400,
    peakFactor: 2,
  };
  const demand: CapacityDemand = {
    rows: [row],
    tracesPerSecond,
    headRate: 1,
    tailKeep,
    windowS: 10,
    utilisationMax: 0.7,
    storage: { retentionDays: 7, copies: 1, compression: 1, indexShare: 0 },
    collector: COLLECTOR,
  };
  const of = { requestsPerSecond: tracesPerSecond, utilisationMax: 0.7, tracelab: COLLECTOR };
  return new Map(labPartsFor(planCapacity(demand), of).map((part) => [part.name, part]));
}

describe('the parts of this lab', () => {
  it('carry the peak of what really reaches them', () => {
    const parts = partsAt(1000, 0.1);
    assert.deepEqual(
      [...parts].map(([name, { load }]) => [name, Math.round(load)]),
      [
        ['collector, CPU', 20_000],
        ['collector, undecided bytes', 20_000 * 10.1 * 800],
        ['cache service', 2000],
        ["inventory's database", 2000],
        ['collector, undecided traces', 20_200],
        ['store, writing', 2000],
        ['store, searching', 1000 * 10 * 0.1 * 86_400 * 7],
        ['load generator', 2000],
      ],
    );
    assert.equal(parts.get('collector, CPU')?.limit, 35_000);
  });

  it('are scaled by what one was measured to do; a setting and what nobody tried are said apart', () => {
    const lines = scaleFirstLines(rankParts([...partsAt(3000, 1).values()], 3000));
    assert.match(
      lines[0] ?? '',
      /^Scale first: inventory's database \(8\.54 times\), then cache service \(6\.98 times\), /,
    );
    assert.match(
      lines[1] ?? '',
      /^Raise by settings: collector, undecided bytes \(1\.81 times\), collector, undecided traces/,
    );
    assert.match(lines[2] ?? '', /^More than was ever tried here: store, searching/);
    assert.deepEqual(scaleFirstLines(rankParts([...partsAt(0.5, 0.01).values()], 0.5)), [
      "One of each does it; the first to fill up: inventory's database.",
    ]);
  });
});
