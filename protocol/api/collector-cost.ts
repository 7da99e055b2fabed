import { isRecord } from '../json-record.ts';
import { accept, refuse, type Result } from '../result.ts';
import { flawOfFields, flawOfList, MEASURED_MACHINE_FIELDS, parseResultObject } from '../saved-result.ts';

/** The last one only sends every span to the sampler of its trace. */
export const COLLECTOR_NAMES = ['tracelab', 'otelcol', 'otelcol-router'] as const;
export type CollectorName = (typeof COLLECTOR_NAMES)[number];

/** Nothing at all, the three loads of Dapper's Table 1 (processes x kilobytes a second each), and as much as is taken. */
export const COLLECTOR_LOADS = ['idle', '25 x 10 KB/s', '10 x 200 KB/s', '50 x 2 KB/s', 'saturated'] as const;
export type CollectorLoad = (typeof COLLECTOR_LOADS)[number];

/**
 * What `bench:collector:dapper` saves and `capacity` plans with: the raw blocks, never a mean. Additive changes keep the version.
 * Bytes are those of OTLP protobuf bodies, uncompressed.
 */
export interface CollectorCostResult {
  format: 'tracelab-collector-cost';
  version: 1;
  startedAt: string;
  durationMs: number;
  /** False where the run was ended early: the rounds measured until then are here. */
  complete: boolean;
  /** Of the order of blocks and of the bootstrap: the same file always gives the same table. */
  seed: number;
  machine: {
    cpuModel: string;
    cores: number;
    memoryBytes: number;
    platform: string;
    node: string;
    loadAverageBefore: number;
    loadAverageAfter: number;
  };
  /** What each collector does with a span, as a person reads it. */
  collectors: { name: CollectorName; version: string; pipeline: string }[];
  blocks: CollectorBlock[];
  buffers: CollectorBuffer[];
}

/** One collector under one load for a moment; blocks with the same restart and round are compared with each other. */
export interface CollectorBlock {
  collector: CollectorName;
  load: CollectorLoad;
  restart: number;
  round: number;
  /** From the first to the last request. */
  loadMs: number;
  /** Until all was decided and passed on: over this time the CPU is read. */
  wallMs: number;
  /** Of the collector's process, user and system. */
  cpuUs: number;
  /** Answered with 2xx. */
  spans: number;
  bytes: number;
  /** Requests answered otherwise, or not at all. */
  refusals: number;
  /** At the end of the load. */
  residentBytes: number;
  /** Undefined where the system does not tell. */
  proportionalBytes?: number;
}

/** A collector that was started for this alone: its resident memory before it got anything, and with so many undecided spans in it. */
export interface CollectorBuffer {
  collector: CollectorName;
  restart: number;
  idleBytes: number;
  samples: CollectorBufferSample[];
}

export interface CollectorBufferSample {
  spans: number;
  bytes: number;
  residentBytes: number;
  /** What the collector itself counts of its undecided spans and bounds; absent where it counts traces only. */
  countedBytes?: number;
}

const RESULT_FIELDS = { startedAt: 'string', durationMs: 'number', complete: 'boolean', seed: 'number' } as const;
const BLOCK_FIELDS = {
  restart: 'number',
  round: 'number',
  loadMs: 'number',
  wallMs: 'number',
  cpuUs: 'number',
  spans: 'number',
  bytes: 'number',
  refusals: 'number',
  residentBytes: 'number',
} as const;
const BUFFER_FIELDS = { restart: 'number', idleBytes: 'number' } as const;
const SAMPLE_FIELDS = { spans: 'number', bytes: 'number', residentBytes: 'number' } as const;

/** Reads a saved result; the refusal names the place and what belongs there. */
export function parseCollectorCost(text: string): Result<CollectorCostResult> {
  const object = parseResultObject(text, 'collector-cost');
  if (!object.ok) return object;
  const { value } = object;
  const flaw =
    flawOfFields('', value, RESULT_FIELDS) ??
    flawOfFields('machine.', value['machine'], MEASURED_MACHINE_FIELDS) ??
    flawOfList('collectors', value['collectors'], flawOfCollector) ??
    flawOfList('blocks', value['blocks'], flawOfBlock) ??
    flawOfList('buffers', value['buffers'], flawOfBuffer);
  return flaw === undefined ? accept(value as unknown as CollectorCostResult) : refuse(flaw);
}

function flawOfCollector(at: string, value: unknown): string | undefined {
  return (
    flawOfFields(at, value, { version: 'string', pipeline: 'string' }) ??
    flawOfChoice(at, value, 'name', COLLECTOR_NAMES)
  );
}

function flawOfBlock(at: string, value: unknown): string | undefined {
  const flaw =
    flawOfFields(at, value, BLOCK_FIELDS) ??
    flawOfChoice(at, value, 'collector', COLLECTOR_NAMES) ??
    flawOfChoice(at, value, 'load', COLLECTOR_LOADS);
  if (flaw !== undefined || !isRecord(value)) return flaw;
  const isPositive = Number(value['loadMs']) > 0 && Number(value['wallMs']) > 0;
  return isPositive ? undefined : `"${at}loadMs" and "${at}wallMs" should be above 0`;
}

function flawOfBuffer(at: string, value: unknown): string | undefined {
  const flaw = flawOfFields(at, value, BUFFER_FIELDS) ?? flawOfChoice(at, value, 'collector', COLLECTOR_NAMES);
  if (flaw !== undefined || !isRecord(value)) return flaw;
  return flawOfList(`${at}samples`, value['samples'], (place, sample) => flawOfFields(place, sample, SAMPLE_FIELDS));
}

function flawOfChoice(at: string, value: unknown, key: string, choices: readonly string[]): string | undefined {
  const isKnown = isRecord(value) && choices.some((choice) => choice === value[key]);
  return isKnown ? undefined : `"${at}${key}" should be one of ${choices.join(', ')}`;
}
