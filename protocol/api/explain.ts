/**
 * `GET /api/lab/explain/{traceId}`: why a trace was kept or dropped. 404 where the id is unknown, 410 (`gone`) where it may have been
 * decided before the window of the records that are still there.
 */
export interface ExplainReply {
  traceId: string;
  /** Absent while the trace is not yet decided. */
  explanation?: Explanation;
}

export interface Explanation {
  decision: 'sampled' | 'notSampled' | 'dropped';
  /** The policy that decided: the first that said sampled, or that dropped; empty where nobody said so. */
  decidedBy: string;
  /** What made it be decided when it was: its root and the wait after it, the wait from its first span, a bound of the buffer, its own size, the end of the collector. */
  trigger: 'root' | 'wait' | 'early' | 'size' | 'end';
  /** Only where that was its size: it had grown over `maximum_trace_size_bytes`, and no policy was asked. Bytes of protobuf. */
  tooLarge?: { sizeBytes: number; sizeBytesMax: number };
  decidedAtUnixMs: number;
  /** How long after it was due. */
  lagMs: number;
  policies: PolicyVote[];
  completeness: TraceCompleteness;
  /** R, 14 hex digits: the `rv` of its trace state, else the last of the trace id (W3C trace context level 2); consistent samplers choose by it. */
  randomness: string;
  /** T, hex digits as `th` has them: it was kept iff R >= T. Absent where the probability is unknown, and where nothing would have kept it. */
  threshold?: string;
  /** How many of the traces like this one are kept, 0 to 1; absent where nobody knows. */
  probability?: number;
  /** The policies would have kept it; the store had no room for all of them. */
  isShed: boolean;
  /** Of the policies that voted: the same configuration has the same. */
  configHash: string;
  late: LateSpans;
}

/** In the order in which they were asked. */
export interface PolicyVote {
  name: string;
  type: string;
  /** In words: `longer than 500 ms`. */
  limit: string;
  /** `error`: it could not say, which is no vote. `notAsked`: it was decided before. */
  vote: 'sampled' | 'notSampled' | 'dropped' | 'error' | 'notAsked';
  /** What it looked at, with its unit; empty where there was nothing to look at. */
  observed: string;
  /** T of a choice by randomness, as above; absent of all others. */
  threshold?: string;
  /** Those inside it. */
  policies: PolicyVote[];
}

/** Of the spans that were there when it was decided. */
export interface TraceCompleteness {
  spanCount: number;
  errorCount: number;
  durationNano: string;
  /** Empty where no span without a parent was there. */
  rootService: string;
  rootName: string;
  rootSeen: boolean;
  /** Spans whose parent was not there. */
  missingParents: number;
}

/** Spans that came after the decision, and followed it. */
export interface LateSpans {
  spanCount: number;
  /** Absent where none came. */
  lastAtUnixMs?: number;
}
