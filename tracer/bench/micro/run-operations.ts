import { context } from '@opentelemetry/api';
import { NotHeldError } from '@tracelab/command';
import { BATCH_SPANS } from '../subject/subject.ts';
import type { Subject } from '../subject/subject.ts';
import type { SpanCase } from './span-case.ts';

/** One case of one subject, ready to run as often as asked for. */
export interface Operations {
  readonly case: SpanCase;
  readonly subject: Subject;
  readonly run: () => unknown;
}

/** What an operation returned last: as long as somebody could look here, nothing of it can be optimised away. */
let kept: unknown;

/** Only for the process' sake: reading it proves that it is kept. */
export function lastKept(): unknown {
  return kept;
}

export function prepareOperations(spanCase: SpanCase, subject: Subject): Operations {
  register(subject);
  return { case: spanCase, subject, run: spanCase.prepare(subject) };
}

/** How many operations fill a batch; the unit of every block. */
export function operationsPerBatch(spanCase: SpanCase): number {
  return spanCase.spansEncoded === 0 ? BATCH_SPANS : BATCH_SPANS / spanCase.spansEncoded;
}

/** Makes the subject's context manager the one of the process: two tracers cannot both be registered. */
export function register(subject: Subject): void {
  context.disable();
  context.setGlobalContextManager(subject.contextManager);
}

/** Runs so many batches of operations; between them the exporters' promises get their turn, as they would in a service. */
export async function runBatches({ case: spanCase, run }: Operations, batches: number): Promise<void> {
  const operations = operationsPerBatch(spanCase);
  for (let batch = 0; batch < batches; batch++) {
    kept = runInLoop(run, operations);
    await drainMicrotasks();
  }
}

function runInLoop(run: () => unknown, count: number): unknown {
  let last: unknown;
  for (let index = 0; index < count; index++) last = run();
  return last;
}

/** More turns than a batch's way through either exporter takes; together some hundred nanoseconds. */
const TURNS = 12;

async function drainMicrotasks(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
}

/** A tracer that drops spans is fast: no such block may count. */
export function checkAllEncoded({ case: spanCase, subject }: Operations, encodedBefore: number, batches: number): void {
  const expected = spanCase.spansEncoded === 0 ? 0 : batches;
  const encoded = subject.batchesEncoded() - encodedBefore;
  if (encoded === expected) return;
  throw new NotHeldError(`${spanCase.name} of ${subject.name}: ${encoded} batches became bytes: should be ${expected}`);
}
