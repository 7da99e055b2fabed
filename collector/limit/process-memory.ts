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

/** Of this thread, what lies outside of V8's heap on its account. */
export function externalBytes(): number {
  return getHeapStatistics().external_memory;
}

/** Of this thread. Costs about 5 ms where little is alive, since the waiting spans are no objects. */
export function createGarbageCollector(): () => Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return async () => {
    collect();
    // The bytes of what was freed leave the account at the end of the turn.
    await turn();
  };
}
