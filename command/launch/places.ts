import { resolve } from 'node:path';
import type { Environment } from '../settings/read-settings.ts';

/** The folder of the repository: programs are named relative to it. */
export const projectRoot: string = resolve(import.meta.dirname, '..', '..');

/** Where all state lies; deleting it is a full reset. `LAB_DATA_DIR` moves it. */
export function dataFolder(environment: Environment): string {
  const named = environment['LAB_DATA_DIR'];
  return named !== undefined && named !== '' ? resolve(named) : resolve(projectRoot, '.tracelab');
}
