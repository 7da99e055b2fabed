import type { Abort, Fault, Random, Result } from '@tracelab/protocol';
import { accept, createRandom, LIMITS, refuse } from '@tracelab/protocol';
import { sampleDelayMs } from './delay.ts';
import type { FaultTarget } from './match.ts';
import { isTargeted } from './match.ts';

/** What one fault does to one request. */
export interface FaultEffect {
  fault: Fault;
  delayMs?: number;
  abort?: Abort;
}

/** The faults of one service, in the order they were first put; at most `LIMITS.faultsMax`, more are refused. */
export interface FaultSet {
  /** Replaces a fault of the same id, and starts its draws again from its seed. */
  put: (fault: Fault) => Result<Fault>;
  get: (id: string) => Fault | undefined;
  list: () => Fault[];
  delete: (id: string) => boolean;
  clear: () => number;
  /**
   * Draws what happens to a request. Every fault that targets it draws, from a sequence of its own, so that its outcomes
   * repeat whatever other faults there are. Delays add up, the first abort wins; a fault whose abort lost and that has no
   * delay had no effect and is not listed.
   */
  drawEffects: (target: FaultTarget) => FaultEffect[];
}

interface HeldFault {
  fault: Fault;
  random: Random;
}

export function createFaultSet(clock: { nowUnixMs: () => number }): FaultSet {
  const heldById = new Map<string, HeldFault>();

  const dropExpired = (): void => {
    if (heldById.size === 0) return;
    const nowUnixMs = clock.nowUnixMs();
    for (const [id, { fault }] of heldById) {
      if (fault.expiresUnixMs !== undefined && fault.expiresUnixMs <= nowUnixMs) heldById.delete(id);
    }
  };

  const put = (fault: Fault): Result<Fault> => {
    dropExpired();
    if (heldById.size >= LIMITS.faultsMax && !heldById.has(fault.id)) {
      return refuse(`a service holds at most ${LIMITS.faultsMax} faults: delete some first`);
    }
    heldById.set(fault.id, { fault, random: createRandom(fault.seed) });
    return accept(fault);
  };

  const list = (): Fault[] => {
    dropExpired();
    return Array.from(heldById.values(), (held) => held.fault);
  };

  return {
    put,
    list,
    get: (id) => list().find((fault) => fault.id === id),
    delete: (id) => {
      dropExpired();
      return heldById.delete(id);
    },
    clear: () => {
      const count = list().length;
      heldById.clear();
      return count;
    },
    drawEffects: (target) => {
      dropExpired();
      const targeting = [...heldById.values()].filter((held) => isTargeted(held.fault, target));
      return keepFirstAbort(targeting.flatMap(drawEffect));
    },
  };
}

function drawEffect({ fault, random }: HeldFault): FaultEffect[] {
  if (random.next() >= fault.probability) return [];
  return [
    {
      fault,
      ...(fault.delay === undefined ? {} : { delayMs: sampleDelayMs(fault.delay, () => random.next()) }),
      ...(fault.abort === undefined ? {} : { abort: fault.abort }),
    },
  ];
}

function keepFirstAbort(effects: FaultEffect[]): FaultEffect[] {
  const aborting = effects.find((effect) => effect.abort !== undefined);
  return effects.flatMap((effect) => {
    if (effect === aborting || effect.abort === undefined) return [effect];
    return effect.delayMs === undefined ? [] : [{ fault: effect.fault, delayMs: effect.delayMs }];
  });
}
