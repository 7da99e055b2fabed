import { LIMITS, LOOPBACK_HOST, PORTS } from '@tracelab/protocol';
import type { PolicyConfig, Semantics } from './policy-config.ts';

/** What the configuration file decides; all else are settings of the process. */
export interface CollectorConfig {
  receivers: ReceiversConfig;
  tailSampling: TailSamplingConfig;
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

export const EXPORTER_NAMES = ['tracelab', 'nop'] as const;
export type ExporterName = (typeof EXPORTER_NAMES)[number];

export interface TailSamplingConfig {
  decisionWaitMs: number;
  /** 0: the root changes nothing. */
  decisionWaitAfterRootMs: number;
  tracesMax: number;
  /** The policies after the first that says sampled are not asked. */
  isFirstMatchEnough: boolean;
  policies: PolicyConfig[];
  /** Of the policies; of the process, since no file of upstream's can say it. */
  semantics: Semantics;
}

/** Without a file everything is kept; a trace is decided one second after its root was received or ten after its first span. */
export const DEFAULT_CONFIG: CollectorConfig = {
  receivers: { otlpGrpc: defaultReceiver('otlpGrpc'), otlpHttp: defaultReceiver('otlpHttp') },
  tailSampling: {
    decisionWaitMs: 10_000,
    decisionWaitAfterRootMs: 1000,
    tracesMax: 50_000,
    isFirstMatchEnough: false,
    policies: [{ name: 'keep-everything', type: 'always_sample' }],
    semantics: 'otel',
  },
  exporter: 'tracelab',
  storePath: undefined,
};

/** Upstream's port on loopback, and the bound that OTLP recommends. */
export function defaultReceiver(name: ReceiverName): ReceiverConfig {
  return { host: LOOPBACK_HOST, port: PORTS[name].port, bodyBytesMax: LIMITS.otlpRequestBytesMax };
}
