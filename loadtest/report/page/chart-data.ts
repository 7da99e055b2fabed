/** What the page's script draws, as JSON in the page. Microseconds are of CPU a request; null where there is no bound. */
export interface PageData {
  workloads: WorkloadCharts[];
  /** Of a page of many machines, in per cent. */
  forests?: ForestChart[];
}

/** Each machine a mark, the pooled one last. */
export interface ForestChart {
  marks: IntervalMark[];
}

export interface WorkloadCharts {
  added: IntervalMark[];
  /** How far the control row's interval reaches from zero; null where there is none. */
  noiseUs: number | null;
  /** By sampling rate, where a tracer was measured at several. */
  rates?: RateChart;
  dapper?: DapperChart;
  restarts: RestartStrip[];
  drift: DriftChart;
}

/** Whose row it is, which decides its colour. */
export type Tone = 'baseline' | 'control' | 'api' | 'lab' | 'otel' | 'other';

export interface IntervalMark {
  name: string;
  tone: Tone;
  estimate: number;
  low: number | null;
  high: number | null;
  /** A difference is claimed; hollow otherwise. */
  isSeen: boolean;
  /** A known cost that the mark should hold. */
  truth?: number;
  /** A wider interval drawn thin: where a further one is to be expected. */
  outer?: { low: number; high: number };
}

export interface RateChart {
  labels: string[];
  series: RateSeries[];
}

export interface RateSeries {
  name: string;
  tone: Tone;
  /** One for each label; null where that rate was not measured. */
  marks: (IntervalMark | null)[];
  /** The straight line over the rates at each label; empty where there is none. */
  line: number[];
}

/** Theirs, in per cent: never on one axis with ours. */
export interface DapperChart {
  labels: string[];
  latencyPercent: number[];
  throughputPercent: number[];
  errorPercent: { latency: number; throughput: number };
}

export interface RestartStrip {
  name: string;
  tone: Tone;
  /** Added microseconds, the mean of each restart. */
  meansUs: number[];
}

/** The blocks without a tracer in the order of the run. */
export interface DriftChart {
  /** Position among all blocks of the workload, CPU of the block, and the restart it belongs to. */
  baseline: DriftPoint[];
  control: DriftPoint[];
  /** Position of the first block of each restart, and of the end. */
  restartsFrom: number[];
}

export interface DriftPoint {
  at: number;
  us: number;
}
