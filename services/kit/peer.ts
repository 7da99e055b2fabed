import type { ErrorBody, ErrorCode } from '@tracelab/protocol';
import { ApiError } from '@tracelab/command';
import { ERRORS } from '@tracelab/protocol';

/** Another service as this one calls it. */
export interface Peer {
  /**
   * Sends one request and gives the answer's JSON. Throws an ApiError: what the peer refused for reasons of its business
   * (402, 404, 409) and what it says of services further down (502, 504) pass through unchanged; anything else is
   * `upstream_failed` or, after the time limit, `upstream_timeout`, naming the peer.
   */
  call: <Reply>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) => Promise<Reply>;
}

export interface PeerAddress {
  name: string;
  url: string;
  timeoutMs: number;
}

/** These say something to the end user; a 400 or 500 of a peer is a defect of ours and does not. */
const PASSED_THROUGH: ReadonlySet<ErrorCode> = new Set([
  'not_found',
  'unknown_product',
  'out_of_stock',
  'payment_declined',
  'upstream_failed',
  'upstream_timeout',
]);

export function createPeer(address: PeerAddress): Peer {
  return {
    call: async <Reply>(method: string, path: string, body?: unknown) => {
      const { status, text } = await exchange(address, method, path, body);
      const value = parseJson(text);
      // Our own services answer as declared: the shape is theirs to keep, the parse boundary is theirs too.
      if (status >= 200 && status < 300 && value !== undefined) return value as Reply;
      throw failureOf(address.name, status, value);
    },
  };
}

async function exchange(
  address: PeerAddress,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(address.url + path, {
      method,
      signal: AbortSignal.timeout(address.timeoutMs),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new ApiError('upstream_timeout', `${address.name} did not answer within ${address.timeoutMs} ms`, {
        cause: error,
      });
    }
    throw new ApiError('upstream_failed', `${address.name} cannot be reached: ${reasonOf(error)}`, { cause: error });
  }
}

function failureOf(name: string, status: number, value: unknown): ApiError {
  const own = isErrorBody(value) ? value.error : undefined;
  if (own !== undefined && PASSED_THROUGH.has(own.code) && ERRORS[own.code].status === status) {
    return new ApiError(own.code, own.message);
  }
  const said = own === undefined ? '' : `: ${own.message}`;
  return new ApiError('upstream_failed', `${name} answered ${status}${said}`);
}

function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== 'object' || value === null || !('error' in value)) return false;
  const error = value.error;
  if (typeof error !== 'object' || error === null || !('code' in error) || !('message' in error)) return false;
  return typeof error.code === 'string' && Object.hasOwn(ERRORS, error.code) && typeof error.message === 'string';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch says only "fetch failed"; what happened is the code of its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
