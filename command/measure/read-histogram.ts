import type { Histogram, Metric } from 'prom-client';

/** One series of a histogram that is counted elsewhere. */
export interface HistogramReading {
  labels?: Readonly<Record<string, string | number>>;
  /** In each bucket alone, one more than there are upper bounds. */
  counts: readonly number[];
  sum: number;
}

interface Sample {
  metricName: string;
  labels: Record<string, string | number>;
  value: number;
}

/** prom-client's own histogram takes a microsecond for each value that it observes, and cannot be given counts. */
export function createReadHistogram(
  name: string,
  help: string,
  of: { buckets: readonly number[]; read: () => readonly HistogramReading[] },
): Metric {
  const get = (): Promise<unknown> =>
    Promise.resolve({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: of.read().flatMap((reading) => samplesOf(name, of.buckets, reading)),
    });
  return { name, get, reset: () => {} } as unknown as Histogram;
}

function samplesOf(name: string, bounds: readonly number[], { labels = {}, counts, sum }: HistogramReading): Sample[] {
  let total = 0;
  const buckets = [...bounds, '+Inf'].map((le, index): Sample => {
    total += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: { ...labels }, value: sum },
    { metricName: `${name}_count`, labels: { ...labels }, value: total },
  ];
}
