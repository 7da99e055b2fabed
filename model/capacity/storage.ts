import { perDay, type Flow } from './traffic.ts';

export interface StoragePolicy {
  retentionDays: number;
  /** Copies of all that is stored. */
  copies: number;
  /** Bytes of the wire over bytes of the store. */
  compression: number;
  /** Bytes of index for each byte stored; 0 where the compression counts it already. Dapper's was 0.74. */
  indexShare: number;
  /** Of 10^9 bytes; undefined where nobody asked. */
  costPerGigabyteMonth?: number;
}

export interface Storage {
  /** When as much is deleted as arrives. */
  spans: number;
  dataBytes: number;
  indexBytes: number;
  totalBytes: number;
  costPerMonth?: number;
}

/** stored = bytes a day x days x copies / compression, and the index on top. `kept` is the average after all sampling. */
export function storageOf(kept: Flow, policy: StoragePolicy): Storage {
  const { bytesPerDay, spansPerDay } = perDay(kept);
  const dataBytes = (bytesPerDay * policy.retentionDays * policy.copies) / policy.compression;
  const indexBytes = dataBytes * policy.indexShare;
  const totalBytes = dataBytes + indexBytes;
  return {
    spans: spansPerDay * policy.retentionDays,
    dataBytes,
    indexBytes,
    totalBytes,
    ...(policy.costPerGigabyteMonth === undefined
      ? {}
      : { costPerMonth: (totalBytes / 1e9) * policy.costPerGigabyteMonth }),
  };
}
