/** Runs one request at a time: a wish while one runs is served after it, a new question (`now`) takes its place. */
export interface RefreshLoop {
  /** Ask at once; an answer still under way is no longer wanted. */
  now: () => void;
  /** Ask when the running request is through and the gap has passed. Many wishes make one request. */
  soon: (delayMs?: number) => void;
  stop: () => void;
}

/** Live updates come up to four a second; more than two redraws a second only flicker. */
const GAP_MS = 500;

export function createRefreshLoop(ask: (signal: AbortSignal) => Promise<void>): RefreshLoop {
  let running: AbortController | undefined;
  let isWanted = false;
  let timer = 0;

  async function run(): Promise<void> {
    clearTimeout(timer);
    timer = 0;
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
    else if (timer === 0) timer = setTimeout(() => void run(), delayMs);
  }

  return {
    now: () => void run(),
    soon,
    stop: () => {
      clearTimeout(timer);
      running?.abort();
      running = undefined;
    },
  };
}
