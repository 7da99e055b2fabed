import { UsageError } from '../program/outcome.ts';
import type { Setting, SettingsOf, SettingsTable } from './setting.ts';

/** The values of the flags that were given on the command line, by flag name. */
export type GivenFlags = Readonly<Record<string, string | boolean | readonly string[]>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** Flag, else variable, else default. Throws a UsageError that names the flag or variable, what it was and what is allowed. */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  flags: GivenFlags,
  environment: Environment,
): SettingsOf<Table> {
  const values: Record<string, unknown> = {};
  for (const [key, declared] of Object.entries(table)) values[key] = readSetting(declared, flags, environment);
  return values as SettingsOf<Table>;
}

function readSetting(declared: Setting<unknown>, flags: GivenFlags, environment: Environment): unknown {
  const flag = declared.flag === undefined ? undefined : flags[declared.flag];
  // Empty stands for "not given" only in the environment: a script whose variable is unset should not lose a condition.
  if (flag === '') throw new UsageError(`--${declared.flag} should be ${declared.allowed}: was empty`);
  if (flag !== undefined) return typeof flag === 'string' ? parseOrThrow(declared, `--${declared.flag}`, flag) : flag;
  const variable = declared.env === undefined ? undefined : environment[declared.env];
  if (variable !== undefined && variable !== '') return parseOrThrow(declared, `${declared.env}`, variable);
  return declared.default;
}

function parseOrThrow(declared: Setting<unknown>, name: string, text: string): unknown {
  const parsed = declared.parse(text);
  if (parsed.ok) return parsed.value;
  throw new UsageError(`${name} ${parsed.error}`);
}
