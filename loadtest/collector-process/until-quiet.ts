export interface Quiet {
  /** CPU that the process has used so far; undefined where it is gone. */
  readCpuUs: () => number | undefined;
  nowMs: () => number;
  sleep: (ms: number) => Promise<unknown>;
  /** Not before: what is decided on a timer looks quiet until then. */
  leastMs: number;
  /** Ends the waiting early. */
  signal: AbortSignal;
}

const LOOK_MS = 250;
/** Of a core. A collector at rest uses well under this. */
const QUIET_CORES = 0.03;
/** Beyond the least. A backlog that takes longer is the next block's too, which its interval shows. */
const MOST_MS = 20_000;

/** Waits until the process has nothing left to do, by its own CPU: the same rule for every collector, and no request to it. */
export async function untilQuiet(quiet: Quiet): Promise<void> {
  const startMs = quiet.nowMs();
  let [atMs, cpuUs] = [startMs, quiet.readCpuUs()];
  while (!quiet.signal.aborted && cpuUs !== undefined && atMs - startMs < quiet.leastMs + MOST_MS) {
    await quiet.sleep(LOOK_MS);
    const [nowMs, nowUs] = [quiet.nowMs(), quiet.readCpuUs()];
    if (nowUs === undefined) return;
    const cores = (nowUs - cpuUs) / 1000 / (nowMs - atMs);
    if (nowMs - startMs >= quiet.leastMs && cores <= QUIET_CORES) return;
    [atMs, cpuUs] = [nowMs, nowUs];
  }
}
