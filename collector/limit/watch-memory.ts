import type { MemoryLimiterConfig } from '../config/collector-config.ts';
import type { Overload } from '../receive/take-request.ts';
import { MemoryLimiter } from './memory-limiter.ts';
import { createGarbageCollector, totalMemoryBytes } from './process-memory.ts';

export interface MemoryWatch {
  overload: () => Overload | undefined;
  stop: () => void;
}

/** Checks at every interval; where the configuration has no limiter it does nothing. */
export function watchMemory(
  config: MemoryLimiterConfig | undefined,
  effects: {
    usedBytes: () => Promise<number>;
    /** Of memory that is kept to be used again, before garbage is collected. */
    letGo: () => void;
    report: (message: string) => void;
  },
): MemoryWatch {
  if (config === undefined) return { overload: () => undefined, stop: () => {} };
  const { collectAll } = createGarbageCollector();
  const limiter = new MemoryLimiter(config, {
    ...effects,
    totalBytes: totalMemoryBytes(),
    collectGarbage: () => {
      effects.letGo();
      return collectAll();
    },
    nowMs: () => performance.now(),
  });
  const checking = setInterval(() => void limiter.check(), config.checkIntervalMs);
  return { overload: () => limiter.overload(), stop: () => clearInterval(checking) };
}
