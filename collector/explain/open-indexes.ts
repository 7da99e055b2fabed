import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogFiles } from '../log/log-files.ts';
import type { SegmentLog } from '../log/segment-log.ts';
import { readIndex, rebuildIndex, type SegmentIndex } from './segment-index.ts';

const NAME = /^(\d{12})\.index$/;

/** Beside its segment, and of its number. */
export function indexFileName(segment: number): string {
  return `${String(segment).padStart(12, '0')}.index`;
}

/** Of every segment that has records, oldest first. One that is missing or broken is made again from its segment; one whose segment is gone is removed. */
export async function openIndexes(
  log: SegmentLog,
  folder: string,
  files: LogFiles,
): Promise<Map<number, SegmentIndex>> {
  const indexes = new Map<number, SegmentIndex>();
  for (const segment of log.segments) {
    const path = join(folder, indexFileName(segment));
    const index = (await readIndex(path)) ?? (await remake(log, segment, { path, files }));
    if (index !== undefined) indexes.set(segment, index);
  }
  const orphans = (await readdir(folder)).filter((name) => {
    const digits = NAME.exec(name)?.[1];
    return digits !== undefined && !indexes.has(Number(digits));
  });
  for (const name of orphans) await files.remove(join(folder, name));
  return indexes;
}

/** Stays in memory where the disk refuses it. Undefined where nothing of the segment can be read. */
async function remake(
  log: SegmentLog,
  segment: number,
  { path, files }: { path: string; files: LogFiles },
): Promise<SegmentIndex | undefined> {
  const rebuilt = await rebuildIndex(log.read(segment));
  return rebuilt?.write(path, files).catch(() => rebuilt);
}
