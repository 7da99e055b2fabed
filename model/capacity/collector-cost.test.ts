import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  COLLECTOR_LOADS,
  type CollectorBlock,
  type CollectorBufferSample,
  type CollectorCostResult,
  type CollectorLoad,
} from '@tracelab/protocol';
import { summarizeCollectorCost, type CollectorLoadCost } from './collector-cost.ts';

const LOAD_MS = 4000;
const WALL_MS = 6000;
/** At rest 1 % of a core; saturated 40,000 spans/s of 300 B at 20 us each. */
const IDLE_US_PER_MS = 10;

function blockOf(load: CollectorLoad, restart: number, cpuUsPerSpan: number): CollectorBlock {
  const spans = load === 'idle' ? 0 : load === 'saturated' ? 160_000 : 4000;
  return {
    collector: 'tracelab',
    load,
    restart,
    round: 0,
    loadMs: LOAD_MS,
    wallMs: WALL_MS,
    cpuUs: IDLE_US_PER_MS * WALL_MS + spans * cpuUsPerSpan,
    spans,
    bytes: spans * 300,
    refusals: 0,
    residentBytes: 100e6,
  };
}

function resultOf(blocks: CollectorBlock[]): CollectorCostResult {
  return {
    format: 'tracelab-collector-cost',
    version: 1,
    startedAt: '2026-11-28T12:00:00.000Z',
    durationMs: 1,
    complete: true,
    seed: 1,
    machine: {
      cpuModel: 'a',
      cores: 2,
      memoryBytes: 1,
      platform: 'linux x64',
      node: 'v24',
      loadAverageBefore: 0,
      loadAverageAfter: 0,
    },
    collectors: [{ name: 'tracelab', version: '0.1.0', pipeline: 'all' }],
    blocks,
    buffers: [
      { collector: 'tracelab', restart: 0, idleBytes: 60e6, samples: samplesOf(800) },
      { collector: 'tracelab', restart: 1, idleBytes: 60e6, samples: samplesOf(1000) },
    ],
  };
}

/** A heap that takes 80 MB as soon as it does anything. */
function samplesOf(bytesPerSpan: number): CollectorBufferSample[] {
  return [2, 4, 6, 8].map((part) => {
    const spans = part * 10_000;
    return { spans, bytes: spans * 300, residentBytes: 80e6 + spans * bytesPerSpan, countedBytes: spans * 500 };
  });
}

const BLOCKS = [19, 20, 21].flatMap((us, restart) => COLLECTOR_LOADS.map((load) => blockOf(load, restart, us)));

function costOf(result: CollectorCostResult, load: CollectorLoad): CollectorLoadCost {
  const cost = summarizeCollectorCost(result)[0]?.loads.find((row) => row.load === load);
  return cost ?? assert.fail(`${load} was measured`);
}

describe('summarizeCollectorCost', () => {
  it('takes off what the same time at rest takes, decisions after the end of the load included', () => {
    const { cpuUsPerSpan, corePercent, spansPerSecond, spanBytes } = costOf(resultOf(BLOCKS), 'saturated');
    const { estimate, low, high } = cpuUsPerSpan ?? assert.fail('a load of spans has a cost for each');
    assert.ok(Math.abs(estimate - 20) < 1e-9);
    assert.ok(low < 19.9 && high > 20.1);
    assert.deepEqual([spansPerSecond, spanBytes], [40_000, 300]);
    // 20 us x 40,000 are 80 % of a core, and 1 % at rest.
    assert.ok(Math.abs(corePercent.estimate - 81) < 1e-9);
  });

  it('has the collector at rest as a row of its own, without a cost for each span', () => {
    const { cpuUsPerSpan, corePercent } = costOf(resultOf(BLOCKS), 'idle');
    assert.equal(cpuUsPerSpan, undefined);
    assert.ok(Math.abs(corePercent.estimate - 1) < 1e-9);
  });

  it('leaves out a round that was not ended, and says nothing of a collector without one', () => {
    const [summary] = summarizeCollectorCost(resultOf([...BLOCKS, blockOf('idle', 3, 0)]));
    assert.deepEqual([summary?.restarts, summary?.rounds], [3, 3]);
    assert.deepEqual(summarizeCollectorCost(resultOf([]))[0]?.loads, []);
  });

  it('gives the memory of an undecided span by what grows with them, apart from what a warm heap holds anyway', () => {
    const buffer = summarizeCollectorCost(resultOf(BLOCKS))[0]?.buffer;
    assert.ok(buffer !== undefined);
    const { bytesPerSpan, spanBytes, idleBytes, warmBytes } = buffer;
    assert.deepEqual([bytesPerSpan.estimate, spanBytes, idleBytes, warmBytes], [900, 300, 60e6, 80e6]);
    assert.equal(buffer.countedBytesPerSpan, 500);
  });

  it('has infinite intervals from one start', () => {
    const result = resultOf(COLLECTOR_LOADS.map((load) => blockOf(load, 0, 20)));
    assert.equal(costOf(result, 'saturated').cpuUsPerSpan?.high, Infinity);
  });
});
