import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchProgram } from '@tracelab/command';
import type { KeptProgram } from './keep-alive.ts';

/** What a fake program does. Plain JavaScript, so that it starts quickly; it lives until it is ended. */
export const BEHAVIOURS = {
  well: `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000); process.send({ type: 'tracelab.ready', url: 'http://here' });`,
  stubborn: `process.on('SIGTERM', () => {}); process.on('disconnect', () => process.exit(0)); setInterval(() => {}, 1000); process.send({ type: 'tracelab.ready' });`,
  neverReady: `process.on('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1000);`,
  failsAtStart: `console.log('the database is gone'); process.exit(3);`,
} as const;

export interface FakePrograms {
  program: (name: string, behaviour: keyof typeof BEHAVIOURS) => KeptProgram;
  remove: () => Promise<void>;
}

/** Programs in a folder of their own, launched as the lab launches its real ones. */
export async function makeFakePrograms(): Promise<FakePrograms> {
  const folder = await mkdtemp(join(tmpdir(), 'tracelab-supervise-'));
  for (const [name, source] of Object.entries(BEHAVIOURS)) await writeFile(join(folder, `${name}.mjs`), source);
  return {
    program: (name, behaviour) => ({
      name,
      launch: () =>
        launchProgram({ name, file: join(folder, `${behaviour}.mjs`), logFile: join(folder, 'logs', `${name}.log`) }),
    }),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
