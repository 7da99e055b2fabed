import { PerformanceObserver } from 'node:perf_hooks';
import { setImmediate as immediate } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { collectYoungGarbage } from '../collect-garbage.ts';

/** After so many tries in which garbage was collected the work is too big for the young generation. */
const TRIES_MAX = 20;

/**
 * Bytes that the work allocates on V8's heap: the used heap grows by exactly them as long as nothing is collected, so a
 * try during which a collection ran counts for nothing. What is allocated outside (the bytes of a buffer) is not in it.
 */
export async function allocatedBytes(work: () => Promise<unknown>): Promise<number> {
  const collections = watchCollections();
  try {
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      collectYoungGarbage();
      await collections.ranSinceAsked();
      const before = getHeapStatistics().used_heap_size;
      await work();
      const bytes = getHeapStatistics().used_heap_size - before;
      if (!(await collections.ranSinceAsked())) return bytes;
    }
  } finally {
    collections.stop();
  }
  throw new RangeError(
    `the work should fit into the young generation: garbage was collected in ${TRIES_MAX} of ${TRIES_MAX} tries`,
  );
}

function watchCollections(): { ranSinceAsked: () => Promise<boolean>; stop: () => void } {
  let count = 0;
  const observer = new PerformanceObserver((list) => {
    count += list.getEntries().length;
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    // Entries reach the observer on the event loop: one turn until they are queued, one until it is called.
    ranSinceAsked: async () => {
      await immediate();
      await immediate();
      const ran = count > 0;
      count = 0;
      return ran;
    },
    stop: () => observer.disconnect(),
  };
}
