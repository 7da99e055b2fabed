import { isRecord, LIMITS } from '@tracelab/protocol';
import type { Fault, FaultSpec, ServiceName } from '@tracelab/protocol';

/** What the control makes up for a fault: the time, and a seed where none was given. Injected, so that tests own both. */
export interface FaultClock {
  nowUnixMs: () => number;
  randomSeed: () => number;
}

/** The faults that shall be in force, whatever the services have at the moment. At the bound a new one is refused. */
export interface WantedFaults {
  /** True where `id` could be stored now: it replaces its namesake, or there is room. */
  hasRoomFor: (id: string) => boolean;
  /**
   * Keeps a place for `id` while its service is asked, so that many at once cannot go beyond the bound; gives the way to
   * give it back. Undefined where there is no room.
   */
  reserve: (id: string) => (() => void) | undefined;
  set: (fault: Fault) => void;
  get: (id: string) => Fault | undefined;
  /** In the order in which they were first added. */
  list: () => Fault[];
  listFor: (service: ServiceName) => Fault[];
  delete: (id: string) => boolean;
}

export function createWantedFaults(clock: FaultClock, faultsMax: number = LIMITS.faultsMax): WantedFaults {
  const faults = new Map<string, Fault>();
  const reservations = new Map<symbol, string>();
  const dropExpired = (): void => {
    const now = clock.nowUnixMs();
    for (const fault of faults.values())
      if (fault.expiresUnixMs !== undefined && fault.expiresUnixMs <= now) faults.delete(fault.id);
  };
  const list = (): Fault[] => {
    dropExpired();
    return [...faults.values()];
  };
  const hasRoomFor = (id: string): boolean => {
    dropExpired();
    const taken = new Set([...faults.keys(), ...reservations.values()]);
    return taken.has(id) || taken.size < faultsMax;
  };
  return {
    hasRoomFor,
    reserve: (id) => {
      if (!hasRoomFor(id)) return undefined;
      const key = Symbol(id);
      reservations.set(key, id);
      return () => reservations.delete(key);
    },
    set: (fault) => {
      faults.set(fault.id, fault);
    },
    get: (id) => {
      dropExpired();
      return faults.get(id);
    },
    list,
    listFor: (service) => list().filter((fault) => fault.service === service),
    delete: (id) => faults.delete(id),
  };
}

/** Decides what the request left open. The seed is decided here, so that a restarted service repeats the same draws. */
export function completeFault(id: string, spec: FaultSpec, clock: FaultClock): Fault {
  const createdUnixMs = clock.nowUnixMs();
  const fault: Fault = {
    ...spec,
    id,
    probability: spec.probability ?? 1,
    seed: spec.seed ?? clock.randomSeed(),
    createdUnixMs,
  };
  if (spec.durationMs !== undefined) fault.expiresUnixMs = createdUnixMs + spec.durationMs;
  return fault;
}

/**
 * True where the service holds this very fault. Times are not compared: sending a fault again starts its draws again, so
 * that it happens only where what the fault does has changed.
 */
export function isSameFault(wanted: Fault, held: Fault): boolean {
  return canonical(withoutTimes(wanted)) === canonical(withoutTimes(held));
}

function withoutTimes(fault: Fault): object {
  const { createdUnixMs: _created, expiresUnixMs: _expires, durationMs: _duration, ...rest } = fault;
  return rest;
}

/** JSON with sorted keys: two objects with equal members give equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isRecord(member) ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member,
  );
}
