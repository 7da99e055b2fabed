import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { defineVerb, ExitCode, NotHeldError, projectRoot } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';

/** A verb whose work is another room's program: the same terminal, the same arguments, the same exit code. */
export const overhead: AnyProgram = defineVerb({
  name: 'overhead',
  summary:
    "Measures what tracing costs on this machine, after Dapper's Table 2 (--quick; its own --help lists the rest).",
  settings: {},
  passesArgumentsOn: true,
  run: async ({ parameters, shutdown }) => {
    const child = spawn(
      process.execPath,
      [resolve(projectRoot, 'scripts/run.mjs'), 'loadtest/main.ts', 'overhead', ...parameters],
      {
        cwd: projectRoot,
        stdio: 'inherit',
      },
    );
    // Ctrl-C reaches the child by itself, through the terminal; any other request to end has to be passed on.
    shutdown.signal.addEventListener('abort', () => {
      if (!isInterrupt(shutdown.signal.reason)) child.kill('SIGTERM');
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return readExitCode(code);
  },
});

function isInterrupt(reason: unknown): boolean {
  return reason instanceof Error && reason.message === 'Ctrl-C';
}

function readExitCode(code: number | null): ExitCode {
  const known = Object.values(ExitCode).find((exitCode) => exitCode === code);
  if (known !== undefined) return known;
  throw new NotHeldError(`the measurement ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
}
