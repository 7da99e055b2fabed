/** What the propagators left out of what they were given, since the process started. */
export interface PropagationCounts {
  /** Members of baggage that were malformed, beyond the limits, or not expressible in a header; in or out. */
  baggageMembersDropped: number;
  /** Requests whose traceparent and B3 headers named different spans or decisions; traceparent was believed. */
  traceContextConflicts: number;
}

export function createPropagationCounts(): PropagationCounts {
  return { baggageMembersDropped: 0, traceContextConflicts: 0 };
}
