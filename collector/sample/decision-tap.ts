import type { TraceView } from './buffer/trace-view.ts';
import type { Ruling } from './policies/policy.ts';
import type { TraceFacts } from './trace-facts.ts';

/** Why a trace was decided when it was: its root and the wait after it, the wait from its first span, a bound of the buffer, its own size, the end of the process. */
export type Trigger = 'root' | 'wait' | 'early' | 'size' | 'end';

export interface Outcome {
  ruling: Ruling;
  trigger: Trigger;
  /** How long after it was due; 0 where it was not: early, too large, or at the end. */
  lagMs: number;
  facts: TraceFacts;
  /** Where the trigger is `size`: no policy was asked. */
  tooLarge?: TooLarge | undefined;
}

/** Both in bytes of protobuf. */
export interface TooLarge {
  sizeBytes: number;
  sizeBytesMax: number;
}

/** Sees every decided trace, kept or dropped, while its spans are still there. */
export interface DecisionTap {
  decided: (trace: TraceView, outcome: Outcome) => void;
  /** Spans that came after the decision and followed it. */
  late: (part: TraceView, ruling: Ruling) => void;
}
