import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rollUpTypes } from './roll-up-types.ts';

const OURS = '@tracelab/';
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
const project = fileURLToPath(new URL('tsconfig.json', import.meta.url));

/**
 * The types of the tracer's index as one file, those of `protocol` that it names inside. The compiler checks the sources
 * against the library of Node 20 (ES2023) on the way; throws an Error with its output.
 */
export function makeDeclarations(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tracelab-types-'));
  try {
    const compiler = spawnSync(process.execPath, [tsc, '-p', project, '--outDir', folder], { encoding: 'utf8' });
    if (compiler.status !== 0) throw new Error(`the tracer's types could not be made:\n${compiler.stdout}`);
    return rollUpTypes(join(folder, 'tracer', 'index.d.ts'), {
      read: (path) => readFileSync(path, 'utf8'),
      resolve: (specifier, from) => resolveDeclaration(specifier, from, folder),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function resolveDeclaration(specifier: string, from: string, folder: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier.replace(/\.ts$/, '.d.ts'));
  return specifier.startsWith(OURS) ? join(folder, specifier.slice(OURS.length), 'index.d.ts') : undefined;
}
