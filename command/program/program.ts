import type { SettingsOf, SettingsTable } from '../settings/setting.ts';
import type { ExitCode } from './outcome.ts';
import type { Output } from './output.ts';
import type { Shutdown } from './shutdown.ts';

/** A program of ours, or one verb of a family: everything `--help` says is declared here. */
export interface Program<Table extends SettingsTable> {
  /** In a family the verb; it may contain a blank: `fault add`. */
  name: string;
  summary: string;
  settings: Table;
  parameters?: readonly Parameter[];
  examples?: readonly string[];
  /** Hands every argument on unread, `--help` included, in `parameters`: for a verb that starts another program. */
  passesArgumentsOn?: boolean;
  run: (context: ProgramContext<Table>) => Promise<ExitCode | void>;
}

export interface Parameter {
  name: string;
  description: string;
  required?: boolean;
  /** The last one: takes all that follow. */
  variadic?: boolean;
}

export interface ProgramContext<Table> {
  settings: SettingsOf<Table>;
  parameters: string[];
  output: Output;
  shutdown: Shutdown;
}

/** A program whose settings the caller need not know. */
export interface AnyProgram extends Omit<Program<SettingsTable>, 'run'> {
  run: (context: ProgramContext<never>) => Promise<ExitCode | void>;
}

/** Declares a verb's type fully while keeping it usable in a family. */
export function defineVerb<Table extends SettingsTable>(verb: Program<Table>): AnyProgram {
  return verb;
}
