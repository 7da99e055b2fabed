/** Runs one request at a time: a wish while one runs is served after it, a new question (`now`) takes its place. */
export interface RefreshLoop {
  /** Ask at once; an answer still under way is no longer wanted. */
  now: () => void;
  /** Ask when the running request is through and the gap has passed. Many wishes make one request. */
  soon: (delayMs?: number) => void;
  /** Ends it for good: wishes that come later, from timers still under way, are not served. */
  stop: () => void;
}

/** Live updates come up to four a second; more than two redraws a second only flicker. */
const GAP_MS = 500;

export function createRefreshLoop(ask: (signal: AbortSignal) => Promise<void>): RefreshLoop {
  let running: AbortController | undefined;
  let isWanted = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    if (isStopped) return;
    clearTimeout(timer);
    timer = undefined;
    isWanted = false;
    const own = new AbortController();
    running?.abort();
    running = own;
    await ask(own.signal);
    if (running !== own) return;
    running = undefined;
    if (isWanted) soon();
  }

  function soon(delayMs = GAP_MS): void {
    if (running !== undefined) isWanted = true;
    else if (timer === undefined) timer = setTimeout(() => void run(), delayMs);
  }

  return {
    now: () => void run(),
    soon,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
      running?.abort();
      running = undefined;
    },
  };
}
