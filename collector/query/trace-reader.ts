import { decodeTracesData, type TracesData } from '@tracelab/protocol';
import { mergeTracesData } from '@tracelab/model';
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

/** A trace from wherever its spans are: undecided in the sampler, queued, stored, or some here and some there. */
export async function readTrace(traceId: string, from: TraceSource): Promise<FoundTrace | undefined> {
  // The sampler first: what is decided meanwhile is then found twice, and merged, instead of not at all.
  const pending = await from.router.readPending(traceId);
  const parts = await from.store.readParts(traceId);
  if (pending === undefined && parts.length === 0) return undefined;
  const byteCount = [...parts, pending ?? new Uint8Array()].reduce((total, { length }) => total + length, 0);
  if (pending === undefined) return { traceId, byteCount, data: mergeParts(parts), pending: false };
  const undecided = decodeTracesData(pending);
  if (!undecided.ok) throw new Error(`a pending trace cannot be decoded: ${undecided.error}`);
  return { traceId, byteCount, data: mergeTracesData([mergeParts(parts), undecided.value]), pending: true };
}

/**
 * Those of the traces that are there, in their order, until together they reach `bytesMax`: an answer is built in memory,
 * and five hundred traces may be of any size. The first is there whatever its size.
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
    const found = await readTrace(traceId, from);
    if (found === undefined) continue;
    traces.push(found);
    bytesRead += found.byteCount;
  }
  return traces;
}
