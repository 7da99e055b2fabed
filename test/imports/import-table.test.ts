/**
 * Holds the import table of docs/architecture.md over the whole tree, and proves that it would catch a violation:
 * a boundary tool that silently reads nothing passes as well.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '@tracelab/command';
import {
  findViolations,
  IMPORT_TABLE,
  importsOf,
  type Manifests,
  type PackageName,
  type SourceFile,
} from './import-table.ts';

const packages = Object.keys(IMPORT_TABLE) as PackageName[];
const manifests = Object.fromEntries(packages.map((name) => [name, declaredBy(name)])) as unknown as Manifests;
const developmentOnly = declaredBy('.');

describe('the import table', () => {
  it('holds for every file of every package', async () => {
    const files = await sourceFiles();
    for (const name of packages)
      assert.ok(
        files.some((file) => file.path.startsWith(`${name}/`)),
        `no file of ${name} was read`,
      );
    assert.deepEqual(findViolations(files, manifests, developmentOnly), []);
  });

  it('catches a planted violation of each rule', () => {
    const planted: [path: string, text: string, complaint: RegExp][] = [
      ['protocol/x.ts', "import { readFileSync } from 'node:fs';", /protocol uses no platform module/],
      ['protocol/x.ts', "import { tree } from '@tracelab/model';", /protocol may import nothing of ours/],
      ['services/x.ts', "import { start } from '@tracelab/tracer';", /services may import protocol, command/],
      ['lab/x.ts', "export * from '@tracelab/collector';", /lab may import protocol, model, command/],
      ['viewer/x.tsx', "const late = await import('@tracelab/protocol/ids.ts');", /only what protocol\/index.ts lists/],
      ['collector/x.ts', "import '../model/index.ts';", /never by path/],
      ['tracer/x.ts', "import Fastify from 'left-pad';", /tracer\/package.json does not declare left-pad/],
      [
        'tracer/bench/x.ts',
        "import { query } from '@tracelab/collector';",
        /tracer may import protocol, model, command/,
      ],
      ['tracer/x.ts', "import { median } from '@tracelab/model';", /tracer may import protocol$/],
      ['tracer/x.ts', "import { shuffle } from './bench/shuffle.ts';", /a bench is nobody's part/],
      ['model/x.ts', "import fc from 'fast-check';", /model\/package.json does not declare fast-check/],
    ];
    for (const [path, text, complaint] of planted) {
      const found = findViolations([{ path, text }], manifests, developmentOnly);
      assert.equal(found.length, 1, `${path}: ${text} gave ${JSON.stringify(found)}`);
      assert.match(found[0] ?? '', complaint);
    }
  });

  it('reads every form of import and none out of comments', () => {
    const text = `import a from 'a';\nimport {\n  b,\n} from "b";\nimport 'c';\nexport { d } from 'd';\nconst e = await import('e');\nimport type { F } from 'f';\n// import g from 'g';\n/* import 'h'; */`;
    assert.deepEqual(importsOf(text), ['a', 'b', 'c', 'd', 'e', 'f']);
  });
});

async function sourceFiles(): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  const pattern = `{${packages.join(',')}}/**/*.{ts,tsx}`;
  for await (const found of glob(pattern, {
    cwd: projectRoot,
    exclude: (name) => /(^|[\\/])(node_modules|dist)$/.test(name),
  })) {
    files.push({ path: found.replaceAll('\\', '/'), text: readFileSync(join(projectRoot, found), 'utf8') });
  }
  return files;
}

function declaredBy(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(projectRoot, folder, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  return [...Object.keys(manifest['dependencies'] ?? {}), ...Object.keys(manifest['devDependencies'] ?? {})];
}
