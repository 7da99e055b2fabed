import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';

export interface BuiltViewer {
  folder: string;
  remove: () => void;
}

/** Bundles the sources as they are now into a folder of the test's own, so that no test looks at an old bundle. */
export async function buildViewer(): Promise<BuiltViewer> {
  const folder = mkdtempSync(join(tmpdir(), 'tracelab-viewer-'));
  await build({
    configFile: join(import.meta.dirname, '..', 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
