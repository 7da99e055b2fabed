import { allRows, Column, columnAt, idWordAt, type SpanBatch } from '../receive/span-batch.ts';
import type { Ruling } from '../sample/policies/policy.ts';
import { addFates, noFates, type SpanFates } from '../sample/span-fates.ts';
import { EMPTY_SAMPLER_LEDGER, type Acceptance, type Sampler, type SamplerLedger } from '../sample/sampler.ts';

/** Many samplers as one: sends every span to the one that owns its trace, and asks all of them where a question is about everything. */
export interface SamplerRouter extends Sampler {
  /**
   * Refused as soon as one sampler refuses: the sender repeats the whole request, and what the others had taken is
   * then recognised as duplicates. All rows, unless told which.
   */
  accept: (batch: SpanBatch, rows?: Uint32Array, onReleased?: (fates: SpanFates) => void) => Promise<Acceptance>;
}

export function createSamplerRouter(samplers: readonly Sampler[]): SamplerRouter {
  if (samplers.length === 0) throw new RangeError('a router needs at least one sampler: there was none');
  return {
    accept: async (batch, rows = allRows(batch), onReleased) => {
      const shares = shareOut(batch, rows, samplers.length);
      const release = onReleased === undefined ? undefined : afterCalls(samplers.length, onReleased);
      const answers = await Promise.all(
        samplers.map((sampler, index) => sampler.accept(batch, shares[index] ?? new Uint32Array(), release)),
      );
      return answers.find((answer) => answer.kind === 'refused') ?? { kind: 'accepted' };
    },
    tick: () => {
      for (const sampler of samplers) sampler.tick();
    },
    remember: (rulings) => {
      const shares = shareOutRulings(rulings, samplers.length);
      for (const [index, sampler] of samplers.entries()) sampler.remember(shares[index] ?? new Map());
    },
    readPending: async (traceId) => samplers[ownerOfId(traceId, samplers.length)]?.readPending(traceId),
    ledger: () => sumLedgers(samplers.map((sampler) => sampler.ledger())),
    close: async () => {
      await Promise.all(samplers.map((sampler) => sampler.close()));
    },
  };
}

/** Rows of the batch for each sampler. */
function shareOut(batch: SpanBatch, rows: Uint32Array, samplerCount: number): Uint32Array[] {
  if (samplerCount === 1) return [rows];
  const shares = Array.from({ length: samplerCount }, () => new Uint32Array(rows.length));
  const lengths = shares.map(() => 0);
  for (const row of rows) {
    const idTail = idWordAt(batch.bytes, columnAt(batch, row, Column.traceIdAt) + 12) >>> 0;
    const owner = ownerOf(idTail, samplerCount);
    const length = lengths[owner] ?? 0;
    (shares[owner] as Uint32Array)[length] = row;
    lengths[owner] = length + 1;
  }
  return shares.map((share, index) => share.subarray(0, lengths[index]));
}

function shareOutRulings(rulings: ReadonlyMap<string, Ruling>, samplerCount: number): Map<string, Ruling>[] {
  const shares = Array.from({ length: samplerCount }, () => new Map<string, Ruling>());
  for (const [traceId, ruling] of rulings) shares[ownerOfId(traceId, samplerCount)]?.set(traceId, ruling);
  return shares;
}

function ownerOfId(traceId: string, samplerCount: number): number {
  return ownerOf(Number.parseInt(traceId.slice(-8), 16), samplerCount);
}

/** By the last four bytes of the trace id, which W3C level 2 wants random. */
function ownerOf(idTail: number, samplerCount: number): number {
  return idTail % samplerCount;
}

function afterCalls(count: number, act: (fates: SpanFates) => void): (fates: SpanFates) => void {
  let callsLeft = count;
  const total = noFates();
  return (fates) => {
    addFates(total, fates);
    if (--callsLeft === 0) act(total);
  };
}

function sumLedgers(ledgers: readonly SamplerLedger[]): SamplerLedger {
  const total = { ...EMPTY_SAMPLER_LEDGER };
  for (const ledger of ledgers) {
    for (const key of Object.keys(total) as (keyof SamplerLedger)[]) total[key] += ledger[key];
  }
  return total;
}
