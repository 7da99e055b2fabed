import { parentPort } from 'node:worker_threads';
import { monotonicMs } from './monotonic-clock.ts';

/** Sleeps until each time that it is sent, then says so. Nobody ever notifies the cell: only its time limit is used. */
const cell = new Int32Array(new SharedArrayBuffer(4));

parentPort?.on('message', (timeMs: number) => {
  const leftMs = timeMs - monotonicMs();
  if (leftMs > 0) Atomics.wait(cell, 0, 0, leftMs);
  parentPort?.postMessage(undefined, []);
});
