/**
 * The arithmetic that systems at scale have published, or should have: exact results within 0.1 %, computed by the planner
 * itself. Where what is usually quoted comes from rounding too early, the unrounded result is what counts.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { storageOf } from './storage.ts';
import { tailBufferOf } from './tail-buffer.ts';
import { flowsOf, perDay, sampleFlow, scaleFlow, type DailyFlow, type Flow } from './traffic.ts';

const TOLERANCE = 0.001;

function assertNear(actual: number, expected: number, what: string): void {
  assert.ok(Math.abs(actual / expected - 1) <= TOLERANCE, `${what}: ${actual} should be ${expected} within 0.1 %`);
}

function flowOf(requestsPerSecond: number, spansPerRequest: number, bytesPerSpan: number): Flow {
  const row = { service: 'all', requestsPerSecond, spansPerRequest, bytesPerSpan, peakFactor: 1 };
  return flowsOf([row], requestsPerSecond).average;
}

const A = flowOf(10_000, 50, 426);
const B = flowOf(80_000, 14, 1000);
// 310 million traces of 27.4 spans were stored a day at 1 %: this is all that was made.
const SLACK = flowOf(310e6 / 0.01 / 86_400, 8.5e9 / 310e6, 235);

interface Case {
  name: string;
  flow: Flow;
  expected: Partial<Flow & DailyFlow>;
}

const CASES: readonly Case[] = [
  {
    name: 'A: 20 services, 10,000 user requests/s, 50 spans, 426 B',
    flow: A,
    expected: { spansPerSecond: 500_000, bytesPerSecond: 213e6, spansPerDay: 43.2e9, bytesPerDay: 18.4032e12 },
  },
  {
    name: 'A, if each of the 20 services received 10,000 requests/s of its own',
    flow: flowOf(20 * 10_000, 50, 426),
    expected: { spansPerSecond: 10e6, bytesPerDay: 368.064e12 },
  },
  {
    name: 'B: 80,000 requests/s, 14 spans, 1 KB, and not the 95 TB of 1.1 GB/s',
    flow: B,
    expected: { spansPerSecond: 1_120_000, bytesPerSecond: 1.12e9, spansPerDay: 96.768e9, bytesPerDay: 96.768e12 },
  },
  {
    name: 'B with 1 KB = 1024 B',
    flow: flowOf(80_000, 14, 1024),
    expected: { bytesPerSecond: 1.14688e9, bytesPerDay: 99.090432e12 },
  },
  {
    name: 'C: 100,000 requests/s, 8 spans, 500 B',
    flow: flowOf(100_000, 8, 500),
    expected: { spansPerSecond: 800_000, bytesPerSecond: 400e6, spansPerDay: 69.12e9, bytesPerDay: 34.56e12 },
  },
  {
    name: 'D: 50,000 requests/s, 10 spans, 426 B',
    flow: flowOf(50_000, 10, 426),
    expected: { spansPerSecond: 500_000, bytesPerSecond: 213e6, spansPerDay: 43.2e9, bytesPerDay: 18.4032e12 },
  },
  { name: 'D at 1 KB', flow: flowOf(50_000, 10, 1000), expected: { bytesPerDay: 43.2e12 } },
  {
    name: 'E: Slack 2020, stored at 1 %',
    flow: scaleFlow(SLACK, 0.01),
    expected: {
      spansPerSecond: 98_380,
      bytesPerSecond: 23.12e6,
      tracesPerSecond: 3588,
      tracesPerDay: 310e6,
      spansPerDay: 8.5e9,
      bytesPerDay: 1.9975e12,
    },
  },
  { name: 'E, all that was made', flow: SLACK, expected: { tracesPerSecond: 358_796, tracesPerDay: 31e9 } },
  {
    name: 'F: 1 % of 50,000 requests/s',
    flow: sampleFlow(flowOf(50_000, 1, 1), 0.01).kept,
    expected: { tracesPerDay: 43.2e6 },
  },
  {
    name: 'G: 1 TB a day at 426 B',
    flow: flowOf(1e12 / 426 / 86_400, 1, 426),
    expected: { spansPerSecond: 27_169.4, bytesPerSecond: 11.574e6, spansPerDay: 2.3474e9, bytesPerDay: 1e12 },
  },
];

describe('the reference cases', () => {
  for (const { name, flow, expected } of CASES) {
    it(name, () => {
      const actual: Record<string, number> = { ...flow, ...perDay(flow) };
      for (const [key, value] of Object.entries(expected)) assertNear(actual[key] ?? Number.NaN, value, key);
    });
  }

  it('F: is 432 million in ten days and 1.296 billion in thirty, so that a count needs its period', () => {
    const { tracesPerDay } = perDay(sampleFlow(flowOf(50_000, 1, 1), 0.01).kept);
    assertNear(tracesPerDay * 10, 432e6, 'ten days');
    assertNear(tracesPerDay * 30, 1.296e9, 'thirty days');
  });

  it('G: two weeks of it are 14 TB, and the index is 74 % on top', () => {
    const kept = flowOf(1e12 / 426 / 86_400, 1, 426);
    const stored = storageOf(kept, { retentionDays: 14, copies: 1, compression: 1, indexShare: 0.74 });
    assertNear(stored.dataBytes, 14e12, 'data');
    assertNear(stored.indexBytes, 10.36e12, 'index');
    assertNear(stored.totalBytes, 24.36e12, 'all');
  });

  it('knows that TB are not TiB', () => {
    assertNear(perDay(B).bytesPerDay / 2 ** 40, 88.0, 'TiB of case B');
  });
});

describe('the tail buffer', () => {
  const BUFFERS: readonly [name: string, flow: Flow, windowS: number, rawBytes: number][] = [
    ['1.1 GB/s as quoted, 10 s', flowOf(1.1e6, 1, 1000), 10, 11e9],
    ['case B, 10 s', B, 10, 11.2e9],
    ['case B, 30 s', B, 30, 33.6e9],
    ['case A, 10 s', A, 10, 2.13e9],
    ['case A, 30 s', A, 30, 6.39e9],
  ];
  for (const [name, flow, windowS, rawBytes] of BUFFERS) {
    it(`holds ${name}`, () => assertNear(tailBufferOf(flow, windowS, 0).rawBytes, rawBytes, 'bytes held'));
  }

  it('holds a trace for the window and one tick', () => {
    const buffer = tailBufferOf(A, 10, 1);
    assert.deepEqual([buffer.heldS, buffer.traces, buffer.spans], [11, 110_000, 5_500_000]);
  });
});
