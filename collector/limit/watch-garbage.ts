import type { ArrayPool } from '../receive/array-pool.ts';
import { GarbageBound } from './garbage-bound.ts';
import { arrayBytes, createGarbageCollector } from './process-memory.ts';

const CHECK_INTERVAL_MS = 100;
const FORGET_INTERVAL_MS = 60_000;

/** Bounds what a thread holds outside of V8's heap and nobody uses: garbage, and arrays of its pool that a burst has left. Returns what ends it. */
export function watchGarbage(arrays: Pick<ArrayPool, 'byteLength' | 'forgetUnused'>): () => void {
  const bound = new GarbageBound({
    ...createGarbageCollector(),
    arrayBytes,
    knownBytes: () => arrays.byteLength,
  });
  const checking = setInterval(() => void bound.check(), CHECK_INTERVAL_MS).unref();
  const forgetting = setInterval(() => arrays.forgetUnused(), FORGET_INTERVAL_MS).unref();
  return () => {
    clearInterval(checking);
    clearInterval(forgetting);
  };
}
