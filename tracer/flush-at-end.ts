import type { TracerHandle } from './start.ts';

/** A process without handlers of its own dies by the signal at most this much later. */
const FLUSH_AT_END_MS = 2000;
/** While an application ends by its own handlers, what ends meanwhile goes out this often: it may call process.exit any time. */
const FLUSH_EVERY_MS = 100;
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Gets the last spans out. At a natural end and at SIGTERM or SIGINT it flushes. Where the application listens for the
 * signal too, the application stays in control and spans only go out sooner; where it does not, the process dies by the
 * same signal as it would without us, after the flush or two seconds. A process.exit() cannot be waited for.
 */
export function flushAtProcessEnd(host: NodeJS.Process, handle: TracerHandle): void {
  host.on('beforeExit', () => {
    if (handle.switch.counts().spansQueued > 0) void handle.shutdown(FLUSH_AT_END_MS);
  });
  let isEnding = false;
  for (const signal of SIGNALS) {
    const onSignal = (): void => {
      const hasOtherListeners = host.listenerCount(signal) > 1;
      if (hasOtherListeners && !isEnding) flushOften(handle);
      isEnding = true;
      if (!hasOtherListeners) void handle.shutdown(FLUSH_AT_END_MS).finally(() => dieBy(signal));
    };
    const dieBy = (signal: NodeJS.Signals): void => {
      host.removeListener(signal, onSignal);
      host.kill(host.pid, signal);
    };
    host.on(signal, onSignal);
  }
}

/** Short flushes, since a pending one keeps the process alive. */
function flushOften(handle: TracerHandle): void {
  const flush = (): void => void handle.forceFlush(FLUSH_EVERY_MS);
  flush();
  setInterval(flush, FLUSH_EVERY_MS).unref();
}
