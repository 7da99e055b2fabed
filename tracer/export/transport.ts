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

/** What is likely wrong where Node's own words do not say it, by the beginning of an error's code. */
const HINTS = [
  ['EPROTO', 'does this port speak TLS?'],
  ['ERR_HTTP2_ERROR', 'does this port speak gRPC?'],
  ['HPE_', 'does this port speak HTTP?'],
] as const;

/** One line. */
export function describeFailure(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? String(cause.code) : '';
  const hint = HINTS.find(([start]) => code.startsWith(start))?.[1];
  // OpenSSL writes its own source's file and line around the one thing that it has to say.
  const what = /:SSL routines:[^:]*:([^:]+):/.exec(cause.message)?.[1] ?? (cause.message.trim() || cause.name);
  return hint === undefined ? what : `${what} (${hint})`;
}

export const NO_ANSWER = 'no answer within the timeout';
