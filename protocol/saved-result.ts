import { isRecord } from './json-record.ts';
import { accept, refuse, type Result } from './result.ts';

/** The object in a saved result of this command, in version 1 of its format; what is in it is the caller's to check. */
export function parseResultObject(text: string, command: string): Result<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const format = `tracelab-${command}`;
  if (!isRecord(value) || value['format'] !== format)
    return refuse(`is not a result of \`${command}\`: "format" should be "${format}"`);
  if (value['version'] !== 1) return refuse(`has version ${String(value['version'])}: this program reads version 1`);
  return accept(value);
}

/** What a measured figure belongs to, and what else the machine was doing just before: each field with its type. */
export const MACHINE_AT_START_FIELDS = {
  cpuModel: 'string',
  cores: 'number',
  memoryBytes: 'number',
  platform: 'string',
  node: 'string',
  loadAverageBefore: 'number',
} as const;

/** The same with what it was doing just after. */
export const MEASURED_MACHINE_FIELDS = { ...MACHINE_AT_START_FIELDS, loadAverageAfter: 'number' } as const;

/** The first field that has another type; `at` is the object's place, with a dot behind it where it is not the whole. */
export function flawOfFields(at: string, value: unknown, fields: Readonly<Record<string, string>>): string | undefined {
  if (!isRecord(value)) return `"${at.slice(0, -1)}" should be an object`;
  const wrong = Object.entries(fields).find(([key, type]) => typeof value[key] !== type);
  return wrong === undefined ? undefined : `"${at}${wrong[0]}" should be a ${wrong[1]}`;
}

/** The same for fields that may be absent, of an object. */
export function flawOfOptionalFields(
  at: string,
  value: Record<string, unknown>,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  return flawOfFields(
    at,
    value,
    Object.fromEntries(Object.entries(fields).filter(([key]) => value[key] !== undefined)),
  );
}

/** The first item that has a flaw. */
export function flawOfItems(
  items: readonly unknown[],
  flawOf: (item: unknown, index: number) => string | undefined,
): string | undefined {
  for (const [index, item] of items.entries()) {
    const flaw = flawOf(item, index);
    if (flaw !== undefined) return flaw;
  }
  return undefined;
}

/** The same for a field that should be a list; `at` is an item's place, as flawOfFields takes it. */
export function flawOfList(
  key: string,
  value: unknown,
  flawOf: (at: string, item: unknown) => string | undefined,
): string | undefined {
  if (!Array.isArray(value)) return `"${key}" should be a list`;
  return flawOfItems(value, (item, index) => flawOf(`${key}[${index}].`, item));
}
