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
import { flawOfShots } from '../../attack/result.ts';
import type { Shots } from '../../attack/shots.ts';

export const SENDERS = ['attack', 'k6'] as const;
export type Sender = (typeof SENDERS)[number];

/** One load by one sender, a process of its own, every request. */
export interface SenderRun {
  /** Both senders run once in each round, in random order. */
  round: number;
  sender: Sender;
  shots: Shots;
}

/** What `k6-comparison` saves, in the order in which it was measured. Additive changes keep the version. */
export interface ComparisonResult {
  format: 'tracelab-k6-comparison';
  version: 1;
  startedAt: string;
  /** False where it was ended early. */
  complete: boolean;
  /** Of the order. */
  seed: number;
  machine: MachineAtStart;
  /** "k6 v1.8.1" */
  k6: string;
  /** Of the server. */
  delayMs: number;
  requestsPerSecond: number;
  durationS: number;
  runs: SenderRun[];
}

const FIELDS = {
  startedAt: 'string',
  complete: 'boolean',
  seed: 'number',
  k6: 'string',
  delayMs: 'number',
  requestsPerSecond: 'number',
  durationS: 'number',
} as const;

/** Reads a saved result; the refusal names the place and what belongs there. */
export function parseComparison(text: string): Result<ComparisonResult> {
  const object = parseResultObject(text, 'k6-comparison');
  if (!object.ok) return object;
  const { value } = object;
  const flaw =
    flawOfFields('', value, FIELDS) ??
    flawOfFields('machine.', value['machine'], MACHINE_AT_START_FIELDS) ??
    flawOfRuns(value['runs']);
  return flaw === undefined ? accept(value as unknown as ComparisonResult) : refuse(flaw);
}

function flawOfRuns(runs: unknown): string | undefined {
  if (!Array.isArray(runs)) return '"runs" should be a list';
  return runs.map(flawOfRun).find((flaw) => flaw !== undefined);
}

function flawOfRun(run: unknown, index: number): string | undefined {
  const at = `runs[${index}].`;
  const flaw = flawOfFields(at, run, { round: 'number', sender: 'string' });
  if (flaw !== undefined || !isRecord(run)) return flaw;
  if (!SENDERS.some((sender) => sender === run['sender']))
    return `"${at}sender" should be one of ${SENDERS.join(', ')}`;
  return flawOfShots(run['shots'], at);
}
