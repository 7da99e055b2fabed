import { createReadStream } from 'node:fs';
import { UsageError } from '@tracelab/command';
import { COMPRESSION, type CapacityDemand, type TrafficRow } from '@tracelab/model';
import type { Result } from '@tracelab/protocol';
import { readPreset, readShare } from './read-share.ts';
import { readServices, readSpanBytes } from './read-services.ts';
import type { CapacitySettings } from './settings.ts';

/** What is asked, without the figures of a collector. */
export type Demand = Omit<CapacityDemand, 'collector'> & {
  /** True where every request of every service was taken to begin a trace, since nobody said how many do. */
  isTraceRateUpperBound: boolean;
};

const CSV_BYTES_MAX = 1024 * 1024;
const COMPRESSION_FACTORS = Object.fromEntries(Object.entries(COMPRESSION).map(([name, { factor }]) => [name, factor]));

/** Throws a UsageError that names the flag or the line, what it was and what is allowed. */
export async function readDemand(settings: CapacitySettings): Promise<Demand> {
  const rows = settings.csv === '' ? [rowOfFlags(settings)] : await rowsOfFile(settings);
  const sum = rows.reduce((total, row) => total + row.requestsPerSecond, 0);
  const compression = readPreset(settings.compression, COMPRESSION_FACTORS, 'a factor above 0');
  return {
    rows,
    tracesPerSecond: settings.rps > 0 ? settings.rps : sum,
    isTraceRateUpperBound: settings.rps === 0,
    headRate: valueOf('--head-rate', readShare(settings.headRate)),
    tailKeep: valueOf('--tail-keep', readShare(settings.tailKeep)),
    windowS: settings.windowS,
    utilisationMax: settings.utilisation,
    storage: {
      retentionDays: settings.retentionDays,
      copies: settings.replicas,
      compression: valueOf('--compression', compression),
      indexShare: settings.indexShare,
      ...(settings.costPerGbMonth > 0 ? { costPerGigabyteMonth: settings.costPerGbMonth } : {}),
    },
  };
}

function rowOfFlags(settings: CapacitySettings): TrafficRow {
  if (settings.rps === 0)
    throw new UsageError('--rps should be the requests of users in a second, above 0: was not given (or use --csv)');
  if (settings.spans === 0)
    throw new UsageError('--spans should be the spans of one request, above 0: was not given (or use --csv)');
  return {
    service: 'all services',
    requestsPerSecond: settings.rps,
    spansPerRequest: settings.spans,
    bytesPerSpan: valueOf('--span-bytes', readSpanBytes(settings.spanBytes)),
    peakFactor: settings.peak,
  };
}

async function rowsOfFile({ csv, spans, spanBytes, peak }: CapacitySettings): Promise<TrafficRow[]> {
  if (spans > 0) throw new UsageError('--spans should not be given with --csv, whose rows say them');
  const defaults = { bytesPerSpan: valueOf('--span-bytes', readSpanBytes(spanBytes)), peakFactor: peak };
  return valueOf(`--csv ${csv}`, readServices(await readText(csv), defaults));
}

async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    // One more than is read: a file without an end is not read to its end.
    bytes = Buffer.concat(await createReadStream(file, { end: CSV_BYTES_MAX }).toArray());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--csv ${file} cannot be read: ${reason}`, { cause: error });
  }
  if (bytes.length > CSV_BYTES_MAX) throw new UsageError(`--csv ${file} is too long: at most 1 MiB is read`);
  return bytes.toString('utf8');
}

function valueOf<Value>(name: string, result: Result<Value>): Value {
  if (result.ok) return result.value;
  throw new UsageError(`${name} ${result.error}`);
}
