import { Column, columnAt, idWordAt, type SpanBatch } from '../receive/span-batch.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from '../sample/sampler.ts';

/** Sends every span to the sampler that owns its trace, and asks all of them where a question is about everything. */
export interface SamplerRouter {
  /**
   * Refused as soon as one sampler refuses: the sender repeats the whole request, and what the others had taken is
   * then recognised as duplicates.
   */
  accept: (batch: SpanBatch) => Promise<Acceptance>;
  readPending: (traceId: string) => Promise<Uint8Array | undefined>;
  ledger: () => Promise<SamplerLedger>;
  close: () => Promise<void>;
}

export function createSamplerRouter(samplers: readonly Sampler[]): SamplerRouter {
  if (samplers.length === 0) throw new RangeError('a router needs at least one sampler: there was none');
  return {
    accept: async (batch) => {
      const shares = shareOut(batch, samplers.length);
      const answers = await Promise.all(
        samplers.map((sampler, index) => sampler.accept(batch, shares[index] ?? new Uint32Array())),
      );
      return answers.find((answer) => answer.kind === 'refused') ?? { kind: 'accepted' };
    },
    readPending: async (traceId) => {
      const owner = samplers[ownerOf(Number.parseInt(traceId.slice(-8), 16), samplers.length)];
      return owner?.readPending(traceId);
    },
    ledger: async () => sumLedgers(await Promise.all(samplers.map((sampler) => sampler.ledger()))),
    close: async () => {
      await Promise.all(samplers.map((sampler) => sampler.close()));
    },
  };
}

/** Rows of the batch for each sampler. */
function shareOut(batch: SpanBatch, samplerCount: number): Uint32Array[] {
  const shares = Array.from({ length: samplerCount }, () => new Uint32Array(batch.spanCount));
  const lengths = shares.map(() => 0);
  for (let row = 0; row < batch.spanCount; row++) {
    const idTail = idWordAt(batch.bytes, columnAt(batch, row, Column.traceIdAt) + 12) >>> 0;
    const owner = samplerCount === 1 ? 0 : ownerOf(idTail, samplerCount);
    const length = lengths[owner] ?? 0;
    (shares[owner] as Uint32Array)[length] = row;
    lengths[owner] = length + 1;
  }
  return shares.map((share, index) => share.subarray(0, lengths[index]));
}

/** By the last four bytes of the trace id, which W3C level 2 wants random. */
function ownerOf(idTail: number, samplerCount: number): number {
  return idTail % samplerCount;
}

function sumLedgers(ledgers: readonly SamplerLedger[]): SamplerLedger {
  const total = { ...EMPTY_SAMPLER_LEDGER };
  for (const ledger of ledgers) {
    for (const key of Object.keys(total) as (keyof SamplerLedger)[]) total[key] += ledger[key];
  }
  return total;
}
