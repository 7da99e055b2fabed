/** What crosses the seam from sample to store: a decided trace, or what came late for one, as numbers and OTLP bytes. */
export interface DecidedTrace {
  traceId: string;
  /** An encoded TracesData with nothing but spans of this trace. */
  bytes: Uint8Array;
  spanCount: number;
  errorCount: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  /** Of the earliest span without a parent; absent where none has arrived. */
  root: TraceRoot | undefined;
  operations: OperationCount[];
}

export interface TraceRoot {
  service: string;
  name: string;
  startTimeUnixNano: bigint;
}

export interface OperationCount {
  service: string;
  operation: string;
  spanCount: number;
  errorCount: number;
}

/** Where decided traces go. `hasRoom` is asked before a decision, so that a full store delays it and loses nothing. */
export interface DecidedTraceSink {
  hasRoom: () => boolean;
  /** Resolves when there is room, or when there will never be again. */
  untilRoom: () => Promise<void>;
  /** Takes it in any case: whoever could wait has asked before. */
  accept: (trace: DecidedTrace) => void;
  /** How much of what may wait there does, from 0 to 1. */
  fullness: () => number;
}

/** Above it a sampler may take the store for one that falls behind, and shed. */
export const FULLNESS_CALM = 0.5;
