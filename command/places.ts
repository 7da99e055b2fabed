import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './read-settings.ts';

/** The folder of the repository: programs are named relative to it. */
export const projectRoot: string = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Where all state lies; deleting it is a full reset. `LAB_DATA_DIR` moves it. */
export function dataFolder(environment: Environment): string {
  const named = environment['LAB_DATA_DIR'];
  return named !== undefined && named !== '' ? resolve(named) : resolve(projectRoot, '.tracelab');
}
