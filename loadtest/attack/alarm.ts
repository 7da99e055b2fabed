import { Worker } from 'node:worker_threads';

/** Wakes this thread at a time of `monotonicMs`. */
export interface Alarm {
  at: (timeMs: number) => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Precise to about a tenth of a millisecond, where timers know whole milliseconds only: a thread of its own sleeps until
 * the time, so that nothing spins on a core that the target needs. One sleeper: a second `at` waits for the first.
 */
export function createAlarm(): Alarm {
  const worker = new Worker(new URL('./alarm-worker.ts', import.meta.url));
  const waiting: (() => void)[] = [];
  worker.on('message', () => waiting.shift()?.());
  return {
    at: (timeMs) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push(resolve);
      worker.postMessage(timeMs, []);
      return promise;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}
