/** What became of one try to send a batch. `retryable`: by the OTLP rules it may be sent again. */
export type SendOutcome =
  | { kind: 'delivered'; rejectedSpans: number; message: string }
  | { kind: 'retryable'; reason: string; isUnreachable: boolean; retryAfterMs: number | undefined }
  | { kind: 'refused'; reason: string };

/** The way to a collector. */
export interface Transport {
  readonly destination: string;
  /** Never rejects and settles within the timeout. */
  send: (request: Uint8Array, timeoutMs: number) => Promise<SendOutcome>;
  /** Cuts what is under way. */
  close: () => void;
}
