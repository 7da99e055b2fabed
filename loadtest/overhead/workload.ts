import { freePorts } from '@tracelab/command';
import { SERVICES } from '@tracelab/protocol';
import { chooseCheckouts } from '../attack/choose-requests.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ClosedLoad } from './closed-loop.ts';
import { startCopies, type ProcessSet, type SetSurroundings } from './process-set.ts';
import { planCheckout, planHop } from './program-plan.ts';
import type { ShopWorkloadName, WorkloadName } from './result.ts';
import type { Variant } from './variant.ts';

/** A load that can be measured: which processes it needs, and what is sent to them. */
export interface Workload {
  name: WorkloadName;
  /** For people: what a request passes through. */
  path: string;
  processesPerSet: number;
  start: (variant: Variant, at: SetSurroundings) => Promise<ProcessSet>;
  /** The same list for every variant, so that none gets cheaper work. */
  requests: (entryUrl: string) => Promise<ClosedLoad['requests']>;
}

/** Different carts. */
const CHECKOUTS = 200;

export const WORKLOADS: Readonly<Record<ShopWorkloadName, Workload>> = {
  hop: {
    name: 'hop',
    path: 'front -> fetch -> back, two processes that do nothing else',
    processesPerSet: 2,
    start: async (variant, at) => startCopies(planHop(variant, await freePorts(2)), at),
    requests: async () => [{ method: 'GET', path: '/' }],
  },
  checkout: {
    name: 'checkout',
    path: 'POST /checkout through the six services and the bank, seven processes',
    processesPerSet: SERVICES.length,
    start: async (variant, at) => startCopies(planCheckout(variant, await freePorts(SERVICES.length)), at),
    requests: async (entryUrl) => {
      const next = await chooseCheckouts(entryUrl, seededRandom(CHECKOUTS));
      return Array.from({ length: CHECKOUTS }, next);
    },
  },
};
