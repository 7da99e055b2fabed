import { Command, CommanderError } from 'commander';
import { readSettings } from '../settings/read-settings.ts';
import type { SettingsTable } from '../settings/setting.ts';
import { describeProgram, givenFlags } from './command-line.ts';
import { ExitCode, NotHeldError, UsageError } from './outcome.ts';
import { createOutput, type Output } from './output.ts';
import { watchParent } from './parent-watch.ts';
import type { AnyProgram, Program } from './program.ts';
import { createShutdown, type Shutdown } from './shutdown.ts';
import { startTimer } from './start-timer.ts';

/** After a request to end, work that does not stop by itself is cut off after this time. */
const END_LIMIT_MS = 20_000;

/** Runs the program of this process with its command line and ends the process with the outcome's exit code. */
export async function runProgram<Table extends SettingsTable>(program: Program<Table>): Promise<void> {
  endQuietlyOnClosedPipe();
  const command = new Command(program.name);
  prepare(command, program);
  await parse(command);
}

/** The same for a family of verbs; called without a verb it prints the list and ends with 2. */
export async function runVerbs(family: { name: string; summary: string; verbs: readonly AnyProgram[] }): Promise<void> {
  endQuietlyOnClosedPipe();
  const command = new Command(family.name).description(family.summary).helpCommand(false);
  for (const verb of family.verbs) prepare(commandFor(command, verb.name.split(' ')), verb);
  await parse(command);
}

function commandFor(parent: Command, path: readonly string[]): Command {
  const [name, ...rest] = path;
  if (name === undefined) return parent;
  const known = parent.commands.find((command) => command.name() === name);
  return commandFor(known ?? parent.command(name).helpCommand(false), rest);
}

function prepare(command: Command, program: AnyProgram): void {
  describeProgram(command, program);
  command.action(async () => {
    await runAction(command, program);
  });
}

async function parse(command: Command): Promise<void> {
  forEachCommand(command, (each) => each.exitOverride().configureOutput({ outputError: () => {} }));
  try {
    await command.parseAsync(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help that was asked for is a success; help shown because a verb is missing is not.
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return;
    if (error.code !== 'commander.help') complainOfUsage(error.message.replace(/^error: /, ''));
    process.exitCode = ExitCode.usage;
  }
}

function forEachCommand(command: Command, act: (command: Command) => void): void {
  act(command);
  for (const child of command.commands) forEachCommand(child, act);
}

async function runAction(command: Command, program: AnyProgram): Promise<void> {
  const flags = givenFlags(command, program);
  const output = createOutput(command.getOptionValue('json') === true, process);
  const shutdown = createShutdown({
    report: output.progress,
    endAtOnce: () => process.exit(ExitCode.notHeld),
    after: startTimer,
    nowMs: () => performance.now(),
  });
  const stopListening = listenForTheEnd(shutdown);
  let exitCode: ExitCode;
  try {
    const settings = readSettings(program.settings, flags, process.env) as never;
    const parameters = program.passesArgumentsOn === true ? command.args : command.processedArgs.flat().filter(isText);
    exitCode =
      (await Promise.race([program.run({ settings, parameters, output, shutdown }), cutOff(shutdown)])) ??
      ExitCode.done;
  } catch (error) {
    exitCode = explain(error, output);
  }
  stopListening();
  await shutdown.close();
  endProcess(exitCode);
}

function listenForTheEnd(shutdown: Shutdown): () => void {
  const onInterrupt = (): void => shutdown.request('Ctrl-C');
  const onTerminate = (): void => shutdown.request('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  const stopWatching = watchParent(() => {
    if (!shutdown.signal.aborted) shutdown.request('the parent process is gone');
  });
  return () => {
    // The handlers stay: a second signal while closing ends the process at once.
    stopWatching();
  };
}

async function cutOff(shutdown: Shutdown): Promise<never> {
  await shutdown.untilRequested();
  const { promise, resolve } = Promise.withResolvers<void>();
  startTimer(END_LIMIT_MS, resolve);
  await promise;
  throw new NotHeldError(`the work did not stop within ${END_LIMIT_MS / 1000} s after the request to end: cut off`);
}

function explain(error: unknown, output: Output): ExitCode {
  if (error instanceof UsageError || error instanceof RangeError) {
    complainOfUsage(error.message);
    return ExitCode.usage;
  }
  output.progress(
    error instanceof NotHeldError
      ? `error: ${error.message}`
      : `defect: ${error instanceof Error ? error.stack : String(error)}`,
  );
  return ExitCode.notHeld;
}

function complainOfUsage(message: string): void {
  process.stderr.write(`error: ${message}\nSee --help.\n`);
}

/** Ends even where a library left a handle open, after what was printed has left the process. */
function endProcess(exitCode: ExitCode): void {
  process.exitCode = exitCode;
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

/** `… --help | head` closes the pipe early: that is the reader's wish and no defect. */
function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
