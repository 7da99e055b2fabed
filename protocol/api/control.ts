import type { PortName, ServiceName } from '../addresses.ts';
import type { SamplerSetting } from '../sampler-setting.ts';

/** `PUT /_lab/faults/{id}`: what shall go wrong, where, how often and for how long. */
export interface FaultSpec {
  service: ServiceName;
  /** A path pattern of the service such as `/charge`; `*` at the end matches any rest. Default: every route of its business. */
  route?: string;
  /** HTTP method, upper case. Default: any. */
  method?: string;
  /** 0.01 to 1. Default 1. */
  probability?: number;
  /** Makes the draws repeatable. Default: a new random seed. */
  seed?: number;
  match?: FaultMatch;
  delay?: Delay;
  abort?: Abort;
  /** The fault ends by itself after this time. Default: it stays until it is cleared. */
  durationMs?: number;
}

/** The request must carry this header, or this baggage member, with this value; no value means any. */
export type FaultMatch = { header: string; value?: string } | { baggage: string; value?: string };

/** Delays before the handler runs. Log-normal is given by its median and 99th percentile, which is how latencies are known. */
export type Delay =
  | { kind: 'fixed'; ms: number }
  | { kind: 'uniform'; minMs: number; maxMs: number }
  | { kind: 'normal'; meanMs: number; stdDevMs: number }
  | { kind: 'lognormal'; medianMs: number; p99Ms: number };

/** A status answers with an error body, a reset destroys the connection without an answer. */
export type Abort = { kind: 'status'; status: number } | { kind: 'reset' };

/** A fault as the control and the services hold it: everything decided, nothing left to a default. */
export interface Fault extends FaultSpec {
  id: string;
  probability: number;
  seed: number;
  createdUnixMs: number;
  /** Absent: stays until it is cleared. */
  expiresUnixMs?: number;
}

/** Ground truth: one injected fault. The trace and span id are those of the server span, or of the caller where the service is not instrumented. */
export interface Injection {
  faultId: string;
  service: ServiceName;
  route: string;
  timeUnixMs: number;
  /** Empty where the request carried no trace. */
  traceId: string;
  spanId: string;
  delayMs?: number;
  abort?: Abort;
}

/**
 * `GET /_lab/injections?after=N` of a service: the injections with a sequence number above N, oldest first. A reader asks
 * again with `lastSequence`, and from 0 when `instanceId` has changed; `missedCount` of those it asked for were already overwritten.
 */
export interface InjectionsReply {
  instanceId: string;
  injections: RecordedInjection[];
  lastSequence: number;
  missedCount: number;
}

/** Sequence numbers count from 1 within a process, without gaps. */
export interface RecordedInjection extends Injection {
  sequence: number;
}

/** `GET /_lab/state` of a service: the control sends the wanted state again when `instanceId` changes. */
export interface ServiceState {
  service: ServiceName;
  instanceId: string;
  faults: Fault[];
  /** Absent where the process has no tracer that can be switched. */
  tracing?: SamplerSetting;
  /** Absent where it has no tracer whose clock can be set. */
  clockOffsetMs?: number;
}

/** `GET /_lab/usage` of a service: what the process has used since it started. */
export interface ServiceUsage {
  pid: number;
  cpuUs: number;
  residentBytes: number;
  requests: number;
  spansCreated: number;
  spansSampled: number;
  spansExported: number;
  spansDropped: number;
}

export type ProcessStatus = 'starting' | 'ready' | 'restarting' | 'stopped' | 'unreachable';

/** A row of `GET /_lab/processes`. Memory is absent where the system does not tell (proportional memory: Linux only). */
export interface ProcessReport {
  name: string;
  status: ProcessStatus;
  restarts: number;
  pid?: number;
  cpuUs?: number;
  residentBytes?: number;
  proportionalBytes?: number;
  requests?: number;
  spansCreated?: number;
  spansExported?: number;
  /** Sampled and lost; `/metrics` of the service says why. */
  spansDropped?: number;
}

/** `PUT|GET /_lab/load`: the shoppers that keep the lab alive. 0 pauses them. */
export interface LoadSetting {
  requestsPerSecond: number;
}

export type LabTracing = SamplerSetting;
export type LabPorts = Record<PortName, number>;
