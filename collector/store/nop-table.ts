import type { TraceTable } from './trace-table.ts';

/** `exporters.nop`, as upstream: takes everything and keeps nothing, for those who measure what is in front of it. */
export class NopTable implements TraceTable {
  write(): ReturnType<TraceTable['write']> {
    return Promise.resolve({ kind: 'stored' });
  }

  readParts(): Promise<Uint8Array[]> {
    return Promise.resolve([]);
  }

  search(): ReturnType<TraceTable['search']> {
    return Promise.resolve({ traces: [], truncated: false });
  }

  services(): Promise<string[]> {
    return Promise.resolve([]);
  }

  operations(): Promise<string[]> {
    return Promise.resolve([]);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
