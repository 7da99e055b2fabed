/** Every error that an HTTP API of ours answers with: its status, what it means, and what the caller can do. */
export const ERRORS = {
  bad_request: { status: 400, meaning: 'the request is malformed', remedy: 'send what the message says is allowed' },
  unauthorized: {
    status: 401,
    meaning: 'the bearer token is missing or wrong',
    remedy: 'send LAB_CONTROL_TOKEN as a bearer token',
  },
  forbidden: {
    status: 403,
    meaning: 'the caller is not on this machine and no token is set',
    remedy: 'call from loopback, or set LAB_CONTROL_TOKEN',
  },
  not_found: { status: 404, meaning: 'there is nothing at this address', remedy: 'see the paths in the message' },
  unknown_product: { status: 404, meaning: 'the shop does not sell this sku', remedy: 'take a sku from GET /products' },
  method_not_allowed: {
    status: 405,
    meaning: 'the path exists, not for this method',
    remedy: 'use a method from the Allow header',
  },
  out_of_stock: {
    status: 409,
    meaning: 'there is not enough stock for the order',
    remedy: 'order less, or wait for the restock',
  },
  payment_declined: { status: 402, meaning: 'the bank declined the charge', remedy: 'use another card' },
  gone: {
    status: 410,
    meaning: 'it may have been there, and is older than what is kept',
    remedy: 'ask sooner, or keep more: the message says what is kept',
  },
  too_large: {
    status: 413,
    meaning: 'the body is over the limit, before or after decompression, or what was asked for is',
    remedy: 'send less at a time',
  },
  unsupported_media_type: {
    status: 415,
    meaning: 'the content type or encoding is not one of ours',
    remedy: 'use a type the message names',
  },
  internal: { status: 500, meaning: 'a defect of ours', remedy: 'see the log of the service that the message names' },
  not_supported: {
    status: 501,
    meaning: 'this part does not do that yet, or not in this process',
    remedy: 'see the message',
  },
  upstream_failed: {
    status: 502,
    meaning: 'a service further down failed',
    remedy: 'open the trace: the message names the service',
  },
  overloaded: { status: 503, meaning: 'no room for more just now', remedy: 'retry after the time in Retry-After' },
  upstream_timeout: {
    status: 504,
    meaning: 'a service further down did not answer in time',
    remedy: 'open the trace: the message names the service',
  },
} as const satisfies Record<string, { status: number; meaning: string; remedy: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** The body of every error answer of our own APIs (OTLP and other people's APIs have bodies of their own). */
export interface ErrorBody {
  error: { code: ErrorCode; message: string };
}

export function errorBody(code: ErrorCode, message: string): ErrorBody {
  return { error: { code, message } };
}
