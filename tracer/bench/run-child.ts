import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { NotHeldError, projectRoot } from '@tracelab/command';

export interface Child {
  /** Relative to tracer/bench. */
  file: string;
  args?: readonly string[];
  /** Arguments of node itself. */
  nodeArgs?: readonly string[];
  env?: Readonly<Record<string, string>>;
}

/** In `.tracelab`, as all programs of ours do: children strip no types, so that a run is not half compiler. */
export const COMPILE_CACHE = resolve(projectRoot, '.tracelab', 'compile-cache');

/**
 * Runs a program of the bench to its end and gives the JSON that it printed, unchecked. It sees nothing of this process'
 * environment but PATH: a NODE_OPTIONS or OTEL_* of the user's shell would be measured as well. Throws a NotHeldError with
 * what it wrote to stderr where it fails.
 */
export async function runChild(
  { file, args = [], nodeArgs = [], env = {} }: Child,
  signal: AbortSignal,
): Promise<unknown> {
  const child = spawn(process.execPath, [...nodeArgs, join(import.meta.dirname, file), ...args], {
    cwd: projectRoot,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
  });
  failed.catch(() => {});
  const [printed, complaint, [code]] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]),
    failed,
  ]);
  if (code !== 0) throw new NotHeldError(`${file} ${args.join(' ')} ended with ${String(code)}: ${complaint.trim()}`);
  return JSON.parse(printed) as unknown;
}
