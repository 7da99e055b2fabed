import type { ArrayPool } from '../receive/array-pool.ts';
import { GarbageBound } from './garbage-bound.ts';
import { createGarbageCollector, externalBytes } from './process-memory.ts';

const CHECK_INTERVAL_MS = 100;

/** Bounds the garbage of this thread beside what its requests lie in. Returns what ends it. */
export function watchGarbage(arrays: Pick<ArrayPool, 'byteLength'>): () => void {
  const collectGarbage = createGarbageCollector();
  const bound = new GarbageBound({ externalBytes, knownBytes: () => arrays.byteLength, collectGarbage });
  const checking = setInterval(() => void bound.check(), CHECK_INTERVAL_MS).unref();
  return () => clearInterval(checking);
}
