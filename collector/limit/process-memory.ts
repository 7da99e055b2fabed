import { totalmem } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';
import { getHeapStatistics, setFlagsFromString, type HeapInfo } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Of the machine, or what the process's cgroup may have. */
export function totalMemoryBytes(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** V8's heap and what lies outside it on its account (the bytes of spans that wait): it falls when garbage is collected, which resident memory need not. */
export function usedHeapBytes({ used_heap_size, external_memory }: HeapInfo = getHeapStatistics()): number {
  return used_heap_size + external_memory;
}

/** Of this thread: what its arrays hold outside of V8's heap. V8's own account has what was new for longer than the memory itself. */
export function arrayBytes(): number {
  return process.memoryUsage().arrayBuffers;
}

export interface GarbageCollector {
  /** What is new and already unused: takes as long as what is new and in use has to be copied. */
  collectYoung: () => Promise<void>;
  /** Costs about 5 ms where little is alive, since the waiting spans are no objects. */
  collectAll: () => Promise<void>;
}

/** Of this thread. */
export function createGarbageCollector(): GarbageCollector {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'minor' | 'major' }) => void;
  const run = async (type: 'minor' | 'major'): Promise<void> => {
    collect({ type });
    // The bytes of what was freed leave the account at the end of the turn.
    await turn();
  };
  return { collectYoung: () => run('minor'), collectAll: () => run('major') };
}
