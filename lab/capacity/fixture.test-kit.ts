import { COLLECTOR_LOADS, type CollectorCostResult, type CollectorName } from '@tracelab/protocol';

/** A saved measurement of two starts: so much CPU a span of 350 B, 800 B for each undecided one, 60 MB warm. */
export function savedCost(costs: Readonly<Partial<Record<CollectorName, number>>>): CollectorCostResult {
  const names = Object.keys(costs) as CollectorName[];
  const restarts = [0, 1];
  return {
    format: 'tracelab-collector-cost',
    version: 1,
    startedAt: '2026-11-28T12:00:00.000Z',
    durationMs: 1000,
    complete: true,
    seed: 1,
    machine: {
      cpuModel: 'a CPU',
      cores: 2,
      memoryBytes: 8e9,
      platform: 'linux x64',
      node: 'v24.0.0',
      loadAverageBefore: 0,
      loadAverageAfter: 0,
    },
    collectors: names.map((name) => ({ name, version: '1.2.3', pipeline: 'everything' })),
    blocks: names.flatMap((collector) =>
      restarts.flatMap((restart) =>
        COLLECTOR_LOADS.map((load) => {
          const spans = load === 'idle' ? 0 : 10_000;
          const cpuUs = spans * (costs[collector] ?? 0);
          const place = { collector, load, restart, round: 0 };
          const took = { loadMs: 1000, wallMs: 2000, cpuUs, refusals: 0, residentBytes: 70e6 };
          return { ...place, ...took, spans, bytes: spans * 350 };
        }),
      ),
    ),
    buffers: names.flatMap((collector) =>
      restarts.map((restart) => ({
        collector,
        restart,
        idleBytes: 50e6,
        samples: [4, 6, 8].map((part) => {
          const spans = part * 1000;
          return { spans, bytes: spans * 350, residentBytes: 60e6 + spans * 800, countedBytes: spans * 500 };
        }),
      })),
    ),
  };
}
