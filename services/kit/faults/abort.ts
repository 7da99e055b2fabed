import type { Abort, ErrorBody, ErrorCode } from '@tracelab/protocol';
import { assertNever, ERRORS, errorBody } from '@tracelab/protocol';
import type { FastifyReply } from 'fastify';

/** Ends a request as the fault says: an error answer, or a connection destroyed without one. */
export function abortRequest(abort: Abort, faultId: string, reply: FastifyReply): void {
  switch (abort.kind) {
    case 'status':
      reply.code(abort.status).send(abortBody(abort.status, faultId));
      return;
    case 'reset':
      reply.hijack();
      reply.raw.socket?.resetAndDestroy();
      return;
    default:
      assertNever(abort);
  }
}

function abortBody(status: number, faultId: string): ErrorBody {
  return errorBody(codeForStatus(status), `the lab failed this request on purpose (fault "${faultId}")`);
}

/** Our own code where the status has one, so that a caller treats the injected answer as it would a real one. */
function codeForStatus(status: number): ErrorCode {
  const known = Object.entries(ERRORS).find(([, row]) => row.status === status);
  if (known !== undefined) return known[0] as ErrorCode;
  return status >= 500 ? 'internal' : 'bad_request';
}
