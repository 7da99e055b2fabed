import { accept, isRecord, refuse, type Result } from '@tracelab/protocol';
import { parse } from 'yaml';
import type { Variant } from '../overhead/variant.ts';

/** One environment that the service is started with. Its values may hold keys: they are never printed nor saved. */
export interface ServiceVariant {
  name: string;
  env: Readonly<Record<string, string>>;
  /** The share of traces that it keeps: what arrives is held against it. */
  ratio?: number;
  /** A known cost in each request, to hold the table against the truth. */
  injectedUs?: number;
}

/** Each is a set of processes more, and there is the control. */
export const VARIANTS_MAX = 12;
const NAME_LENGTH_MAX = 40;
const ENV_MAX = 100;
const INJECTED_US_MAX = 1_000_000;

/** Reads YAML, of which JSON is a part: `variants:`, the baseline first. The refusal names the place and what belongs there. */
export function parseVariantsFile(text: string): Result<ServiceVariant[]> {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 }) as unknown;
  } catch (error) {
    return refuse(`is neither YAML nor JSON: ${error instanceof Error ? firstLine(error.message) : String(error)}`);
  }
  const flaw = flawOfFile(value);
  if (flaw !== undefined) return refuse(flaw);
  const { variants } = value as { variants: ({ env?: Record<string, string> } & Omit<ServiceVariant, 'env'>)[] };
  return accept(variants.map(({ env, ...variant }) => ({ ...variant, env: env ?? {} })));
}

/** The rows of the table: the baseline, its control, and the others, each with a set of its own. */
export function rowsOf(variants: readonly ServiceVariant[]): Variant[] {
  const [baseline, ...others] = variants.map(({ env: _env, ...variant }): Variant => ({
    ...variant,
    set: variant.name,
  }));
  if (baseline === undefined) throw new Error('a file of variants has at least one');
  const control = `${baseline.name}${CONTROL_SUFFIX}`;
  return [baseline, { ...baseline, name: control, set: control }, ...others];
}

const CONTROL_SUFFIX = ' (again)';

function flawOfFile(value: unknown): string | undefined {
  if (!isRecord(value)) return `should be a mapping with the key "variants": was ${kindOf(value)}`;
  const variants = value['variants'];
  const unknown = unknownKey('', value, ['variants']);
  if (unknown !== undefined) return unknown;
  if (!Array.isArray(variants) || variants.length === 0 || variants.length > VARIANTS_MAX) {
    const was = Array.isArray(variants) ? `${variants.length} of them` : kindOf(variants);
    return `"variants" should be a list of 1 to ${VARIANTS_MAX}, the baseline first: was ${was}`;
  }
  for (const [index, variant] of variants.entries()) {
    const flaw = flawOfVariant(`variants[${index}]`, variant, index === 0) ?? flawOfName(variants, index);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function flawOfVariant(at: string, value: unknown, isBaseline: boolean): string | undefined {
  if (!isRecord(value)) return `"${at}" should be a mapping with name and env: was ${kindOf(value)}`;
  const { ratio, injectedUs } = value;
  if (isBaseline && injectedUs !== undefined)
    return `"${at}.injectedUs" should be absent: the others' cost is what they have over this first variant, the baseline`;
  return (
    unknownKey(`${at}.`, value, ['name', 'env', 'ratio', 'injectedUs']) ??
    flawOfEnv(`${at}.env`, value['env']) ??
    flawOfNumber(`${at}.ratio`, ratio, 1) ??
    flawOfNumber(`${at}.injectedUs`, injectedUs, INJECTED_US_MAX)
  );
}

function flawOfName(variants: readonly unknown[], index: number): string | undefined {
  const names = variants.map((variant) => (isRecord(variant) ? variant['name'] : undefined));
  const name = names[index];
  const at = `"variants[${index}].name"`;
  if (typeof name !== 'string' || !isNameLike(name))
    return `${at} should be a line of 1 to ${NAME_LENGTH_MAX} characters: was ${typeof name === 'string' ? JSON.stringify(name) : kindOf(name)}`;
  if (name === `${String(names[0])}${CONTROL_SUFFIX}`)
    return `${at} should not be "${name}": so the control row is called, which is added to every file`;
  const first = names.indexOf(name);
  return first < index ? `${at} should differ from "variants[${first}].name": both are "${name}"` : undefined;
}

function isNameLike(name: string): boolean {
  return name.trim() === name && name.length >= 1 && name.length <= NAME_LENGTH_MAX && !/\p{Cc}/u.test(name);
}

function flawOfEnv(at: string, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return `"${at}" should be a mapping of variables: was ${kindOf(value)}`;
  const entries = Object.entries(value);
  if (entries.length > ENV_MAX) return `"${at}" should have at most ${ENV_MAX} variables: was ${entries.length}`;
  for (const [name, text] of entries) {
    const flaw = flawOfVariable(`${at}.${name}`, name, text);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

function flawOfVariable(at: string, name: string, value: unknown): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `"${at}" should be named with letters, digits and underscores`;
  if (name === 'PORT') return `"${at}" should be absent: PORT is the one in --url, which every variant is given`;
  if (typeof value !== 'string') return `"${at}" should be text: was ${kindOf(value)}; put it in quotes`;
  return value.includes('\0') ? `"${at}" should hold no zero byte` : undefined;
}

function flawOfNumber(at: string, value: unknown, max: number): string | undefined {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= max)) return undefined;
  return `"${at}" should be a number from 0 to ${max}: was ${typeof value === 'number' ? value : kindOf(value)}`;
}

function unknownKey(at: string, value: Record<string, unknown>, known: readonly string[]): string | undefined {
  const key = Object.keys(value).find((key) => !known.includes(key));
  return key === undefined ? undefined : `"${at}${key}" is unknown: the keys here are ${known.join(', ')}`;
}

/** What a value is, without it: it may be a secret in a wrong place. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'absent';
  if (value === null) return 'empty';
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'a mapping' : `a ${typeof value}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/, '') ?? '';
}
