import type { MachineAtStart } from '@tracelab/command';
import {
  accept,
  flawOfFields,
  isRecord,
  MACHINE_AT_START_FIELDS,
  parseResultObject,
  refuse,
  type Result,
} from '@tracelab/protocol';
import { SHOT_COLUMNS, type Shots } from './shots.ts';

/**
 * What `attack` saves, and all that its report is computed from: every request, never a mean. `k6` saves the same of its
 * own requests, without what it cannot know. Additive changes keep the version.
 */
export interface AttackResult {
  format: 'tracelab-attack';
  version: 1;
  startedAt: string;
  /** False where it was ended early: the requests until then are here. */
  complete: boolean;
  /** Of arrivals, carts and sampled flags: the same seed makes the same load. Absent for k6, which draws by itself. */
  seed?: number;
  /** "k6 v1.8.1"; absent: `attack` itself. */
  sender?: string;
  /** Present where the intended start is not known: `dueUs` is then when the request was really sent, and lateness is unknown (0). */
  latencyFrom?: 'send';
  machine: MachineAtStart;
  /** As a person reads it: "POST http://127.0.0.1:4600/checkout, 50 requests/s, Poisson, 30 s". */
  load: string;
  inFlightMax: number;
  /** CPU of the sender over the time of the load: near 1 it is at its end. Absent for k6. */
  senderCores?: number;
  /** Why requests got no answer, and how many. */
  failures: Record<string, number>;
  shots: Shots;
}

const FIELDS = {
  startedAt: 'string',
  complete: 'boolean',
  load: 'string',
  inFlightMax: 'number',
} as const;
/** Of `attack` itself, and of another sender. */
const OWN_FIELDS = { seed: 'number', senderCores: 'number' } as const;
const FOREIGN_FIELDS = { sender: 'string', latencyFrom: 'string' } as const;

/** Reads a saved result; the refusal names the place and what belongs there. */
export function parseAttackResult(text: string): Result<AttackResult> {
  const object = parseResultObject(text, 'attack');
  if (!object.ok) return object;
  const { value } = object;
  const flaw =
    flawOfFields('', value, FIELDS) ??
    flawOfFields('', value, value['sender'] === undefined ? OWN_FIELDS : FOREIGN_FIELDS) ??
    flawOfStart(value['latencyFrom']) ??
    flawOfFields('machine.', value['machine'], MACHINE_AT_START_FIELDS) ??
    flawOfFailures(value['failures']) ??
    flawOfShots(value['shots']);
  return flaw === undefined ? accept(value as unknown as AttackResult) : refuse(flaw);
}

function flawOfStart(latencyFrom: unknown): string | undefined {
  return latencyFrom === undefined || latencyFrom === 'send' ? undefined : '"latencyFrom" should be "send" or absent';
}

function flawOfFailures(value: unknown): string | undefined {
  const isCounts = isRecord(value) && Object.values(value).every((count) => typeof count === 'number');
  return isCounts ? undefined : '"failures" should be an object of numbers';
}

/** `at` is the place that holds the shots, with a dot behind it where it is not the whole. */
export function flawOfShots(value: unknown, at = ''): string | undefined {
  if (!isRecord(value)) return `"${at}shots" should be an object`;
  const lengths = SHOT_COLUMNS.map((column) => lengthOf(value[column]));
  const wrong = SHOT_COLUMNS.find((_, index) => lengths[index] === undefined || lengths[index] !== lengths[0]);
  return wrong === undefined ? undefined : `"${at}shots.${wrong}" should be a list of numbers, as long as the others`;
}

function lengthOf(column: unknown): number | undefined {
  const isNumbers = Array.isArray(column) && column.every((item) => typeof item === 'number');
  return isNumbers ? column.length : undefined;
}
