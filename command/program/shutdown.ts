/** How a process of ours ends: one request to end, from whatever side, then every closer once, the last registered first. */
export interface Shutdown {
  /** Aborted as soon as the end is requested: long work stops at the next safe point and keeps what it has. */
  readonly signal: AbortSignal;
  onEnd: (name: string, close: () => Promise<void> | void) => void;
  /** Asks for the end; a second request while closing ends the process at once, one that comes with the first is the same one. */
  request: (reason: string) => void;
  untilRequested: () => Promise<void>;
  /** Runs the closers, each within the time limit; a failing or stuck one is reported and does not stop the others. */
  close: () => Promise<void>;
}

export interface ShutdownHost {
  report: (text: string) => void;
  /** What a second request does. */
  endAtOnce: () => void;
  /** Starts a timer and gives its cancel. Injected, so that tests own the time. */
  after: (ms: number, act: () => void) => () => void;
  nowMs: () => number;
}

/** npm forwards a Ctrl-C that the terminal has sent to its child already, so one key press arrives twice. */
const SAME_REQUEST_MS = 500;

/** One closer may take this long before the next one is tried. */
const CLOSER_LIMIT_MS = 8000;

export function createShutdown(host: ShutdownHost): Shutdown {
  const controller = new AbortController();
  const closers: { name: string; close: () => Promise<void> | void }[] = [];
  let requestedAtMs = 0;
  const { promise: requested, resolve: markRequested } = Promise.withResolvers<void>();

  return {
    signal: controller.signal,
    onEnd: (name, close) => {
      closers.push({ name, close });
    },
    request: (reason) => {
      if (controller.signal.aborted)
        return host.nowMs() - requestedAtMs < SAME_REQUEST_MS ? undefined : host.endAtOnce();
      requestedAtMs = host.nowMs();
      controller.abort(new Error(reason));
      markRequested();
    },
    untilRequested: () => requested,
    close: async () => {
      for (let closer = closers.pop(); closer !== undefined; closer = closers.pop()) await closeWithin(closer, host);
    },
  };
}

async function closeWithin(
  closer: { name: string; close: () => Promise<void> | void },
  host: ShutdownHost,
): Promise<void> {
  const { promise: expired, resolve: expire } = Promise.withResolvers<'expired'>();
  const cancel = host.after(CLOSER_LIMIT_MS, () => expire('expired'));
  try {
    const outcome = await Promise.race([Promise.resolve(closer.close()), expired]);
    if (outcome === 'expired')
      host.report(`${closer.name} did not end within ${CLOSER_LIMIT_MS / 1000} s: left behind`);
  } catch (error) {
    host.report(`${closer.name} did not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    cancel();
  }
}
