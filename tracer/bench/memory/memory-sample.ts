/** After so many requests, all garbage collected. `externalBytes` are those of buffers, the exporter's batches included. */
export interface MemorySample {
  requests: number;
  heapBytes: number;
  externalBytes: number;
  residentBytes: number;
}
