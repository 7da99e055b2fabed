import type { ErrorCode } from '@tracelab/protocol';

/** Thrown by a handler: becomes the status of its code and the error body of protocol/errors.ts. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
