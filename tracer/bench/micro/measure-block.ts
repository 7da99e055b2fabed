import { collectYoungGarbage } from '../collect-garbage.ts';
import type { Subject } from '../subject/subject.ts';
import { checkAllEncoded, operationsPerBatch, prepareOperations, register, runBatches } from './run-operations.ts';
import type { Operations } from './run-operations.ts';
import type { SpanCase } from './span-case.ts';

export interface BlockPlan {
  blockMs: number;
  warmUpMs: number;
}

/** One case of one subject, warm, and how many batches of it last as long as a block should. */
export interface Block {
  operations: Operations;
  batches: number;
}

export async function prepareBlock(spanCase: SpanCase, subject: Subject, plan: BlockPlan): Promise<Block> {
  const operations = prepareOperations(spanCase, subject);
  return { operations, batches: await warmUp(operations, plan) };
}

/** The block with an empty young generation before it, so that it clears away its own garbage only. */
export async function measureAlone({ operations, batches }: Block): Promise<number> {
  collectYoungGarbage();
  return measureBlock(operations, batches);
}

/**
 * Nanoseconds of CPU for each operation, of the whole process: what the collector of garbage and the compiler do on other
 * threads belongs to it, what other processes take from the cores does not.
 */
export async function measureBlock(operations: Operations, batches: number): Promise<number> {
  register(operations.subject);
  const encodedBefore = operations.subject.batchesEncoded();
  const before = process.cpuUsage();
  await runBatches(operations, batches);
  const { user, system } = process.cpuUsage(before);
  checkAllEncoded(operations, encodedBefore, batches);
  return ((user + system) * 1000) / (batches * operationsPerBatch(operations.case));
}

/** Runs for so long, and says how many batches make a block of the wanted length. */
async function warmUp(operations: Operations, { warmUpMs, blockMs }: BlockPlan): Promise<number> {
  const perOperationMs = (ns: number): number => Math.max(ns, 1) / 1e6;
  const batchesFor = (ms: number, ns: number): number =>
    Math.max(1, Math.round(ms / (perOperationMs(ns) * operationsPerBatch(operations.case))));
  const coldNs = await measureBlock(operations, 4);
  await measureBlock(operations, batchesFor(warmUpMs, coldNs));
  return batchesFor(blockMs, await measureBlock(operations, 8));
}
