import { ApiError } from '@tracelab/command';
import { accept, type Result, type TracesData } from '@tracelab/protocol';
import type { SamplerRouter } from '../route/sampler-router.ts';
import { mergeParts } from '../store/summarize-row.ts';
import type { TraceStore } from '../store/trace-store.ts';

export interface FoundTrace {
  traceId: string;
  data: TracesData;
  /** Of its encoded parts: what it costs in memory, roughly. */
  byteCount: number;
  /** Not yet decided: more may come, and it may yet be sampled out. */
  pending: boolean;
}

export interface TraceSource {
  router: Pick<SamplerRouter, 'readPending'>;
  store: Pick<TraceStore, 'readParts'>;
}

/**
 * A trace from wherever its spans are: undecided in the sampler, queued, stored, or some here and some there. Throws an ApiError where
 * it is too large to be read.
 */
export async function readTrace(traceId: string, from: TraceSource): Promise<FoundTrace | undefined> {
  const found = await findTrace(traceId, from);
  if (found === undefined || found.ok) return found?.value;
  throw new ApiError('too_large', `trace ${traceId} is here, but too large to be shown: ${found.error}`);
}

async function findTrace(traceId: string, from: TraceSource): Promise<Result<FoundTrace> | undefined> {
  // The sampler first: what is decided meanwhile is then found twice, and merged, instead of not at all.
  const undecided = await from.router.readPending(traceId);
  const stored = await from.store.readParts(traceId);
  const parts = undecided === undefined ? stored : [...stored, undecided];
  if (parts.length === 0) return undefined;
  const data = mergeParts(parts);
  if (!data.ok) return data;
  const byteCount = parts.reduce((total, { length }) => total + length, 0);
  return accept({ traceId, byteCount, data: data.value, pending: undecided !== undefined });
}

/**
 * Those of the traces that are there, in their order, until together they reach `bytesMax`: an answer is built in memory,
 * and five hundred traces may be of any size. The first is there whatever its size; one that is too large to be read is left out.
 */
export async function readTraces(
  traceIds: readonly string[],
  from: TraceSource,
  bytesMax: number,
): Promise<FoundTrace[]> {
  const traces: FoundTrace[] = [];
  let bytesRead = 0;
  for (const traceId of traceIds) {
    if (bytesRead >= bytesMax) break;
    const found = await findTrace(traceId, from);
    if (found === undefined || !found.ok) continue;
    traces.push(found.value);
    bytesRead += found.value.byteCount;
  }
  return traces;
}
