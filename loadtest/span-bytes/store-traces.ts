import { freePortBase, launchProgram, NotHeldError, type LaunchedProgram } from '@tracelab/command';
import { LOOPBACK_HOST, PORTS, portFor } from '@tracelab/protocol';
import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { NEUTRAL_ENVIRONMENT } from '../overhead/process-set.ts';
import { sendSpans, untilStored } from './collector-client.ts';
import type { Recording } from './recording.ts';

export interface StoredFile {
  /** Below the folder of the collector's data. */
  path: string;
  bytes: number;
}

/** Above the five seconds that the collector gives its store to end. */
const STOP_LIMIT_MS = 15_000;

/**
 * Starts the real collector on an empty folder, sends it every request, waits until the store has every span, ends it, and
 * measures what lies in the folder. Throws a NotHeldError where one span was not stored.
 */
export async function storeTraces(
  recording: Pick<Recording, 'requests' | 'spans'>,
  folder: string,
  signal: AbortSignal,
): Promise<StoredFile[]> {
  const environment = { LAB_PORT_BASE: String(await freePortBase()) };
  const collector = launchProgram({
    name: 'collector',
    file: 'collector/main.ts',
    args: ['--data', folder, '--log-level', 'error'],
    env: {
      ...NEUTRAL_ENVIRONMENT,
      ...UNSET_PORTS,
      ...environment,
      LAB_DATA_DIR: folder,
      COLLECTOR_PENDING_MEBIBYTES_MAX: '',
    },
  });
  try {
    const { url: queryUrl = '' } = await collector.ready;
    const otlpUrl = `http://${LOOPBACK_HOST}:${portFor('otlpHttp', environment)}/v1/traces`;
    for (const body of recording.requests) await sendSpans(otlpUrl, body, signal);
    await untilStored(queryUrl, recording.spans, { signal });
  } finally {
    await endCleanly(collector, signal);
  }
  return filesIn(folder);
}

/** What a shell may have set for another collector. */
const UNSET_PORTS = Object.fromEntries(Object.values(PORTS).map(({ variable }) => [variable, '']));

/** A store that was killed leaves its log beside it, which a store that ended has not. */
async function endCleanly(collector: LaunchedProgram, signal: AbortSignal): Promise<void> {
  const end = await collector.stop(STOP_LIMIT_MS);
  if (end.code !== 0 && !signal.aborted)
    throw new NotHeldError(`the collector did not end cleanly, so its files are not final:\n${end.lastLines}`);
}

async function filesIn(folder: string): Promise<StoredFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.sort().map(async (path) => ({ path: relative(folder, path), bytes: (await stat(path)).size })),
  );
}
