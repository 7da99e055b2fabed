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
  /** The last 14 hex digits of the trace id (W3C trace context level 2), which consistent samplers choose by. */
  randomness: string;
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
