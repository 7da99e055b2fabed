import { LIMITS } from '@tracelab/protocol';
import type { Injection, InjectionsReply, RecordedInjection } from '@tracelab/protocol';

/** `GET /_lab/injections?after=N` of the control: as that of a service, over all services, in the order of arrival. */
export interface CollectedInjections extends InjectionsReply {
  /** Overwritten in a service before they came here. What a service had not told when it died nobody can count. */
  lostCount: number;
}

/** The ground truth of all services in one sequence. At the bound the oldest is overwritten and counted as missed. */
export interface InjectionRing {
  add: (injections: readonly Injection[], lostCount: number) => void;
  after: (sequence: number) => CollectedInjections;
}

export function createInjectionRing(
  instanceId: string,
  injectionsMax: number = LIMITS.injectionsKeptMax,
): InjectionRing {
  const ring: RecordedInjection[] = [];
  let lastSequence = 0;
  let lostCount = 0;
  return {
    add: (injections, lost) => {
      lostCount += lost;
      for (const injection of injections) {
        ring[lastSequence % injectionsMax] = { ...injection, sequence: lastSequence + 1 };
        lastSequence++;
      }
    },
    after: (sequence) => {
      const oldestKept = Math.max(1, lastSequence - injectionsMax + 1);
      const injections = ring
        .filter((injection) => injection.sequence > sequence)
        .sort((a, b) => a.sequence - b.sequence);
      return { instanceId, injections, lastSequence, missedCount: Math.max(0, oldestKept - sequence - 1), lostCount };
    },
  };
}
