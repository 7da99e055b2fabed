import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { createBatch, type Batch } from '../../otlp-load/batch.ts';
import { describeProcess, SEVEN_SERVICES, spansPerTrace } from '../../otlp-load/trace-shape.ts';

/** As many as a tracer sends at once unless it is told otherwise. */
export const SPANS_PER_REQUEST = 512;
/** Whose spans fill a request of each service that has one span of each: one round of requests. */
const TRACES_PER_ROUND = SPANS_PER_REQUEST;
export const SPANS_PER_ROUND = TRACES_PER_ROUND * spansPerTrace(SEVEN_SERVICES);

const GZIP_LEVEL = 1;
/** Apart from all plain ones. */
const GZIP_FIRST_GENERATION = 2 ** 31;

export const ENCODINGS = ['plain', 'gzip'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** An export request of one service. */
export interface OtlpRequest {
  body: Buffer;
  headers: Readonly<Record<string, string>>;
  spans: number;
  /** Before compression. */
  bytes: number;
}

/**
 * Begins a load: its requests without end, in the order in which seven services send them. A trace is whole after a round,
 * and a load begins with a new one, so that none is given the rest of what an earlier one began.
 */
export type Traffic = (encoding: Encoding) => () => OtlpRequest;

/**
 * Plain requests are of new traces each. Compressing costs more than what is measured, so that is done ahead for so many
 * rounds, over and over again: ids come back after that many spans, which should be more than a collector remembers.
 */
export async function createTraffic(nowUnixMs: number, gzipRounds: number): Promise<Traffic> {
  const batches = batchesOfRound(nowUnixMs);
  const compressed = await compress(batches, gzipRounds);
  const requestAt: Record<Encoding, (index: number) => OtlpRequest> = {
    plain: (index) => {
      const { body, spans, bytes } = batches[index % batches.length] as Batch;
      return { body: body(Math.floor(index / batches.length)), headers: HEADERS, spans, bytes };
    },
    gzip: (index) => compressed[index % compressed.length] as OtlpRequest,
  };
  const sent: Record<Encoding, number> = { plain: 0, gzip: 0 };
  return (encoding) => {
    sent[encoding] = Math.ceil(sent[encoding] / batches.length) * batches.length;
    return () => requestAt[encoding](sent[encoding]++);
  };
}

const HEADERS = { 'content-type': 'application/x-protobuf' } as const;
const GZIP_HEADERS = { ...HEADERS, 'content-encoding': 'gzip' } as const;

/** What is sent of the first traces comes first. */
function batchesOfRound(nowUnixMs: number): Batch[] {
  const places = SEVEN_SERVICES.services.flatMap(({ spans }, process) => {
    const traces = SPANS_PER_REQUEST / spans;
    return Array.from({ length: spans }, (_, part) => ({ process, traces, firstTrace: part * traces, nowUnixMs }));
  });
  places.sort((one, other) => one.firstTrace - other.firstTrace);
  return places.map((place) => createBatch(describeProcess(SEVEN_SERVICES, place)));
}

async function compress(batches: readonly Batch[], rounds: number): Promise<OtlpRequest[]> {
  const requests: OtlpRequest[] = [];
  for (let round = 0; round < rounds; round++)
    for (const { body, spans, bytes } of batches) {
      const compressed = await zip(body(GZIP_FIRST_GENERATION + round), { level: GZIP_LEVEL });
      requests.push({ body: compressed, headers: GZIP_HEADERS, spans, bytes });
    }
  return requests;
}

const zip = promisify(gzip);
