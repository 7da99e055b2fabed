/** Milliseconds on the system's monotonic clock: one time line for all threads, which `performance.now()` is not. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
