import type { MachineAtStart } from '@tracelab/command';
import {
  accept,
  flawOfFields,
  flawOfItems,
  flawOfOptionalFields,
  isRecord,
  MEASURED_MACHINE_FIELDS,
  parseResultObject,
  refuse,
  type Result,
} from '@tracelab/protocol';
import type { LatencyBlock } from './latency-block.ts';
import { COMPARISON_NAMES, variantsOf, type ComparisonName, type Variant, type VariantName } from './variant.ts';

/** Loads on copies of our own. */
export const SHOP_WORKLOAD_NAMES = ['hop', 'checkout'] as const;
export type ShopWorkloadName = (typeof SHOP_WORKLOAD_NAMES)[number];

/** `service` is one of somebody else, started by `--command`. */
const WORKLOAD_NAMES = [...SHOP_WORKLOAD_NAMES, 'service'] as const;
export type WorkloadName = (typeof WORKLOAD_NAMES)[number];

/**
 * Side by side: all sets are alive together, and a round has a block of each. In turn: they cannot be (one port), so every
 * restart starts, measures and stops one after the other, in random order.
 */
const DESIGNS = ['side by side', 'in turn'] as const;
export type Design = (typeof DESIGNS)[number];

/**
 * What `overhead` and `hop` save, and all that the table is computed from: the raw blocks, never a mean. `--from` reads it back.
 * Additive changes keep the version.
 */
export interface OverheadResult {
  format: 'tracelab-overhead';
  version: 1;
  /** What the table is about; `rates` in a file that does not say. */
  comparison: ComparisonName;
  /** Rows in their order, the baseline first and its control second; those of the comparison in a file that does not say. */
  variants: readonly Variant[];
  startedAt: string;
  durationMs: number;
  /** False where the run was ended early: the blocks measured until then are here. */
  complete: boolean;
  /** Of the order of blocks, of the carts, and of the bootstrap: the same file always gives the same table. */
  seed: number;
  machine: MeasuredMachine;
  regime: Regime;
  workloads: WorkloadResult[];
}

export interface MeasuredMachine extends MachineAtStart {
  loadAverageAfter: number;
}

/** How the load was made: without it no figure means anything. */
export interface Regime {
  connections: number;
  exportDelayMs: number;
}

export interface WorkloadResult {
  workload: WorkloadName;
  /** For people: what a request passes through; absent in older files, which have the workloads of the shop. */
  path?: string;
  /** Absent where a service of somebody else starts as many as it likes. */
  processesPerSet?: number;
  /** @default 'side by side' */
  design?: Design;
  /** Load on each set after each start, before its first block. */
  warmUpMs: number;
  blockMs: number;
  blocks: Block[];
  /** Only where an open loop was measured too. */
  latency?: { requestsPerSecond: number; blocks: LatencyBlock[] };
}

/** One variant under load for a moment. Blocks with the same restart and round are compared with each other. */
export interface Block {
  restart: number;
  round: number;
  variant: VariantName;
  /** Answered requests; a block always sends a number fixed beforehand and waits for every answer. */
  requests: number;
  /** Those of them that were not answered with 2xx, connection errors included. */
  failures: number;
  durationMs: number;
  /** CPU of all processes of the set, until their spans were delivered. */
  cpuUs: number;
  /** What the sink received for this block: distinct trace ids with a root span, and all spans. */
  traces: number;
  spans: number;
  /** Of the requests that brought the spans, as they came over the wire; absent in older files. */
  spanBytes?: number;
  /** Distinct trace ids without a root span. */
  tracesRootless: number;
  /** What the tracers say they dropped. */
  spansDropped: number;
}

const REGIME_FIELDS = { connections: 'number', exportDelayMs: 'number' } as const;
const RESULT_FIELDS = { startedAt: 'string', durationMs: 'number', complete: 'boolean', seed: 'number' } as const;
const BLOCK_FIELDS = {
  restart: 'number',
  round: 'number',
  requests: 'number',
  failures: 'number',
  durationMs: 'number',
  cpuUs: 'number',
  traces: 'number',
  spans: 'number',
  tracesRootless: 'number',
  spansDropped: 'number',
} as const;

const LATENCY_FIELDS = {
  restart: 'number',
  round: 'number',
  failures: 'number',
  latenessP99Us: 'number',
  cpuUs: 'number',
  requestsSent: 'number',
} as const;

/** Reads a saved result; the refusal names the place and what belongs there. */
export function parseOverheadResult(text: string): Result<OverheadResult> {
  const object = parseResultObject(text, 'overhead');
  if (!object.ok) return object;
  const { value } = object;
  const comparison = COMPARISON_NAMES.find((name) => name === (value['comparison'] ?? 'rates'));
  if (comparison === undefined) return refuse(`"comparison" should be one of ${COMPARISON_NAMES.join(', ')}`);
  const variants = value['variants'] ?? variantsOf(comparison);
  const flaw = flawOfVariants(variants) ?? flawOfResult(value, variants as readonly Variant[]);
  return flaw === undefined
    ? accept({ ...(value as unknown as OverheadResult), comparison, variants: variants as readonly Variant[] })
    : refuse(flaw);
}

const VARIANTS_MIN = 2;

function flawOfVariants(variants: unknown): string | undefined {
  if (!Array.isArray(variants) || variants.length < VARIANTS_MIN)
    return '"variants" should be a list of the baseline, its control and what is compared with it';
  return flawOfItems(variants, (variant, index) => {
    const at = `variants[${index}].`;
    const flaw = flawOfFields(at, variant, { name: 'string', set: 'string' });
    if (flaw !== undefined || !isRecord(variant)) return flaw;
    return flawOfOptionalFields(at, variant, { ratio: 'number', injectedUs: 'number', switchedUs: 'number' });
  });
}

function flawOfResult(value: Record<string, unknown>, variants: readonly Variant[]): string | undefined {
  const workloads = value['workloads'];
  if (!Array.isArray(workloads)) return '"workloads" should be a list';
  const names = variants.map((variant) => variant.name);
  return (
    flawOfFields('', value, RESULT_FIELDS) ??
    flawOfMachine(value['machine']) ??
    flawOfFields('regime.', value['regime'], REGIME_FIELDS) ??
    flawOfItems(workloads, (workload, index) => flawOfWorkload(workload, index, names))
  );
}

function flawOfMachine(machine: unknown): string | undefined {
  const flaw = flawOfFields('machine.', machine, MEASURED_MACHINE_FIELDS);
  if (flaw !== undefined || !isRecord(machine)) return flaw;
  return flawOfOptionalFields('machine.', machine, { governor: 'string' });
}

function flawOfWorkload(value: unknown, index: number, variants: readonly VariantName[]): string | undefined {
  const at = `workloads[${index}].`;
  const flaw = flawOfFields(at, value, { workload: 'string', warmUpMs: 'number', blockMs: 'number' });
  if (flaw !== undefined || !isRecord(value)) return flaw;
  if (!WORKLOAD_NAMES.some((name) => name === value['workload']))
    return `"${at}workload" should be one of ${WORKLOAD_NAMES.join(', ')}`;
  const optional = flawOfOptionalFields(at, value, { processesPerSet: 'number' });
  if (optional !== undefined) return optional;
  if (value['design'] !== undefined && !DESIGNS.some((name) => name === value['design']))
    return `"${at}design" should be one of ${DESIGNS.join(', ')}`;
  if (!Array.isArray(value['blocks'])) return `"${at}blocks" should be a list`;
  return (
    flawOfItems(value['blocks'], (block, number) => flawOfBlock(`${at}blocks[${number}].`, block, variants)) ??
    flawOfLatency(`${at}latency`, value['latency'], variants)
  );
}

function flawOfLatency(at: string, value: unknown, variants: readonly VariantName[]): string | undefined {
  if (value === undefined) return undefined;
  const flaw = flawOfFields(`${at}.`, value, { requestsPerSecond: 'number' });
  if (flaw !== undefined || !isRecord(value)) return flaw;
  if (!Array.isArray(value['blocks'])) return `"${at}.blocks" should be a list`;
  return flawOfItems(value['blocks'], (block, index) => {
    const place = `${at}.blocks[${index}].`;
    const flaw = flawOfFields(place, block, LATENCY_FIELDS);
    if (flaw !== undefined || !isRecord(block)) return flaw;
    const latencies = block['latenciesUs'];
    const isList = Array.isArray(latencies) && latencies.every((latency) => typeof latency === 'number');
    if (!isList) return `"${place}latenciesUs" should be a list of numbers`;
    return flawOfVariant(place, block, variants);
  });
}

function flawOfVariant(
  at: string,
  value: Record<string, unknown>,
  variants: readonly VariantName[],
): string | undefined {
  const isKnown = variants.some((name) => name === value['variant']);
  return isKnown ? undefined : `"${at}variant" should be one of ${variants.join(', ')}`;
}

function flawOfBlock(at: string, value: unknown, variants: readonly VariantName[]): string | undefined {
  const flaw = flawOfFields(at, value, BLOCK_FIELDS);
  if (flaw !== undefined || !isRecord(value)) return flaw;
  const unknown = flawOfVariant(at, value, variants);
  if (unknown !== undefined) return unknown;
  const positive = Number(value['requests']) > 0 && Number(value['durationMs']) > 0;
  return positive ? undefined : `"${at}requests" and "${at}durationMs" should be above 0`;
}
