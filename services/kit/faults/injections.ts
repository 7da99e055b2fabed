import type { Injection, InjectionsReply } from '@tracelab/protocol';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { parseTraceparent } from '@tracelab/protocol';

/**
 * Ground truth: what was injected into which request. A ring of the last `capacity`; a reader that comes too late is
 * told how many it missed.
 */
export interface InjectionLog {
  record: (injection: Injection) => void;
  /** Those with a sequence number above `sequence`, oldest first. */
  after: (sequence: number) => InjectionsReply;
}

export function createInjectionLog(instanceId: string, capacity: number): InjectionLog {
  const ring: Injection[] = [];
  let lastSequence = 0;

  return {
    record: (injection) => {
      ring[lastSequence % capacity] = injection;
      lastSequence++;
    },
    after: (sequence) => {
      const oldestKept = Math.max(1, lastSequence - capacity + 1);
      const first = Math.max(oldestKept, sequence + 1);
      const injections: InjectionsReply['injections'] = [];
      for (let number = first; number <= lastSequence; number++) {
        const injection = ring[(number - 1) % capacity];
        if (injection !== undefined) injections.push({ sequence: number, ...injection });
      }
      return { instanceId, injections, lastSequence, missedCount: Math.max(0, oldestKept - sequence - 1) };
    },
  };
}

/**
 * The trace and span a request belongs to: the active server span, else what the caller sent, as for the bank, which
 * nobody instrumented. Empty where there is neither.
 */
export function requestTrace(traceparent: string | undefined): { traceId: string; spanId: string } {
  const active = trace.getActiveSpan()?.spanContext();
  if (active !== undefined && isSpanContextValid(active)) return { traceId: active.traceId, spanId: active.spanId };
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
  return { traceId: parent?.traceId ?? '', spanId: parent?.spanId ?? '' };
}
