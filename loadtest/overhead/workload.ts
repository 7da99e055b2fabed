import { freePorts } from '@tracelab/command';
import { SERVICES } from '@tracelab/protocol';
import { chooseCheckouts } from '../attack/choose-requests.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ClosedLoad, RunLoad } from './closed-loop.ts';
import { startCopies, type Copies, type ProcessSet, type SetSurroundings } from './process-set.ts';
import { planCheckout, planHop } from './program-plan.ts';
import type { Design, ShopWorkloadName, WorkloadName } from './result.ts';
import type { Variant } from './variant.ts';

/** A load that can be measured: which processes it needs, and what is sent to them. */
export interface Workload {
  name: WorkloadName;
  /** For people: what a request passes through. */
  path: string;
  /** Absent where a service of somebody else starts as many as it likes. */
  processesPerSet?: number;
  /** @default 'side by side' */
  design?: Design;
  start: (variant: Variant, at: SetSurroundings) => Promise<ProcessSet>;
  /** The same list for every variant, so that none gets cheaper work. */
  requests: (entryUrl: string) => Promise<ClosedLoad['requests']>;
  /** How a block is sent. @default runClosedLoop */
  runLoad?: RunLoad;
}

interface ShopWorkload extends Workload {
  processesPerSet: number;
  start: (variant: Variant, at: SetSurroundings) => Promise<Copies>;
}

/** Different carts. */
const CHECKOUTS = 200;

export const WORKLOADS: Readonly<Record<ShopWorkloadName, ShopWorkload>> = {
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
