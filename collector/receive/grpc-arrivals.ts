import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { LIMITS, RpcCode } from '@tracelab/protocol';
import type { ReceiveLedger } from './receive-ledger.ts';

export interface ArrivalLimits {
  /** Calls whose message is on its way at the same time. @default 8 */
  arrivingMax?: number;
  /** How long a message may take to arrive. @default LIMITS.requestArrivalMsMax */
  arrivalMsMax?: number;
}

const ARRIVING_MAX = 8;

/**
 * The library shows a message only when it is whole, so the budget cannot see one that is still on its way. Therefore few may be on their
 * way at once; the other calls wait unread, held back by HTTP/2's flow control, in the order in which they came. A call that ends before
 * its message was there (too large, not decompressible, cut off) is counted here: no handler ever sees it.
 */
export function createArrivalLimit(
  ledger: ReceiveLedger,
  { arrivingMax = ARRIVING_MAX, arrivalMsMax = LIMITS.requestArrivalMsMax }: ArrivalLimits = {},
): ServerInterceptor {
  let arriving = 0;
  const waiting = new Set<() => void>();

  const leave = (): void => {
    arriving--;
    const [next] = waiting;
    if (next !== undefined && waiting.delete(next)) next();
  };

  return (_method, call) => {
    let state: 'waiting' | 'arriving' | 'ended' = 'waiting';
    let hasMessage = false;
    let limit: NodeJS.Timeout | undefined;
    let read = (): void => {};
    const enter = (): void => {
      arriving++;
      state = 'arriving';
      const details = `a request should arrive within ${arrivalMsMax} ms: send it again`;
      limit = setTimeout(() => call.sendStatus({ code: RpcCode.deadlineExceeded, details }), arrivalMsMax);
      read();
    };
    const end = (isWhole: boolean): void => {
      if (state === 'ended') return;
      clearTimeout(limit);
      if (!isWhole)
        ledger.countRefusedBody(state === 'waiting' ? { kind: 'noBudget' } : { kind: 'malformed', reason: '' });
      if (state === 'waiting') waiting.delete(enter);
      else leave();
      state = 'ended';
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          // Nothing of the message is read before this goes on.
          onReceiveMetadata: (metadata, next) => {
            read = () => next(metadata);
            if (arriving < arrivingMax) enter();
            else waiting.add(enter);
          },
          onReceiveMessage: (message, next) => {
            hasMessage = true;
            next(message);
          },
          onReceiveHalfClose: (next) => {
            end(hasMessage);
            next();
          },
          onCancel: () => end(false),
        }),
    });
  };
}
