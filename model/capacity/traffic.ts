/** Everything here is decimal: 1 KB is 1000 bytes, a day 86,400 seconds. Nothing is rounded before it is shown. */
export const SECONDS_PER_DAY = 86_400;

/** What one service, or the whole system as one, is asked on average and at its peak. */
export interface TrafficRow {
  service: string;
  requestsPerSecond: number;
  /** Spans that the row makes for one of its requests. */
  spansPerRequest: number;
  bytesPerSpan: number;
  /** The busiest time over the average, at least 1. */
  peakFactor: number;
}

/** What passes a place, each for a second. */
export interface Flow {
  tracesPerSecond: number;
  spansPerSecond: number;
  bytesPerSecond: number;
}

/** The same for a day. */
export interface DailyFlow {
  tracesPerDay: number;
  spansPerDay: number;
  bytesPerDay: number;
}

/** The rows on average and at their peaks, as if all peaks came together. `tracesPerSecond` begin on average; they peak as the spans do. */
export function flowsOf(rows: readonly TrafficRow[], tracesPerSecond: number): { average: Flow; peak: Flow } {
  const average = sum(rows, () => 1);
  const peak = sum(rows, (row) => row.peakFactor);
  return {
    average: { tracesPerSecond, ...average },
    peak: { tracesPerSecond: (tracesPerSecond * peak.spansPerSecond) / average.spansPerSecond, ...peak },
  };
}

function sum(rows: readonly TrafficRow[], factorOf: (row: TrafficRow) => number): Omit<Flow, 'tracesPerSecond'> {
  let [spansPerSecond, bytesPerSecond] = [0, 0];
  for (const row of rows) {
    const spans = row.requestsPerSecond * row.spansPerRequest * factorOf(row);
    spansPerSecond += spans;
    bytesPerSecond += spans * row.bytesPerSpan;
  }
  return { spansPerSecond, bytesPerSecond };
}

export function scaleFlow(flow: Flow, share: number): Flow {
  return {
    tracesPerSecond: flow.tracesPerSecond * share,
    spansPerSecond: flow.spansPerSecond * share,
    bytesPerSecond: flow.bytesPerSecond * share,
  };
}

export function perDay(flow: Flow): DailyFlow {
  return {
    tracesPerDay: flow.tracesPerSecond * SECONDS_PER_DAY,
    spansPerDay: flow.spansPerSecond * SECONDS_PER_DAY,
    bytesPerDay: flow.bytesPerSecond * SECONDS_PER_DAY,
  };
}

/** One sampling decision: kept + dropped = received, in traces, spans and bytes alike. */
export interface Stage {
  received: Flow;
  kept: Flow;
  dropped: Flow;
}

/** Whole traces stay or go, so that one share fits traces, spans and bytes. */
export function sampleFlow(received: Flow, keepShare: number): Stage {
  return { received, kept: scaleFlow(received, keepShare), dropped: scaleFlow(received, 1 - keepShare) };
}
