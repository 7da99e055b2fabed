import type { MachineAtStart } from '@tracelab/command';
import {
  accept,
  flawOfFields,
  flawOfList,
  isRecord,
  MEASURED_MACHINE_FIELDS,
  parseResultObject,
  refuse,
  type Result,
} from '@tracelab/protocol';
import { flawOfShots } from '../attack/result.ts';
import type { Shots } from '../attack/shots.ts';
import type { LagHistogram, Strays } from './collector-metrics.ts';
import { ENCODINGS, type Encoding } from './sender/traffic.ts';
import type { TailVariant } from './variants.ts';

/** What `tail-cost` saves, and all that its report is computed from: blocks, never a mean. Additive changes keep the version. */
export interface TailCostResult {
  format: 'tracelab-tail-cost';
  version: 1;
  startedAt: string;
  durationMs: number;
  /** False where the run was ended early: the blocks measured until then are here. */
  complete: boolean;
  /** Of the order of blocks and of the bootstrap: the same file always gives the same report. */
  seed: number;
  machine: MachineAtStart & { loadAverageAfter: number };
  load: { spansPerSecond: number; steadyWaitS: number; saturatedWaitS: number };
  collectors: { name: string; version: string; wal: TailVariant['wal'] }[];
  saturated: SaturatedBlock[];
  steady: SteadyBlock[];
}

interface Block {
  collector: string;
  restart: number;
  /** Of the collector's process, user and system, over the time that the block says. */
  cpuUs: number;
  /** Answered with 2xx in that time. */
  spans: number;
  refusals: number;
  /** CPU of the load process over its time. */
  senderCores: number;
  /** None should be; empty where there were none, and where the collector counts none. */
  strays: Strays;
}

/** As much as it took; CPU from the first request until all was decided. */
export interface SaturatedBlock extends Block {
  round: number;
  encoding: Encoding;
  loadMs: number;
  /** Before compression, and as they crossed the wire. */
  bytes: number;
  wireBytes: number;
  /** At the end of the load. */
  residentBytes: number;
}

/** A constant rate with a full buffer: what comes in a moment is as much as is decided in it. */
export interface SteadyBlock extends Block {
  /** What is measured here, by the schedule, and by the clock that CPU was read over. */
  loadMs: number;
  wallMs: number;
  /** After a short burst was decided. */
  restBytes: number;
  /** While it is measured, again and again. */
  residentBytes: number[];
  /** Due while it is measured, from their intended starts. */
  shots: Shots;
  /** Of what was decided while it is measured; absent where the collector publishes none. */
  decisionLag?: LagHistogram;
}

const RESULT_FIELDS = { startedAt: 'string', durationMs: 'number', complete: 'boolean', seed: 'number' } as const;
const LOAD_FIELDS = { spansPerSecond: 'number', steadyWaitS: 'number', saturatedWaitS: 'number' } as const;
const COLLECTOR_FIELDS = { name: 'string', version: 'string', wal: 'string' } as const;
const BLOCK_FIELDS = {
  collector: 'string',
  restart: 'number',
  cpuUs: 'number',
  spans: 'number',
  refusals: 'number',
  senderCores: 'number',
  loadMs: 'number',
} as const;
const SATURATED_FIELDS = {
  ...BLOCK_FIELDS,
  round: 'number',
  encoding: 'string',
  bytes: 'number',
  wireBytes: 'number',
  residentBytes: 'number',
} as const;
const STEADY_FIELDS = { ...BLOCK_FIELDS, wallMs: 'number', restBytes: 'number' } as const;

/** Reads a saved result; the refusal names the place and what belongs there. */
export function parseTailCost(text: string): Result<TailCostResult> {
  const object = parseResultObject(text, 'tail-cost');
  if (!object.ok) return object;
  const { value } = object;
  const flaw =
    flawOfFields('', value, RESULT_FIELDS) ??
    flawOfFields('machine.', value['machine'], MEASURED_MACHINE_FIELDS) ??
    flawOfFields('load.', value['load'], LOAD_FIELDS) ??
    flawOfList('collectors', value['collectors'], (at, item) => flawOfFields(at, item, COLLECTOR_FIELDS)) ??
    flawOfList('saturated', value['saturated'], flawOfSaturated) ??
    flawOfList('steady', value['steady'], flawOfSteady);
  return flaw === undefined ? accept(value as unknown as TailCostResult) : refuse(flaw);
}

function flawOfSaturated(at: string, item: unknown): string | undefined {
  const flaw = flawOfBlock(at, item, SATURATED_FIELDS);
  if (flaw !== undefined || !isRecord(item)) return flaw;
  const isKnown = ENCODINGS.some((encoding) => encoding === item['encoding']);
  return isKnown ? undefined : `"${at}encoding" should be one of ${ENCODINGS.join(', ')}`;
}

function flawOfSteady(at: string, item: unknown): string | undefined {
  const flaw = flawOfBlock(at, item, STEADY_FIELDS);
  if (flaw !== undefined || !isRecord(item)) return flaw;
  if (!isNumbers(item['residentBytes'])) return `"${at}residentBytes" should be a list of numbers`;
  return flawOfShots(item['shots'], at) ?? flawOfLag(`${at}decisionLag`, item['decisionLag']);
}

function flawOfBlock(at: string, item: unknown, fields: Readonly<Record<string, string>>): string | undefined {
  const flaw = flawOfFields(at, item, fields);
  if (flaw !== undefined || !isRecord(item)) return flaw;
  const empty = ['loadMs', 'spans'].find((key) => !(Number(item[key]) > 0));
  if (empty !== undefined) return `"${at}${empty}" should be above 0`;
  const isCounts = isRecord(item['strays']) && isNumbers(Object.values(item['strays']));
  return isCounts ? undefined : `"${at}strays" should be an object of numbers`;
}

function flawOfLag(at: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const isLag = isRecord(value) && isNumbers(value['boundsS']) && isNumbers(value['counts']);
  return isLag && (value['boundsS'] as unknown[]).length + 1 === (value['counts'] as unknown[]).length
    ? undefined
    : `"${at}" should have "boundsS" and "counts", lists of numbers, the second longer by one`;
}

function isNumbers(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}
