import { gzipSync } from 'node:zlib';
import type { Recording } from './recording.ts';
import type { StoredFile } from './store-traces.ts';

/** What the spans of one shape take: bytes for each span. */
export interface ShapeFigures {
  title: string;
  traces: number;
  spans: number;
  exportRequests: number;
  wireBytesPerSpan: number;
  gzipBytesPerSpan: number;
  diskBytesPerSpan: number;
  files: readonly StoredFile[];
}

/** gzip as an exporter does it: each request by itself, at zlib's default level, 6. Throws a RangeError where there is no span. */
export function figuresOf({ title, requests, spans, traces }: Recording, files: readonly StoredFile[]): ShapeFigures {
  if (spans === 0) throw new RangeError(`${title}: there is no span to divide by`);
  const bytesOf = (bodies: readonly Uint8Array[]): number => sum(bodies.map(({ length }) => length));
  return {
    title,
    traces,
    spans,
    exportRequests: requests.length,
    wireBytesPerSpan: bytesOf(requests) / spans,
    gzipBytesPerSpan: bytesOf(requests.map((body) => gzipSync(body))) / spans,
    diskBytesPerSpan: bytesOnDisk(files) / spans,
    files,
  };
}

export function bytesOnDisk(files: readonly StoredFile[]): number {
  return sum(files.map(({ bytes }) => bytes));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
