import { slope } from '@tracelab/model';
import { formatCount, formatNumber, formatSigned } from '../report/format.ts';
import type { MemorySample, MemorySeries, Situation } from './memory.ts';

export interface MemorySummary {
  situation: Situation;
  /** Least squares over the second half of the requests: the first warms heap and code up. */
  bytesPerRequest: number;
  /** What that makes of the second half, as a share of what was held at its begin. */
  growthPercent: number;
  isFlat: boolean;
}

/** A heap that breathes moves by this much without growing. */
const FLAT_PERCENT_MAX = 5;
const MEBIBYTE = 1024 ** 2;
/** Of the series that is printed; all of it is saved. */
const LINES = 10;

/** Undefined where the run was ended before its second half began. */
export function summarizeMemory({ situation, samples }: MemorySeries): MemorySummary | undefined {
  const half = secondHalf(samples);
  const [first, last] = [half[0], half.at(-1)];
  if (first === undefined || last === undefined || half.length < 3) return undefined;
  const bytesPerRequest = slope(half.map(({ requests, residentBytes }) => ({ x: requests, y: residentBytes })));
  const growthPercent = (bytesPerRequest * (last.requests - first.requests) * 100) / first.residentBytes;
  return { situation, bytesPerRequest, growthPercent, isFlat: growthPercent <= FLAT_PERCENT_MAX };
}

function secondHalf(samples: readonly MemorySample[]): readonly MemorySample[] {
  const total = samples.at(-1)?.requests ?? 0;
  return samples.filter(({ requests }) => requests * 2 >= total);
}

export function renderMemory(all: readonly MemorySeries[]): string {
  const parts = all.map((series) =>
    [`Resident memory of two hops: ${series.situation}`, ...linesOf(series)].join('\n'),
  );
  return `${parts.join('\n\n')}\n\nFlat: the line through the second half rises by at most ${FLAT_PERCENT_MAX} % in it. Both hops together; every request traced.`;
}

function linesOf(series: MemorySeries): string[] {
  const step = Math.max(1, Math.round(series.samples.length / LINES));
  const shown = series.samples.filter((_sample, index) => index % step === 0 || index === series.samples.length - 1);
  const lines = shown.map(
    ({ requests, residentBytes, spansDropped }) =>
      `  ${formatCount(requests).padStart(10)} requests  ${formatNumber(residentBytes / MEBIBYTE).padStart(6)} MiB${spansDropped > 0 ? `  ${formatCount(spansDropped)} spans dropped` : ''}`,
  );
  const summary = summarizeMemory(series);
  if (summary === undefined) return [...lines, '  too few samples for a slope'];
  const { bytesPerRequest, growthPercent, isFlat } = summary;
  const verdict = isFlat ? 'flat' : 'NOT FLAT';
  return [
    ...lines,
    `  ${verdict}: ${formatSigned(bytesPerRequest)} bytes a request in the second half, ${formatSigned(growthPercent)} %`,
  ];
}
