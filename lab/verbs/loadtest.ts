import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { defineVerb, ExitCode, NotHeldError, projectRoot } from '@tracelab/command';
import type { AnyProgram } from '@tracelab/command';

export const overhead = loadtestVerb(
  'overhead',
  "Measures what tracing costs on this machine, after Dapper's Table 2 (--quick; its own --help lists the rest).",
);

export const attack = loadtestVerb(
  'attack',
  'Open-loop load on the shop or on any address: latency from the intended start (its own --help lists the rest).',
);

export const compare = loadtestVerb(
  'compare',
  'Says whether two saved runs of overhead differ: compare a.json b.json (its own --help lists the rest).',
);

/** A verb whose work is another room's program: the same terminal, the same arguments, the same exit code. */
function loadtestVerb(name: string, summary: string): AnyProgram {
  return defineVerb({
    name,
    summary,
    settings: {},
    passesArgumentsOn: true,
    run: async ({ parameters, shutdown }) => {
      const child = spawn(
        process.execPath,
        [resolve(projectRoot, 'scripts/run.mjs'), 'loadtest/main.ts', name, ...parameters],
        { cwd: projectRoot, stdio: 'inherit' },
      );
      // Ctrl-C reaches the child by itself, through the terminal; any other request to end has to be passed on.
      shutdown.signal.addEventListener('abort', () => {
        if (!isInterrupt(shutdown.signal.reason)) child.kill('SIGTERM');
      });
      const [code] = (await once(child, 'close')) as [number | null];
      return readExitCode(code);
    },
  });
}

function isInterrupt(reason: unknown): boolean {
  return reason instanceof Error && reason.message === 'Ctrl-C';
}

function readExitCode(code: number | null): ExitCode {
  const known = Object.values(ExitCode).find((exitCode) => exitCode === code);
  if (known !== undefined) return known;
  throw new NotHeldError(`the load test ended with ${code === null ? 'a signal' : `exit code ${code}`}`);
}
