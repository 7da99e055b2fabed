/** HTTP of the collector's query side under /api/lab. Times and durations are nanoseconds as decimal text (JSON has no 64-bit integers). */
export interface TraceSummary {
  traceId: string;
  /** Empty while the root has not arrived. */
  rootService: string;
  rootName: string;
  startTimeUnixNano: string;
  durationNano: string;
  spanCount: number;
  errorCount: number;
  services: ServiceSpanCount[];
  /** Not yet decided: more spans may arrive, and the trace may yet be sampled out. */
  pending: boolean;
}

export interface ServiceSpanCount {
  service: string;
  spanCount: number;
  errorCount: number;
}

/**
 * `GET /api/lab/traces`: query parameters service, operation, minDurationMs, maxDurationMs, error (true), attribute
 * (repeatable, `key=value`), startUnixMs, endUnixMs, limit (1 to 500, default 50). Newest first. `pending` traces are not searched.
 */
export interface TraceSearchReply {
  traces: TraceSummary[];
  /** True where the scan for attributes stopped at its bound before the whole time range was read, or met a trace too large to be read. */
  truncated: boolean;
}

/** `GET /api/lab/traces/{id}`: the spans as OTLP JSON under `trace`. 404 where it is unknown. */
export interface TraceReply {
  traceId: string;
  pending: boolean;
  trace: unknown;
}

/** `GET /api/lab/services` and `GET /api/lab/services/{service}/operations`. */
export interface ServicesReply {
  services: string[];
}

export interface OperationsReply {
  operations: string[];
}

/** `GET /api/lab/events` is a server-sent event stream; each `stored` event carries this, at most four a second. */
export interface StoredEvent {
  tracesStored: number;
  newestStartTimeUnixNano: string;
}

/**
 * `GET /api/lab/ledger`, in spans, over all lives of the collector on its data folder: received = rejected + pending + sampledOut + dropped + kept;
 * kept = stored + storeQueued + storeDropped + storeLost.
 */
export interface Ledger {
  /** When it began to count. */
  sinceUnixMs: number;
  received: number;
  rejected: number;
  pending: number;
  sampledOut: number;
  droppedDuplicate: number;
  droppedOverflow: number;
  /** Undecided when the collector ended, under `drop_pending_traces_on_shutdown`. */
  droppedAtEnd: number;
  /** Pending when a process without a write-ahead log ended. */
  droppedLost: number;
  kept: number;
  stored: number;
  storeQueued: number;
  storeDropped: number;
  /** Queued for the store when a process without a write-ahead log ended. */
  storeLost: number;
}

/** Of a collector that has seen nothing. */
export const EMPTY_LEDGER: Readonly<Omit<Ledger, 'sinceUnixMs'>> = {
  received: 0,
  rejected: 0,
  pending: 0,
  sampledOut: 0,
  droppedDuplicate: 0,
  droppedOverflow: 0,
  droppedAtEnd: 0,
  droppedLost: 0,
  kept: 0,
  stored: 0,
  storeQueued: 0,
  storeDropped: 0,
  storeLost: 0,
};
