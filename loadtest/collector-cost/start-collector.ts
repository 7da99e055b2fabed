import { freePorts } from '@tracelab/command';
import type { CollectorName } from '@tracelab/protocol';
import type { CollectorUnderTest } from '../collector-process/collector-under-test.ts';
import { OTELCOL_TELEMETRY, startOtelcol } from '../collector-process/otelcol-process.ts';
import { startTracelab } from '../collector-process/tracelab-process.ts';
import { discardConfig, otelcolConfig, routerConfig, tracelabConfig } from './collector-configs.ts';

export interface CollectorStart {
  /** Empty and of its own. */
  folder: string;
  decisionWaitS: number;
  /** Where the OpenTelemetry Collector delivers what it keeps. */
  sinkUrl: string;
  /** The OpenTelemetry Collector's binary; of no use to ours. */
  otelcolBinary: string;
}

export interface NamedCollector extends CollectorUnderTest {
  readonly name: CollectorName;
}

export async function startCollector(name: CollectorName, start: CollectorStart): Promise<NamedCollector> {
  return { name, ...(await startProcess(name, start)) };
}

function startProcess(name: CollectorName, start: CollectorStart): Promise<CollectorUnderTest> {
  const { folder, decisionWaitS } = start;
  if (name === 'tracelab') return startTracelab({ folder, config: tracelabConfig(decisionWaitS) });
  return name === 'otelcol' ? startSampler(start) : startRouter(start);
}

/** An OpenTelemetry Collector that samples and sends on what it keeps. */
async function startSampler({ folder, otelcolBinary, ...of }: CollectorStart): Promise<CollectorUnderTest> {
  const [port = 0] = await freePorts(1);
  const configs = { 'otelcol.yaml': otelcolConfig({ port, ...of }), ...TELEMETRY };
  return startOtelcol({ binary: otelcolBinary, folder, port, configs });
}

/** One that only sends every span to the sampler of its trace: two of them, which throw away what they get, in a process of their own. */
async function startRouter({ folder, otelcolBinary: binary }: CollectorStart): Promise<CollectorUnderTest> {
  const [port = 0, discardPort = 0, ...samplerPorts] = await freePorts(4);
  const discard = await startOtelcol({
    binary,
    folder,
    port: discardPort,
    configs: { 'discard.yaml': discardConfig({ port: discardPort, samplerPorts }), ...TELEMETRY },
  });
  try {
    const configs = { 'otelcol.yaml': routerConfig({ port, samplerPorts }), ...TELEMETRY };
    const router = await startOtelcol({ binary, folder, port, configs });
    const stop = async (limitMs?: number): Promise<void> => {
      await router.stop(limitMs);
      await discard.stop(limitMs);
    };
    return { ...router, stop };
  } catch (error) {
    await discard.stop(0);
    throw error;
  }
}

const TELEMETRY = { 'telemetry.yaml': OTELCOL_TELEMETRY };

/** What the collector counts of its undecided spans, in bytes; undefined where it counts none, as the other, which bounds traces. */
export async function readCountedBytes(collector: CollectorUnderTest): Promise<number | undefined> {
  const value = /^collector_pending_bytes (\S+)$/m.exec((await collector.readMetrics()) ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}
