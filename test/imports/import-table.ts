/**
 * Which package may import which of ours: the arrows of the house. `protocol` and `model` also use no platform module,
 * because they run in a browser and in k6 as well.
 */
export const IMPORT_TABLE = {
  protocol: { ours: [], platform: false },
  model: { ours: ['protocol'], platform: false },
  command: { ours: ['protocol'], platform: true },
  tracer: { ours: ['protocol'], platform: true },
  services: { ours: ['protocol', 'command'], platform: true },
  collector: { ours: ['protocol', 'model', 'command'], platform: true },
  viewer: { ours: ['protocol', 'model'], platform: false },
  loadtest: { ours: ['protocol', 'model', 'command'], platform: true },
  lab: { ours: ['protocol', 'model', 'command'], platform: true },
} as const satisfies Record<string, { ours: readonly string[]; platform: boolean }>;

/**
 * Programs of the repository that lie beside the code they measure: never packed, never imported by it. They start, report
 * and estimate as all programs of ours do.
 */
const BENCH = { folder: /^[a-z]+\/bench\//, ours: ['protocol', 'model', 'command'] } as const;

export type PackageName = keyof typeof IMPORT_TABLE;

/** The only package file of the tracer besides its index that others may name: it is loaded with `--import`. */
const PUBLIC_SUBPATHS = ['@tracelab/tracer/register'];

export interface SourceFile {
  /** Relative to the project's root, with forward slashes. */
  path: string;
  text: string;
}

/** The dependencies that each package's own package.json declares. */
export type Manifests = Readonly<Record<PackageName, readonly string[]>>;

/** Every import that the table forbids, as a sentence with the file. Tests may also import what the root declares for development. */
export function findViolations(
  files: readonly SourceFile[],
  manifests: Manifests,
  developmentOnly: readonly string[],
): string[] {
  return files.flatMap((file) =>
    importsOf(file.text).flatMap((specifier) => judge(file.path, specifier, { manifests, developmentOnly }) ?? []),
  );
}

/** The specifiers of static, dynamic and side-effect imports and of re-exports. */
export function importsOf(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s[^'"();]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;])import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
  return [...code.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

interface Declared {
  manifests: Manifests;
  developmentOnly: readonly string[];
}

function judge(path: string, specifier: string, declared: Declared): string | undefined {
  const owner = path.split('/', 1)[0] as PackageName;
  const rule = IMPORT_TABLE[owner];
  const isTest = isTestFile(path);
  if (specifier.startsWith('.')) return judgeRelative(path, specifier);
  if (specifier.startsWith('node:'))
    return rule.platform || isTest ? undefined : `${path} imports ${specifier}: ${owner} uses no platform module`;
  if (specifier.startsWith('@tracelab/')) return judgeOurs(path, specifier, isTest);
  return judgeForeign(path, specifier, declared);
}

function judgeOurs(path: string, specifier: string, isTest: boolean): string | undefined {
  const owner = path.split('/', 1)[0] as PackageName;
  const [, name = '', ...inside] = specifier.split('/');
  if (inside.length > 0 && !PUBLIC_SUBPATHS.includes(specifier))
    return `${path} imports ${specifier}: only what ${name}/index.ts lists may be imported`;
  const allowed: readonly string[] = BENCH.folder.test(path) ? BENCH.ours : IMPORT_TABLE[owner].ours;
  const mayName = allowed.includes(name) || name === owner || (isTest && name === 'tracer');
  return mayName
    ? undefined
    : `${path} imports ${specifier}: ${owner} may import ${allowed.join(', ') || 'nothing of ours'}`;
}

function judgeForeign(path: string, specifier: string, declared: Declared): string | undefined {
  const owner = path.split('/', 1)[0] as PackageName;
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  // k6 brings its own modules; npm has only their types.
  if (path.startsWith('loadtest/k6/script/') && name === 'k6') return undefined;
  if (declared.manifests[owner].includes(name)) return undefined;
  const isDevelopment = isTestFile(path) || path.endsWith('.config.ts');
  if (isDevelopment && declared.developmentOnly.includes(name)) return undefined;
  return `${path} imports ${specifier}: ${owner}/package.json does not declare ${name}`;
}

function judgeRelative(path: string, specifier: string): string | undefined {
  const owner = path.split('/', 1)[0] ?? '';
  const target = resolveRelative(path, specifier);
  if (BENCH.folder.test(target) && !BENCH.folder.test(path))
    return `${path} imports ${specifier}: a bench is nobody's part`;
  if (target.startsWith(`${owner}/`)) return undefined;
  // k6 knows no packages: its scripts name the public list of a package by path.
  if (path.startsWith('loadtest/') && target === 'protocol/index.ts') return undefined;
  if (isTestFile(path) && target.startsWith('test/')) return undefined;
  return `${path} imports ${specifier}: another package is imported by its name, never by path`;
}

function resolveRelative(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function isTestFile(path: string): boolean {
  return /\.test\.tsx?$|\/fixtures\/|\/test-kit\/|\/contract\//.test(path);
}
