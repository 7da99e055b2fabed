import { decodeTracesData, type TracesData } from '@tracelab/protocol';
import { mergeTracesData } from '@tracelab/model';
import type { SamplerRouter } from '../route/sampler-router.ts';
import { mergeParts } from '../store/summarize-row.ts';
import type { TraceStore } from '../store/trace-store.ts';

export interface FoundTrace {
  data: TracesData;
  /** Not yet decided: more may come, and it may yet be sampled out. */
  pending: boolean;
}

/** A trace from wherever its spans are: undecided in the sampler, queued, stored, or some here and some there. */
export async function readTrace(
  traceId: string,
  from: { router: SamplerRouter; store: TraceStore },
): Promise<FoundTrace | undefined> {
  // The sampler first: what is decided meanwhile is then found twice, and merged, instead of not at all.
  const pending = await from.router.readPending(traceId);
  const parts = await from.store.readParts(traceId);
  if (pending === undefined && parts.length === 0) return undefined;
  if (pending === undefined) return { data: mergeParts(parts), pending: false };
  const undecided = decodeTracesData(pending);
  if (!undecided.ok) throw new Error(`a pending trace cannot be decoded: ${undecided.error}`);
  return { data: mergeTracesData([mergeParts(parts), undecided.value]), pending: true };
}
