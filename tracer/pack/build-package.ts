import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeBundle } from './bundle.ts';
import { makeDeclarations } from './declarations.ts';
import { packedManifest } from './manifest.ts';
import type { SourceManifest } from './manifest.ts';

const tracer = fileURLToPath(new URL('..', import.meta.url));

/** Makes of the folder, which is emptied first, what npm would unpack as node_modules/@tracelab/tracer. About half a second. */
export async function buildPackage(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const names = (await writeBundle(folder)).join(', ');
  put('index.mjs', `import tracer from './index.cjs';\nexport const { ${names} } = tracer;\n`);
  const types = makeDeclarations();
  put('index.d.cts', types);
  put('index.d.mts', types);
  put('register.d.cts', 'export {};\n');
  const source = JSON.parse(readFileSync(join(tracer, 'package.json'), 'utf8')) as SourceManifest;
  put('package.json', `${JSON.stringify(packedManifest(source), undefined, 2)}\n`);
  copyFileSync(join(tracer, 'README.md'), join(folder, 'README.md'));
}
