import { LIMITS, LOOPBACK_HOST, PORTS } from '@tracelab/protocol';
import type { PolicyConfig } from './policy-config.ts';

/** What the configuration file decides; all else are settings of the process. */
export interface CollectorConfig {
  otlpHttp: { host: string; port: number; bodyBytesMax: number };
  tailSampling: TailSamplingConfig;
  /** Where kept traces go: the store, or nowhere. */
  exporter: ExporterName;
  /** The folder of the store; undefined: that of the process. */
  storePath: string | undefined;
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
}

/** Without a file everything is kept; a trace is decided one second after its root was received or ten after its first span. */
export const DEFAULT_CONFIG: CollectorConfig = {
  otlpHttp: { host: LOOPBACK_HOST, port: PORTS.otlpHttp.port, bodyBytesMax: LIMITS.otlpRequestBytesMax },
  tailSampling: {
    decisionWaitMs: 10_000,
    decisionWaitAfterRootMs: 1000,
    tracesMax: 50_000,
    isFirstMatchEnough: false,
    policies: [{ name: 'keep-everything', type: 'always_sample' }],
  },
  exporter: 'tracelab',
  storePath: undefined,
};
