/** What became of one try to send a batch. `retryable`: by the OTLP rules it may be sent again. */
export type SendOutcome =
  | { kind: 'delivered'; rejectedSpans: number; message: string }
  | { kind: 'retryable'; reason: string; isUnreachable: boolean; retryAfterMs: number | undefined }
  | { kind: 'refused'; reason: string };

/** The way to a collector. */
export interface Transport {
  readonly destination: string;
  /** Takes an ExportTraceServiceRequest in protobuf. Never rejects and settles within the timeout. */
  send: (request: Uint8Array, timeoutMs: number) => Promise<SendOutcome>;
  /** Cuts what is under way. */
  close: () => void;
}

/** A collector that could not be asked or did not answer to the end: OTLP lets the batch be sent again. */
export function unreachable(reason: string): SendOutcome {
  return { kind: 'retryable', reason, isUnreachable: true, retryAfterMs: undefined };
}

export function describeFailure(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause);
}

export const NO_ANSWER = 'no answer within the timeout';
