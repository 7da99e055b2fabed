/** What became of a variable's text: a value, a complaint for standard error, or both where only a part was refused. */
export interface Parsed<T> {
  value?: T;
  complaint?: string;
}

/** One row of the table: where a setting comes from, what it is when nothing is said, and what it means. */
export interface Setting<T> {
  /** The first variable that is set wins. */
  env: readonly string[];
  default: T;
  /** In words; undefined where the description says it. */
  allowed: string | undefined;
  description: string;
  parse: (text: string) => Parsed<T>;
}

type Described = { env: string | readonly string[]; description: string };

/** A setting whose values are those that `read` knows. */
function restricted<T>(
  row: Described & { default: T },
  allowed: string,
  read: (text: string) => T | undefined,
): Setting<T> {
  const parse = (text: string): Parsed<T> => {
    const value = read(text);
    return value === undefined ? { complaint: `should be ${allowed}: was "${text}"` } : { value };
  };
  return { ...custom({ ...row, parse }), allowed };
}

/** Specification: only "true", in any case, is true; anything but true and false deserves a warning. */
export function toggle(row: Described & { default: boolean }): Setting<boolean> {
  return restricted(row, 'true or false', (text) => {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? lower === 'true' : undefined;
  });
}

export function integer(row: Described & { default: number; min: number; max: number }): Setting<number> {
  return restricted(row, `a whole number from ${row.min} to ${row.max}`, (text) => {
    const value = Number(text);
    return Number.isInteger(value) && value >= row.min && value <= row.max ? value : undefined;
  });
}

export function choice<const T extends string>(
  row: Described & { default: NoInfer<T>; choices: readonly T[] },
): Setting<T> {
  return restricted<T>(row, `one of ${row.choices.join(', ')}`, (text) =>
    row.choices.find((allowed) => allowed === text.toLowerCase()),
  );
}

/** A text, or whatever `parse` makes of it. */
export function custom<T>({
  env,
  default: defaultValue,
  description,
  parse,
}: Described & { default: T; parse: (text: string) => Parsed<T> }): Setting<T> {
  return {
    env: typeof env === 'string' ? [env] : env,
    default: defaultValue,
    allowed: undefined,
    description,
    parse,
  };
}
