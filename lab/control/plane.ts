import { randomUUID } from 'node:crypto';
import { SERVICES } from '@tracelab/protocol';
import type { ProcessReport, ServiceName } from '@tracelab/protocol';
import type { ProcessName } from '../processes.ts';
import { createInjectionRing } from './injection-ring.ts';
import type { InjectionRing } from './injection-ring.ts';
import { createLoadLink, reconcileLoad } from './load-link.ts';
import type { LoadLink } from './load-link.ts';
import { collectInjections, reconcile } from './reconcile.ts';
import type { Report } from './reconcile.ts';
import { createServiceLink } from './service-link.ts';
import type { ServiceLink } from './service-link.ts';
import { shareRounds } from './share-rounds.ts';
import { createWantedFaults } from './wanted-faults.ts';
import type { FaultClock } from './wanted-faults.ts';
import type { WantedState } from './wanted-state.ts';

export interface PlaneOptions {
  serviceUrls: Readonly<Record<ServiceName, string>>;
  /** Undefined in a lab without shoppers. */
  loadUrl: string | undefined;
  /** LAB_CONTROL_TOKEN: asked of callers and shown to the services. Empty: loopback only. */
  token: string;
  clock: FaultClock;
  report: Report;
  /** What the supervisor knows of the processes; undefined where the control runs alone, as in compose. */
  supervised: (() => ProcessReport[]) | undefined;
}

/** The control plane: the wanted state, and the links to the processes that are kept in it. */
export interface ControlPlane {
  readonly wanted: WantedState;
  readonly links: ReadonlyMap<ServiceName, ServiceLink>;
  readonly load: LoadLink | undefined;
  readonly injections: InjectionRing;
  readonly options: PlaneOptions;
  /** Brings one process to the wanted state now: the supervisor calls it when the process is back. */
  nudge: (name: ProcessName) => Promise<void>;
  /** Compares and mends every process once, and collects the ground truth. Whoever asks meanwhile shares the next round. */
  refresh: () => Promise<void>;
}

export function createPlane(options: PlaneOptions): ControlPlane {
  const wanted: WantedState = {
    faults: createWantedFaults(options.clock),
    tracing: undefined,
    clockOffsetsMs: new Map(),
    load: undefined,
  };
  const links = new Map(
    SERVICES.map((service) => [service, createServiceLink(service, options.serviceUrls[service], options.token)]),
  );
  const load = options.loadUrl === undefined ? undefined : createLoadLink(options.loadUrl, options.token);
  const injections = createInjectionRing(randomUUID());
  const refreshLink = async (link: ServiceLink): Promise<void> => {
    await reconcile(link, wanted, options.report);
    await collectInjections(link, injections);
  };
  const refreshLoad = async (): Promise<void> => {
    if (load !== undefined) await reconcileLoad(load, wanted, options.report);
  };
  return {
    wanted,
    links,
    load,
    injections,
    options,
    nudge: async (name) => {
      const link = links.get(name as ServiceName);
      if (link !== undefined) await refreshLink(link);
      else if (name === 'load') await refreshLoad();
    },
    refresh: shareRounds(async () => {
      await Promise.all([...[...links.values()].map(refreshLink), refreshLoad()]);
    }),
  };
}
