import { freePorts } from '@tracelab/command';
import { LOOPBACK_HOST } from '@tracelab/protocol';
import type { Interval } from '@tracelab/model';
import type { Variant } from '../registered/variant.ts';
import { formatCount, formatInterval, verdict } from '../report/format.ts';
import { COMPILE_CACHE, runChild } from '../run-child.ts';
import type { SectionContext, SectionReport } from '../section.ts';
import { startSink } from '../sink.ts';
import { slopeOf } from './growth.ts';
import type { MemorySample } from './memory-sample.ts';

const SAMPLES = 11;
const REQUESTS_PER_SAMPLE = { quick: 40_000, full: 100_000 };
/** Memory of a process still grows while code is compiled: samples up to here count for nothing. */
const REQUESTS_COLD = 100_000;
/** Bytes a request that nobody would notice: 8 MB a day at a thousand requests a second. */
const GROWTH_BYTES_MAX = 0.1;

const ROWS: readonly { title: string; variant: Variant; isSinkUp: boolean }[] = [
  { title: 'untraced (control)', variant: 'none', isSinkUp: true },
  { title: 'lab, sink up', variant: 'lab', isSinkUp: true },
  { title: 'lab, sink down', variant: 'lab', isSinkUp: false },
  { title: 'SDK, sink up', variant: 'sdk', isSinkUp: true },
  { title: 'SDK, sink down', variant: 'sdk', isSinkUp: false },
];

export interface MemoryRow {
  title: string;
  variant: Variant;
  isSinkUp: boolean;
  /** Spans that the sink saw; more are made than it can take, and what the queue cannot hold is dropped. */
  spansDelivered: number;
  samples: MemorySample[];
  growthBytesPerRequest: Interval;
}

/** Whether a process that serves a million requests keeps anything of them, with a collector and without. */
export async function runMemory(context: SectionContext): Promise<SectionReport> {
  const requests = REQUESTS_PER_SAMPLE[context.preset];
  const rows = await measureRows(requests, context);
  return {
    title: `memory: what stays after ${formatCount(requests * SAMPLES)} requests of two spans, all garbage collected`,
    table: {
      headings: ['', 'heap MB', 'buffers MB', 'resident MB', 'growth B/request [95 %]', 'spans delivered', 'target'],
      rows: rows.map(cellsOf),
    },
    notes: [
      `a sample after each ${formatCount(requests)} requests, those up to ${formatCount(REQUESTS_COLD)} left out; heap and buffers at the last; growth of both together by Theil’s slope`,
      'requests come without a pause, faster than a sink takes their spans: the queue’s bound is tried as well',
    ],
    json: { growthBytesMax: GROWTH_BYTES_MAX, rows },
  };
}

export function growthOf(samples: readonly MemorySample[]): Interval {
  const warm = samples.filter(({ requests }) => requests > REQUESTS_COLD);
  return slopeOf(warm.map(({ requests, heapBytes, externalBytes }) => ({ x: requests, y: heapBytes + externalBytes })));
}

async function measureRows(requests: number, context: SectionContext): Promise<MemoryRow[]> {
  const sink = await startSink();
  const [unusedPort] = await freePorts(1);
  const rows: MemoryRow[] = [];
  try {
    for (const row of ROWS.filter(({ variant }) => variant !== 'sdk' || context.preset === 'full')) {
      if (context.signal.aborted) break;
      context.progress(`memory: ${row.title}`);
      const samples = (await runChild(
        {
          file: 'memory/memory-process.ts',
          args: [row.variant, row.isSinkUp ? 'up' : 'down', String(SAMPLES), String(requests)],
          env: {
            NODE_COMPILE_CACHE: COMPILE_CACHE,
            OTEL_EXPORTER_OTLP_ENDPOINT: row.isSinkUp ? sink.url : `http://${LOOPBACK_HOST}:${unusedPort}`,
          },
        },
        context.signal,
      )) as MemorySample[];
      rows.push({ ...row, samples, growthBytesPerRequest: growthOf(samples), spansDelivered: await sink.spans() });
    }
  } finally {
    await sink.stop();
  }
  return rows;
}

function cellsOf({ title, variant, samples, growthBytesPerRequest, spansDelivered }: MemoryRow): string[] {
  const last = samples.at(-1);
  const megabytes = (bytes = 0): string => (bytes / 1e6).toFixed(1);
  return [
    title,
    megabytes(last?.heapBytes),
    megabytes(last?.externalBytes),
    megabytes(last?.residentBytes),
    formatInterval(growthBytesPerRequest, (bytes) => bytes.toFixed(3)),
    formatCount(spansDelivered),
    variant === 'lab' ? `flat ${verdict(growthBytesPerRequest, GROWTH_BYTES_MAX)}` : '-',
  ];
}
