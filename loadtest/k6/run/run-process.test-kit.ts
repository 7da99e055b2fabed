import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '@tracelab/command';

export interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

type Environment = Readonly<Record<string, string>>;

/** Any program, to its end, and what it printed. */
export async function runProcess(
  command: string,
  args: readonly string[],
  environment: Environment = {},
): Promise<Ended> {
  const child = spawn(command, args, { env: { ...process.env, ...environment } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, stderr };
}

/** A verb of the load tests as a user runs it, a process of its own. */
export function runLoadtest(args: readonly string[], environment: Environment = {}): Promise<Ended> {
  return runProcess(process.execPath, [join(projectRoot, 'loadtest/main.ts'), ...args], environment);
}
