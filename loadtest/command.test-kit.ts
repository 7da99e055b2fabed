/** A verb of loadtest as a user runs it, in a process of its own. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '@tracelab/command';

export interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** Resolves as soon as stderr shows the text. */
  untilSaid: (text: string) => Promise<void>;
  exitCode: Promise<number>;
}

export function startVerb(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [join(projectRoot, 'loadtest/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = once(child, 'close').then(([code]) => Number(code));
  const untilSaid = async (text: string): Promise<void> => {
    while (!stderr.includes(text)) {
      const ended = await Promise.race([once(child.stderr, 'data').then(() => false), exitCode.then(() => true)]);
      assert.ok(!ended || stderr.includes(text), `it ended without saying "${text}": ${stderr}`);
    }
  };
  return { child, stdout: () => stdout, stderr: () => stderr, untilSaid, exitCode };
}

/** Command lines of all processes that name this folder, as a collector's does. */
export function processesNaming(path: string): string[] {
  if (process.platform !== 'linux') return [];
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf);
  return lines.filter((line) => line.includes(path));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
