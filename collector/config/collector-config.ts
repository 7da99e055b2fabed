import { LIMITS, LOOPBACK_HOST, PORTS } from '@tracelab/protocol';
import type { PolicyConfig, Semantics } from './policy-config.ts';

/** What the configuration file decides; all else are settings of the process. */
export interface CollectorConfig {
  receivers: ReceiversConfig;
  tailSampling: TailSamplingConfig;
  memoryLimiter: MemoryLimiterConfig | undefined;
  /** Undefined: every span goes on to where traces are gathered. */
  probabilisticSampler: ProbabilisticSamplerConfig | undefined;
  /** Undefined: the store is given what is decided at once, up to 1,000 spans together. */
  batch: BatchConfig | undefined;
  /** Where kept traces go: the store, or nowhere. */
  exporter: ExporterName;
  /** The folder of the store; undefined: that of the process. */
  storePath: string | undefined;
}

/** By the names of the address table, in the order in which they are opened. */
export const RECEIVER_NAMES = ['otlpGrpc', 'otlpHttp', 'zipkin'] as const;
export type ReceiverName = (typeof RECEIVER_NAMES)[number];

/** What listens; at least one. */
export type ReceiversConfig = Partial<Record<ReceiverName, ReceiverConfig>>;

export interface ReceiverConfig {
  host: string;
  port: number;
  /** Of one request, before and after decompression. */
  bodyBytesMax: number;
}

export interface MemoryLimiterConfig {
  checkIntervalMs: number;
  /** Of both limits; percent are of all memory that the process may have. */
  unit: 'mebibytes' | 'percent';
  /** The hard one: garbage is collected. */
  limit: number;
  /** So much below it is the soft one: requests are refused. 0: a fifth of it. */
  spike: number;
  collections: { soft: GarbagePacing; hard: GarbagePacing };
}

/** How often garbage is collected at a limit. */
export interface GarbagePacing {
  intervalMsMin: number;
  /** Collections in vain become rarer up to this; 0: never. */
  intervalMsMax: number;
}

export const SPAN_SAMPLER_MODES = ['hash_seed', 'equalizing', 'proportional'] as const;
export type SpanSamplerMode = (typeof SPAN_SAMPLER_MODES)[number];

/** What samples spans one by one, before their traces are gathered. */
export interface ProbabilisticSamplerConfig {
  mode: SpanSamplerMode;
  /** 0 to 100, a float of 32 bits. */
  samplingPercentage: number;
  /** Of the hash, 32 bits; collectors of one tier need the same. */
  hashSeed: number;
  /** What becomes of a span whose trace state forbids to judge it: dropped, else kept. */
  failsClosed: boolean;
  /** Hex digits of a threshold behind its leading f or 0. */
  precisionDigits: number;
}

/** Groups of kept traces that are written together. */
export interface BatchConfig {
  /** The oldest waits no longer for others; 0: none waits. */
  timeoutMs: number;
  /** So many spans wait no longer; 0: none waits. */
  spansMin: number;
  /** 0: all that waits. A single larger trace is a group of its own. */
  spansMax: number;
}

export const EXPORTER_NAMES = ['tracelab', 'nop'] as const;
export type ExporterName = (typeof EXPORTER_NAMES)[number];

/** How many decisions are remembered for spans that come late: to keep a trace, and not to keep it (dropped by a policy is one of those). */
export interface DecisionsMax {
  sampled: number;
  notSampled: number;
}

export interface TailSamplingConfig {
  decisionWaitMs: number;
  /** 0: the root changes nothing. */
  decisionWaitAfterRootMs: number;
  tracesMax: number;
  /** At that bound, and at that of their bytes, requests are refused until a trace is due; else the oldest is decided early. */
  blocksOnOverflow: boolean;
  decisionsMax: DecisionsMax;
  /** A trace that grows over it is not sampled, at once; undefined: none is too large. */
  traceBytesMax: number | undefined;
  /** What is undecided when the process ends is dropped; else decided with what is there. */
  dropsPendingAtEnd: boolean;
  /** The policies after the first that says sampled are not asked. */
  isFirstMatchEnough: boolean;
  policies: PolicyConfig[];
  /** Of the policies; of the process, since no file of upstream's can say it. */
  semantics: Semantics;
}

/** Where there is no `decision_cache`: about 5 MB. */
export const DECISIONS_MAX: DecisionsMax = { sampled: 50_000, notSampled: 50_000 };

/** Without a file everything is kept; a trace is decided one second after its root was received or ten after its first span. */
export const DEFAULT_CONFIG: CollectorConfig = {
  receivers: { otlpGrpc: defaultReceiver('otlpGrpc'), otlpHttp: defaultReceiver('otlpHttp') },
  tailSampling: {
    decisionWaitMs: 10_000,
    decisionWaitAfterRootMs: 1000,
    tracesMax: 50_000,
    blocksOnOverflow: false,
    decisionsMax: DECISIONS_MAX,
    traceBytesMax: undefined,
    dropsPendingAtEnd: false,
    isFirstMatchEnough: false,
    policies: [{ name: 'keep-everything', type: 'always_sample' }],
    semantics: 'otel',
  },
  memoryLimiter: undefined,
  probabilisticSampler: undefined,
  batch: undefined,
  exporter: 'tracelab',
  storePath: undefined,
};

/** Upstream's port on loopback, and the bound that OTLP recommends. */
export function defaultReceiver(name: ReceiverName): ReceiverConfig {
  return { host: LOOPBACK_HOST, port: PORTS[name].port, bodyBytesMax: LIMITS.otlpRequestBytesMax };
}
