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
  description: string;
  parse: (text: string) => Parsed<T>;
}

type Described = { env: string | readonly string[]; description: string };

function setting<T>(row: Described, defaultValue: T, parse: (text: string) => Parsed<T>): Setting<T> {
  const env = typeof row.env === 'string' ? [row.env] : row.env;
  return { env, default: defaultValue, description: row.description, parse };
}

function should(allowed: string, text: string): { complaint: string } {
  return { complaint: `should be ${allowed}: was "${text}"` };
}

/** Specification: only "true", in any case, is true; anything but true and false deserves a warning. */
export function toggle(row: Described & { default: boolean }): Setting<boolean> {
  return setting(row, row.default, (text) => {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? { value: lower === 'true' } : should('true or false', text);
  });
}

export function integer(row: Described & { default: number; min: number; max: number }): Setting<number> {
  return setting(row, row.default, (text) => {
    const value = Number(text);
    const isAllowed = Number.isInteger(value) && value >= row.min && value <= row.max;
    return isAllowed ? { value } : should(`a whole number from ${row.min} to ${row.max}`, text);
  });
}

export function choice<const T extends string>(
  row: Described & { default: NoInfer<T>; choices: readonly T[] },
): Setting<T> {
  return setting(row, row.default, (text) => {
    const value = row.choices.find((allowed) => allowed === text.toLowerCase());
    return value === undefined ? should(`one of ${row.choices.join(', ')}`, text) : { value };
  });
}

/** A text, or whatever `parse` makes of it. */
export function custom<T>(row: Described & { default: T; parse: (text: string) => Parsed<T> }): Setting<T> {
  return setting(row, row.default, row.parse);
}
