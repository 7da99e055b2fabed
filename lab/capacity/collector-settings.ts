import type { CapacityPlan } from '@tracelab/model';

/** What a plan means for a collector's configuration, in its units: rounded up, since this is what a person types. */
export interface CollectorSettings {
  numTraces: number;
  expectedNewTracesPerSecond: number;
  sampler: MemorySettings;
  router: MemorySettings | undefined;
  /** Of our collector's --pending-mebibytes-max, in the bytes that it counts; undefined where those were not measured. */
  pendingMebibytes: number | undefined;
}

/** The memory_limiter refuses spans above limit - spike, and the process holds somewhat more than its heap. */
export interface MemorySettings {
  limitMebibytes: number;
  spikeMebibytes: number;
  /** Of the container. */
  containerMebibytes: number;
}

/** Traces do not arrive evenly: above their mean over the window by so much at times. */
const HEADROOM = 1.2;
/** The default of memory_limiter's spike_limit_mib: a fifth of limit_mib (its README). */
const SPIKE_SHARE = 0.2;
/** "typically the total memory usage of the process will be about 50MiB higher" (memory_limiter's README). */
const BESIDE_HEAP_MEBIBYTES = 50;
const MEBIBYTE = 1024 ** 2;

export function settingsFor({ samplers, routers }: CapacityPlan): CollectorSettings {
  return {
    numTraces: Math.ceil(samplers.traces * HEADROOM),
    expectedNewTracesPerSecond: Math.ceil(samplers.tracesPerSecond),
    sampler: memoryFor(samplers.memoryBytes),
    router: routers === undefined ? undefined : memoryFor(routers.memoryBytes),
    pendingMebibytes:
      samplers.countedBytes === undefined ? undefined : Math.ceil((samplers.countedBytes * HEADROOM) / MEBIBYTE),
  };
}

/** So that what is needed stays below limit - spike. */
function memoryFor(neededBytes: number): MemorySettings {
  const limitMebibytes = Math.ceil(neededBytes / MEBIBYTE / (1 - SPIKE_SHARE));
  const spikeMebibytes = Math.floor(limitMebibytes * SPIKE_SHARE);
  return { limitMebibytes, spikeMebibytes, containerMebibytes: limitMebibytes + BESIDE_HEAP_MEBIBYTES };
}
