import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { errorBody, LIMITS, type ErrorCode } from '@tracelab/protocol';

/**
 * For every server of ours: how long a request may take to arrive (a sender that stops in the middle would hold its
 * connection for ever), and what it is told where it cannot be read as HTTP at all.
 */
export function connectionOptions(arrivalMsMax: number = LIMITS.requestArrivalMsMax): {
  requestTimeout: number;
  http: { connectionsCheckingInterval: number; headersTimeout: number };
  clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => void;
} {
  return {
    requestTimeout: arrivalMsMax,
    http: {
      // Node looks at its connections every 30 s of its own accord.
      connectionsCheckingInterval: Math.min(arrivalMsMax, CHECKING_INTERVAL_MS),
      // Of the two limits Node applies the longer one to the body, whatever their names.
      headersTimeout: Math.min(arrivalMsMax, HEADERS_MS_MAX),
    },
    clientErrorHandler: (error, socket) => answerUnreadable(explain(error, arrivalMsMax), socket),
  };
}

const CHECKING_INTERVAL_MS = 30_000;
const HEADERS_MS_MAX = 30_000;

interface Refusal {
  status: number;
  code: ErrorCode;
  message: string;
}

function explain(error: Error & { code?: string }, arrivalMsMax: number): Refusal {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: 408,
        code: 'bad_request',
        message: `a request should arrive within ${arrivalMsMax} ms: send it again`,
      };
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        code: 'too_large',
        message: 'the request line and headers should have at most 16384 bytes',
      };
    default:
      return { status: 400, code: 'bad_request', message: `the request should be HTTP/1.1: ${error.message}` };
  }
}

/** No handler ever sees such a request: the answer is written on the connection itself, which then ends. */
function answerUnreadable({ status, code, message }: Refusal, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(code, message));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
