import { open, readFile, rename } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { EMPTY_LEDGER, isRecord } from '@tracelab/protocol';
import { findImbalance, type LedgerCounts } from './ledger.ts';

/** What a life writes down for the next one. */
export interface LedgerSnapshot {
  /** When the ledger began to count. */
  sinceUnixMs: number;
  /** Without what the write-ahead log can tell: that is counted when it is replayed. */
  counts: LedgerCounts;
  /** Segments of the write-ahead log that are in these counts, and may still be there. */
  segmentsSettled: number[];
  /** The highest number of a segment that ever was in them: the next log begins above. */
  segmentLast: number;
}

export interface LedgerFileOptions {
  path: string;
  /** Whether the folder has traces of an earlier life, so that a missing file is worth a word. */
  wasUsed: boolean;
  report: (message: string) => void;
}

const VERSION = 1;

/** Undefined where the ledger begins anew: there is no file, or none that can be understood, which is reported. Never rejects. */
export async function readLedgerFile({
  path,
  wasUsed,
  report,
}: LedgerFileOptions): Promise<LedgerSnapshot | undefined> {
  const anew = 'the ledger counts from now on, and what the write-ahead log holds as received now';
  try {
    return readSnapshot(await readFile(path, 'utf8'));
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing)
      report(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}; ${anew}`);
    else if (wasUsed) report(`${path} is missing beside traces of an earlier run: ${anew}`);
    return undefined;
  }
}

/** The old one or the new one is there at any moment, and whole. */
export async function writeLedgerFile(path: string, snapshot: LedgerSnapshot): Promise<void> {
  const body = JSON.stringify(snapshot);
  const draft = `${path}.draft`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(`{"version":${VERSION},"checksum":${crc32(body)},"snapshot":${body}}\n`);
    // Otherwise a power cut may leave the new name with nothing behind it.
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(draft, path);
}

/** Throws where it is not what was written. */
function readSnapshot(text: string): LedgerSnapshot {
  const file: unknown = JSON.parse(text);
  if (!isRecord(file)) throw new Error('it should be an object');
  const { version, checksum, snapshot } = file;
  if (version !== VERSION) throw new Error(`its version should be ${VERSION}: was ${JSON.stringify(version)}`);
  if (checksum !== crc32(JSON.stringify(snapshot))) throw new Error('its checksum does not hold');
  if (!isSnapshot(snapshot)) throw new Error('it does not have the counts of a ledger');
  const imbalance = findImbalance(snapshot.counts);
  if (imbalance !== undefined) throw new Error(`it does not balance: ${imbalance}`);
  return snapshot;
}

function isSnapshot(value: unknown): value is LedgerSnapshot {
  if (!isRecord(value) || !isRecord(value['counts']) || !Array.isArray(value['segmentsSettled'])) return false;
  const { sinceUnixMs, counts, segmentLast } = value;
  const segments: unknown[] = value['segmentsSettled'];
  const numbers = [sinceUnixMs, segmentLast, ...segments, ...Object.keys(EMPTY_LEDGER).map((key) => counts[key])];
  return numbers.every((number) => typeof number === 'number' && Number.isSafeInteger(number) && number >= 0);
}
