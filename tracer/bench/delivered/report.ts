export const TRACE_SPANS = 10;

/** What the process printed: its CPU, user and system, from the first measured span to the last delivered one. */
export interface SpansProcessReport {
  cpuUs: number;
}
