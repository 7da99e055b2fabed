import type { SaturatedBlock, SteadyBlock, TailCostResult } from './result.ts';
import { ENCODINGS } from './sender/traffic.ts';

/** Of one collector in one start: microseconds of CPU a span, bytes a buffered span, milliseconds of every answer. */
export interface Costs {
  cpuUs: number;
  bytes: number;
  answerMs: number;
}

const REST_BYTES = 60e6;
const STEADY_S = 10;

export function saturatedBlocks(collector: string, restart: number, { cpuUs }: Costs): SaturatedBlock[] {
  return ENCODINGS.map((encoding) => ({
    collector,
    restart,
    round: 0,
    encoding,
    cpuUs: cpuUs * 400_000,
    spans: 400_000,
    refusals: 0,
    strays: {},
    senderCores: 0.4,
    loadMs: 2000,
    bytes: 400_000 * 350,
    wireBytes: 400_000 * (encoding === 'gzip' ? 50 : 350),
    residentBytes: 500e6,
  }));
}

/** 3,000 spans a second and a window of 10 s: 30,000 are buffered. */
export function steadyBlock(collector: string, restart: number, { cpuUs, bytes, answerMs }: Costs): SteadyBlock {
  const requests = 200;
  const column = (value: (index: number) => number): number[] => Array.from({ length: requests }, (_, i) => value(i));
  return {
    collector,
    restart,
    cpuUs: cpuUs * 3000 * STEADY_S,
    spans: 3000 * STEADY_S,
    refusals: 0,
    strays: {},
    senderCores: 0.1,
    loadMs: STEADY_S * 1000,
    wallMs: STEADY_S * 1000,
    restBytes: REST_BYTES,
    residentBytes: [0.9, 1.1, 1.1, 0.9].map((share) => REST_BYTES + share * bytes * 30_000),
    shots: {
      dueUs: column((index) => index * 50_000),
      latenessUs: column(() => 100),
      latencyUs: column(() => answerMs * 1000),
      status: column(() => 200),
    },
    ...(collector === 'tracelab' ? { decisionLag: { boundsS: [0.05, 0.15], counts: [50, 50, 0] } } : {}),
  };
}

/** The collectors' costs in each of their starts. */
export function resultOf(costs: Readonly<Record<string, readonly Costs[]>>): TailCostResult {
  const blocksOf = <Block>(blockOf: (name: string, restart: number, costs: Costs) => Block): Block[] =>
    Object.entries(costs).flatMap(([name, starts]) => starts.map((start, restart) => blockOf(name, restart, start)));
  const machine = { cpuModel: 'a CPU', cores: 2, memoryBytes: 8e9, platform: 'linux x64', node: 'v24.0.0' };
  return {
    format: 'tracelab-tail-cost',
    version: 1,
    startedAt: '2026-11-28T12:00:00.000Z',
    durationMs: 61_000,
    complete: true,
    seed: 1,
    machine: { ...machine, loadAverageBefore: 0.1, loadAverageAfter: 0.9 },
    load: { spansPerSecond: 3000, steadyWaitS: 10, saturatedWaitS: 2 },
    collectors: Object.keys(costs).map((name) => ({
      name,
      version: '1.2.3',
      wal: name === 'tracelab' ? 'off' : 'none',
    })),
    saturated: blocksOf(saturatedBlocks).flat(),
    steady: blocksOf(steadyBlock),
  };
}

export const OURS: readonly Costs[] = [
  { cpuUs: 2, bytes: 700, answerMs: 4 },
  { cpuUs: 2.2, bytes: 720, answerMs: 4.4 },
];
export const THEIRS: readonly Costs[] = [
  { cpuUs: 8, bytes: 3200, answerMs: 20 },
  { cpuUs: 8.8, bytes: 3300, answerMs: 22 },
];
