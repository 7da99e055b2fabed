/** `overhead` as a user runs it, in a process of its own. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
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

export function overhead(...args: string[]): Run {
  const child = spawn(process.execPath, [join(projectRoot, 'loadtest/main.ts'), 'overhead', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
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
