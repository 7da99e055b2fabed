import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { createReadHistogram, type HistogramReading } from './read-histogram.ts';

/** Metrics are declared as data, so that code, `/metrics` and the reference cannot disagree. Names follow OpenMetrics: unit last, counters without `_total` here. */
export type MetricsTable = Readonly<Record<string, MetricRow>>;

export type MetricRow =
  | { type: 'counter'; name: string; help: string; labels?: readonly string[]; read?: ReadMetric }
  | { type: 'gauge'; name: string; help: string; labels?: readonly string[]; read?: ReadMetric }
  | {
      type: 'histogram';
      name: string;
      help: string;
      labels?: readonly string[];
      buckets: readonly number[];
      read?: () => readonly HistogramReading[];
    };

/** For what is counted elsewhere already: asked at each scrape for the whole metric, a counter's totals included. */
export type ReadMetric = () => readonly Reading[];

export interface Reading {
  value: number;
  labels?: Labels;
}

export type Labels = Readonly<Record<string, string | number>>;

interface CounterHandle {
  add: (value: number, labels?: Labels) => void;
}
interface GaugeHandle {
  set: (value: number, labels?: Labels) => void;
}
interface HistogramHandle {
  observe: (value: number, labels?: Labels) => void;
}

type HandleOf<Row> = Row extends { type: 'counter' }
  ? CounterHandle
  : Row extends { type: 'gauge' }
    ? GaugeHandle
    : HistogramHandle;

export type Metrics<Table extends MetricsTable> = { [Key in keyof Table]: HandleOf<Table[Key]> } & {
  /** OpenMetrics text. */
  text: () => Promise<{ contentType: string; body: string }>;
};

/** Labels must come from closed sets (routes, statuses): every combination is a series that lives as long as the process. */
export function defineMetrics<const Table extends MetricsTable>(table: Table): Metrics<Table> {
  const registry = new Registry();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never);
  const handles = Object.fromEntries(Object.entries(table).map(([key, row]) => [key, createHandle(row, registry)]));
  const text = async (): Promise<{ contentType: string; body: string }> => ({
    contentType: registry.contentType,
    body: await registry.metrics(),
  });
  return { ...handles, text } as Metrics<Table>;
}

function createHandle(row: MetricRow, registry: Registry): CounterHandle | GaugeHandle | HistogramHandle {
  const common = { help: row.help, labelNames: [...(row.labels ?? [])], registers: [registry] };
  switch (row.type) {
    case 'counter': {
      const counter = new Counter({ ...common, name: `${row.name}_total`, ...collectFrom(row.read) });
      return { add: (value, labels) => counter.inc({ ...labels }, value) };
    }
    case 'gauge': {
      const gauge = new Gauge({ ...common, name: row.name, ...collectFrom(row.read) });
      return { set: (value, labels) => gauge.set({ ...labels }, value) };
    }
    case 'histogram': {
      if (row.read !== undefined) {
        registry.registerMetric(createReadHistogram(row.name, row.help, { buckets: row.buckets, read: row.read }));
        return { observe: () => {} };
      }
      const histogram = new Histogram({ ...common, name: row.name, buckets: [...row.buckets] });
      return { observe: (value, labels) => histogram.observe({ ...labels }, value) };
    }
  }
}

function collectFrom(read: ReadMetric | undefined): { collect?: (this: Counter | Gauge) => void } {
  if (read === undefined) return {};
  return {
    collect() {
      this.reset();
      for (const { value, labels } of read()) this.inc({ ...labels }, value);
    },
  };
}
