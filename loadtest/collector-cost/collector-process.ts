import type { CpuMeter } from '@tracelab/command';
import type { CollectorName } from '@tracelab/protocol';

/** A real process with a configuration and a data folder of its own, listening on free ports of loopback. */
export interface CollectorUnderTest {
  readonly name: CollectorName;
  readonly pid: number;
  readonly cpu: CpuMeter;
  /** Of OTLP over HTTP. */
  readonly url: string;
  /** What it counts of its undecided spans, in bytes; undefined where it counts none. */
  readCountedBytes: () => Promise<number | undefined>;
  /** Asks it to end and kills it after the limit; resolves when it is gone. */
  stop: (limitMs?: number) => Promise<void>;
}

export interface CollectorStart {
  /** Empty and of its own. */
  folder: string;
  decisionWaitS: number;
  /** Where the OpenTelemetry Collector delivers what it keeps. */
  sinkUrl: string;
  /** The OpenTelemetry Collector's binary; of no use to ours. */
  otelcolBinary: string;
}
