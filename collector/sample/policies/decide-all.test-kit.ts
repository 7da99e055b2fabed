import { encodeTracesData, type TracesData } from '@tracelab/protocol';
import { parseConfig } from '../../config/parse-config.ts';
import { roomySink } from '../../fixtures/decided.ts';
import { scanRequest } from '../../receive/scan-request.ts';
import { allRows, type SpanBatch } from '../../receive/span-batch.ts';
import { TailSampler } from '../tail-sampler.ts';
import { Ballot } from './ballot.ts';
import { configWith } from './cases.test-kit.ts';
import { decideBy } from './decide-by.ts';

/** The batches that receive hands on for these requests. */
export function scanAll(requests: readonly TracesData[]): SpanBatch[] {
  return requests.map((request) => {
    const scanned = scanRequest(encodeTracesData(request));
    if (!scanned.ok) throw new Error(scanned.error);
    return scanned.value.batch;
  });
}

/** What our sampler keeps of these requests with these policies, spans by trace id, decided at the end. */
export async function decideAll(batches: readonly SpanBatch[], policies: string): Promise<Map<string, number>> {
  const { tailSampling } = parseConfig(configWith(policies));
  const nowMs = (): number => 0;
  const ballot = new Ballot();
  const kept = new Map<string, number>();
  const sink = roomySink(({ traceId, spanCount }) => void kept.set(traceId, spanCount));
  const sampler = new TailSampler(
    {
      decide: decideBy(tailSampling, { ballot, sink, nowMs }),
      decisionWaitMs: tailSampling.decisionWaitMs,
      decisionWaitAfterRootMs: 0,
      pendingTracesMax: tailSampling.tracesMax,
      pendingBytesMax: Number.POSITIVE_INFINITY,
      decisionsMax: { sampled: 1, notSampled: 1 },
    },
    {
      sink,
      nowMs,
    },
  );
  for (const batch of batches) await sampler.accept(batch, allRows(batch));
  await sampler.close();
  return kept;
}
