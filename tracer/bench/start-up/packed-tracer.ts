import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { projectRoot } from '@tracelab/command';
import { writeBundle } from '../../pack/bundle.ts';

/** Inside the project, so that the packed tracer finds `@opentelemetry/api` where an application's would be. */
const FOLDER = resolve(projectRoot, '.tracelab', 'bench', 'packed-tracer');

/** Packs the tracer as it is now, without its types, and says what an application would give to `--import`. */
export async function packForBench(): Promise<string> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  await writeBundle(FOLDER);
  return join(FOLDER, 'register.cjs');
}
