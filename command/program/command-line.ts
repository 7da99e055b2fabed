import { Option, type Command } from 'commander';
import type { GivenFlags } from '../settings/read-settings.ts';
import type { Setting } from '../settings/setting.ts';
import type { AnyProgram } from './program.ts';

/** Declares to commander what the program declares of itself; what it does is added by the caller. */
export function describeProgram(command: Command, program: AnyProgram): void {
  command.description(program.summary).allowExcessArguments(program.passesArgumentsOn === true);
  for (const parameter of program.parameters ?? []) {
    const name = parameter.variadic === true ? `${parameter.name}...` : parameter.name;
    command.argument(parameter.required === true ? `<${name}>` : `[${name}]`, parameter.description);
  }
  if (program.passesArgumentsOn === true) command.allowUnknownOption().helpOption(false).argument('[arguments...]');
  else addFlags(command, program);
  command.addHelpText('after', () => helpAfter(program));
}

/** Only what stands on the command line: defaults are the settings' own business. */
export function givenFlags(command: Command, program: AnyProgram): GivenFlags {
  const flags: Record<string, string | boolean | readonly string[]> = {};
  for (const declared of Object.values(program.settings)) {
    if (declared.flag === undefined) continue;
    const attribute = optionFor(declared, declared.flag).attributeName();
    if (command.getOptionValueSource(attribute) !== 'cli') continue;
    flags[declared.flag] = command.getOptionValue(attribute) as string | boolean | string[];
  }
  return flags;
}

function addFlags(command: Command, program: AnyProgram): void {
  for (const declared of Object.values(program.settings)) {
    if (declared.flag === undefined) continue;
    command.addOption(optionFor(declared, declared.flag));
  }
  command.option('--json', 'print exactly one JSON document on stdout, progress on stderr');
}

function optionFor(declared: Setting<unknown>, flag: string): Option {
  const from = declared.env === undefined ? '' : `, or ${declared.env}`;
  if (declared.shape === 'toggle')
    return new Option(declared.default === true ? `--no-${flag}` : `--${flag}`, `${declared.description}${from}`);
  const option = new Option(
    `--${flag} <value>`,
    `${declared.description} (${declared.allowed}${defaultOf(declared)}${from})`,
  );
  if (declared.shape === 'list')
    option.argParser((text: string, earlier: string[] | undefined) => [...(earlier ?? []), text]);
  return option;
}

/** Empty text and an empty list stand for "nothing given": no default to name. */
function defaultOf(declared: Setting<unknown>): string {
  return declared.default === '' || declared.shape === 'list' ? '' : `; default ${String(declared.default)}`;
}

function helpAfter(program: AnyProgram): string {
  const declared = Object.values(program.settings).filter(({ env, flag }) => env !== undefined && flag === undefined);
  const width = Math.max(0, ...declared.map(({ env }) => env?.length ?? 0));
  const environment = declared.map(
    (row) => `  ${(row.env ?? '').padEnd(width)}  ${row.description} (${row.allowed}${defaultOf(row)})`,
  );
  const parts: string[] = [];
  if (environment.length > 0) parts.push('', 'Environment:', ...environment);
  if (program.examples !== undefined) parts.push('', 'Examples:', ...program.examples.map((example) => `  ${example}`));
  parts.push('', 'Exit codes: 0 done, 1 it did not hold, 2 called wrongly.');
  return parts.join('\n');
}
