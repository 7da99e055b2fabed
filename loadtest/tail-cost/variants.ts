import { freePorts } from '@tracelab/command';
import type { CollectorUnderTest } from '../collector-process/collector-under-test.ts';
import { OTELCOL_TELEMETRY, startOtelcol } from '../collector-process/otelcol-process.ts';
import { startTracelab } from '../collector-process/tracelab-process.ts';
import { tailConfig, type TailLoad } from './tail-config.ts';

/** One row of every table: a collector with its write-ahead log on or off, where it has one. */
export interface TailVariant {
  name: string;
  program: 'tracelab' | 'otelcol';
  wal: 'on' | 'off' | 'none';
  /** Of the program, beside its configuration. */
  args: readonly string[];
}

/** What ours is compared with. */
export const BASELINE = 'otelcol';

/** In the order of the rows. */
export const TAIL_VARIANTS: readonly TailVariant[] = [
  { name: 'tracelab', program: 'tracelab', wal: 'off', args: ['--no-wal'] },
  { name: 'tracelab, WAL', program: 'tracelab', wal: 'on', args: [] },
  { name: BASELINE, program: 'otelcol', wal: 'none', args: [] },
];

export interface VariantStart extends TailLoad {
  /** Empty and of its own. */
  folder: string;
  /** The OpenTelemetry Collector's binary; of no use to ours. */
  otelcolBinary: string;
}

/** The same file for every variant, but for the port. */
export async function startVariant(
  { program, args }: TailVariant,
  { folder, otelcolBinary: binary, ...load }: VariantStart,
): Promise<CollectorUnderTest> {
  const [port = 0] = await freePorts(1);
  const config = tailConfig({ port, ...load });
  if (program === 'tracelab') return startTracelab({ folder, config, args });
  return startOtelcol({ binary, folder, port, configs: { 'tail.yaml': config, 'telemetry.yaml': OTELCOL_TELEMETRY } });
}
