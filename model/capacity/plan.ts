import { BUSIEST_SHARE, tierFor, type Tier } from './replicas.ts';
import { storageOf, type Storage, type StoragePolicy } from './storage.ts';
import { tailBufferOf, type TailBuffer } from './tail-buffer.ts';
import { flowsOf, sampleFlow, type Flow, type Stage, type TrafficRow } from './traffic.ts';

/** What one collector costs, as it was measured with spans of `spanBytes` on the wire. */
export interface CollectorFigures {
  spanBytes: number;
  /** One span received, sampled, kept and passed on. */
  cpuUsPerSpan: number;
  /** One span that only passes, from the applications to its sampler; undefined where the collector has no router. */
  routerCpuUsPerSpan?: number;
  /** Resident, with nothing to do. */
  idleBytes: number;
  /** Resident, for each span that waits for its decision. */
  bytesPerBufferedSpan: number;
  /** What the collector itself counts for such a span, where it bounds bytes. */
  countedBytesPerSpan?: number;
  /** Of the loop that decides: a trace waits up to so much longer than the window. */
  tickS: number;
}

export interface CapacityDemand {
  rows: readonly TrafficRow[];
  /** Traces that begin in a second, on average. */
  tracesPerSecond: number;
  /** Shares from above 0 to 1: of all traces those that are sampled at their root, and of these what tail sampling keeps. */
  headRate: number;
  tailKeep: number;
  windowS: number;
  storage: StoragePolicy;
  collector: CollectorFigures;
  /** How much of its one core a replica may be asked for, from above 0 to 1. */
  utilisationMax: number;
}

export interface CapacityPlan {
  average: { head: Stage; tail: Stage };
  peak: { head: Stage; tail: Stage };
  buffer: TailBuffer;
  samplers: Tier & SamplerSize;
  /** Undefined where the collector has none. */
  routers: RouterTier | undefined;
  storage: Storage;
}

export type RouterTier = Tier & { cores: number; memoryBytes: number };

/** Of the busiest sampler, at the peak, after the loss of another. */
export interface SamplerSize {
  spansPerSecond: number;
  tracesPerSecond: number;
  traces: number;
  cores: number;
  /** What it needs: at rest, and for the spans that wait. */
  memoryBytes: number;
  /** Of the waiting spans what the collector counts itself, where it counts bytes. */
  countedBytes?: number;
}

/** From what is asked to what it takes. Pure arithmetic on what is given, nothing rounded but the number of replicas. */
export function planCapacity(demand: CapacityDemand): CapacityPlan {
  const flows = flowsOf(demand.rows, demand.tracesPerSecond);
  const [average, peak] = [sampleTwice(flows.average, demand), sampleTwice(flows.peak, demand)];
  const arriving = peak.head.kept;
  const buffer = tailBufferOf(arriving, demand.windowS, demand.collector.tickS);
  return {
    average,
    peak,
    buffer,
    samplers: samplersFor(arriving, buffer, demand),
    routers: routersFor(arriving, demand),
    storage: storageOf(average.tail.kept, demand.storage),
  };
}

/** Head and tail rates multiply: the tail sees only what the head let through. */
function sampleTwice(made: Flow, { headRate, tailKeep }: CapacityDemand): { head: Stage; tail: Stage } {
  const head = sampleFlow(made, headRate);
  return { head, tail: sampleFlow(head.kept, tailKeep) };
}

function samplersFor(arriving: Flow, buffer: TailBuffer, demand: CapacityDemand): Tier & SamplerSize {
  const { cpuUsPerSpan, bytesPerBufferedSpan, countedBytesPerSpan, idleBytes } = demand.collector;
  const scale = sizeScale(arriving, demand.collector);
  const spansPerSecondEach = (demand.utilisationMax * 1e6) / (cpuUsPerSpan * scale);
  const tier = tierFor(arriving.spansPerSecond, spansPerSecondEach, BUSIEST_SHARE);
  const spansPerSecond = arriving.spansPerSecond * tier.busiestShare;
  const waiting = buffer.spans * tier.busiestShare;
  return {
    ...tier,
    spansPerSecond,
    tracesPerSecond: arriving.tracesPerSecond * tier.busiestShare,
    traces: buffer.traces * tier.busiestShare,
    cores: (spansPerSecond * cpuUsPerSpan * scale) / 1e6,
    memoryBytes: idleBytes + waiting * bytesPerBufferedSpan * scale,
    ...(countedBytesPerSpan === undefined ? {} : { countedBytes: waiting * countedBytesPerSpan * scale }),
  };
}

/** Spans on their way through a router, as seconds of what arrives: it holds nothing for longer, unless samplers are slow. */
const ROUTER_HOLDS_S = 1;

/** Any router takes any span, so that the load on them is even. */
function routersFor(arriving: Flow, demand: CapacityDemand): RouterTier | undefined {
  if (demand.collector.routerCpuUsPerSpan === undefined) return undefined;
  const scale = sizeScale(arriving, demand.collector);
  const cpuUsPerSpan = demand.collector.routerCpuUsPerSpan * scale;
  const tier = tierFor(arriving.spansPerSecond, (demand.utilisationMax * 1e6) / cpuUsPerSpan, 1);
  const spansPerSecond = arriving.spansPerSecond * tier.busiestShare;
  const { idleBytes, bytesPerBufferedSpan } = demand.collector;
  return {
    ...tier,
    cores: (spansPerSecond * cpuUsPerSpan) / 1e6,
    memoryBytes: idleBytes + spansPerSecond * ROUTER_HOLDS_S * bytesPerBufferedSpan * scale,
  };
}

/** Larger spans than the measured ones are charged in proportion, smaller ones as those: neither was measured, and this errs upwards. */
function sizeScale(flow: Flow, collector: CollectorFigures): number {
  return Math.max(1, flow.bytesPerSecond / flow.spansPerSecond / collector.spanBytes);
}
