import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packTracer } from '../pack/pack-tracer.ts';

const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const fixtures = fileURLToPath(new URL('../pack/fixtures', import.meta.url));
const NODE_MAJOR_MIN = 20;
/** A program that hangs fails, instead of its test hanging with it. */
const BOUNDED = { timeout: 60_000, killSignal: 'SIGKILL' } as const;

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** The packed tracer, unpacked into an application outside of the repository. What else it needs is linked, so nothing is downloaded. */
export class PackedApplication {
  readonly folder: string;
  readonly packageFolder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.packageFolder = join(folder, 'node_modules', '@tracelab', 'tracer');
  }

  static async install(): Promise<PackedApplication> {
    const application = new PackedApplication(mkdtempSync(join(tmpdir(), 'tracelab-packed-')));
    const { folder, packageFolder } = application;
    const tarball = await packTracer(join(folder, 'pack'));
    mkdirSync(packageFolder, { recursive: true });
    execFileSync('tar', ['-xzf', tarball, '-C', packageFolder, '--strip-components=1']);
    mkdirSync(join(folder, 'node_modules', '@opentelemetry'));
    for (const name of ['@opentelemetry/api', 'fastify'])
      symlinkSync(join(modules, name), join(folder, 'node_modules', name), 'junction');
    cpSync(fixtures, folder, { recursive: true });
    return application;
  }

  /** Runs until it ends by itself; the tracer sends to the sink. */
  run(node: string, args: readonly string[], sinkUrl: string): Promise<Ended> {
    const env = { PATH: process.env['PATH'], OTEL_SERVICE_NAME: 'shop', OTEL_EXPORTER_OTLP_ENDPOINT: sinkUrl };
    return new Promise((resolve) => {
      execFile(node, args, { cwd: this.folder, env, ...BOUNDED }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * The running Node, those that TRACELAB_NODES lists, and those of other versions on the path, from 20 on: one binary for
 * each version.
 */
export function nodesToTry(): Map<string, string> {
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const named = (process.env['TRACELAB_NODES'] ?? '').split(',').filter((path) => path !== '');
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, binary));
  const found = new Map([[process.version, process.execPath]]);
  for (const path of [...named, ...onPath]) {
    const version = versionOf(path);
    if (version !== undefined && majorOf(version) >= NODE_MAJOR_MIN && !found.has(version)) found.set(version, path);
  }
  return found;
}

export function majorOf(version: string): number {
  return Number.parseInt(version.slice(1), 10);
}

function versionOf(path: string): string | undefined {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
