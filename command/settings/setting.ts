import { accept, refuse, type Result } from '@tracelab/protocol';

/**
 * One thing that can be configured, declared once: parsing, `--help` and the reference come from it. A flag wins over
 * the environment, which wins over the default. A setting without `flag` has no flag, one without `env` no variable.
 */
export interface Setting<Value> extends SettingNames {
  default: Value;
  /** What may be given, as prose for messages and help: "a whole number from 1 to 65535". */
  allowed: string;
  shape: 'value' | 'toggle' | 'list';
  parse: (text: string) => Result<Value>;
}

export interface SettingNames {
  env?: string;
  /** Without dashes: `rounds` is given as `--rounds 5`. */
  flag?: string;
  description: string;
}

export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingsOf<Table> = { [Key in keyof Table]: Table[Key] extends Setting<infer Value> ? Value : never };

interface NumberSetting extends SettingNames {
  default: number;
  min: number;
  max: number;
}

export const setting = {
  integer: (options: NumberSetting): Setting<number> => {
    const allowed = `a whole number from ${options.min} to ${options.max}`;
    return {
      ...names(options),
      default: options.default,
      allowed,
      shape: 'value',
      parse: (text) => parseNumber(text, options, allowed, true),
    };
  },

  decimal: (options: NumberSetting): Setting<number> => {
    const allowed = `a number from ${options.min} to ${options.max}`;
    return {
      ...names(options),
      default: options.default,
      allowed,
      shape: 'value',
      parse: (text) => parseNumber(text, options, allowed, false),
    };
  },

  text: (options: SettingNames & { default: string; allowed?: string }): Setting<string> => ({
    ...names(options),
    default: options.default,
    allowed: options.allowed ?? 'text',
    shape: 'value',
    parse: accept,
  }),

  choice: <const Choice extends string>(
    options: SettingNames & { choices: readonly Choice[]; default: Choice },
  ): Setting<Choice> => {
    const allowed = `one of ${options.choices.join(', ')}`;
    const parse = (text: string): Result<Choice> => {
      const choice = options.choices.find((candidate) => candidate === text);
      return choice === undefined ? refuse(`should be ${allowed}: was "${text}"`) : accept(choice);
    };
    return { ...names(options), default: options.default, allowed, shape: 'value', parse };
  },

  /** On or off. One that is on by default is switched off by `--no-<flag>`; a variable takes true, false, 1 or 0. */
  toggle: (options: SettingNames & { default: boolean }): Setting<boolean> => {
    const allowed = 'true or false';
    const parse = (text: string): Result<boolean> => {
      if (text === 'true' || text === '1') return accept(true);
      if (text === 'false' || text === '0') return accept(false);
      return refuse(`should be ${allowed}: was "${text}"`);
    };
    return { ...names(options), default: options.default, allowed, shape: 'toggle', parse };
  },

  /** A flag that may be given several times; a variable holds a comma-separated list. */
  list: (options: SettingNames): Setting<readonly string[]> => ({
    ...names(options),
    default: [],
    allowed: 'text, may be given several times',
    shape: 'list',
    parse: (text) => accept(text.split(',').filter((item) => item !== '')),
  }),
};

function names(options: SettingNames): SettingNames {
  return {
    description: options.description,
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.flag === undefined ? {} : { flag: options.flag.replace(/^--/, '') }),
  };
}

function parseNumber(
  text: string,
  range: { min: number; max: number },
  allowed: string,
  whole: boolean,
): Result<number> {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = value >= range.min && value <= range.max && (!whole || Number.isInteger(value));
  return fits ? accept(value) : refuse(`should be ${allowed}: was "${text}"`);
}
