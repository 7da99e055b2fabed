import { ApiError } from '@tracelab/command';

/**
 * Readers of untrusted JSON. Each takes the value and what to call it, and throws a `bad_request` ApiError that says
 * what was got and what is allowed; nothing else is ever thrown.
 */
export interface Range {
  min: number;
  max: number;
}

export type JsonObject = Readonly<Record<string, unknown>>;

const SHOWN_LENGTH_MAX = 60;

export function readObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refusal(what, 'an object', value);
  return value as JsonObject;
}

/** Refuses an object with a key that means nothing to us: a misspelt setting should not be ignored. */
export function allowOnlyKeys(object: JsonObject, what: string, allowed: readonly string[]): void {
  const unknown = Object.keys(object).find((key) => !allowed.includes(key));
  if (unknown === undefined) return;
  throw new ApiError('bad_request', `${what} has no ${show(unknown)}: allowed are ${allowed.join(', ')}`);
}

export function readList(value: unknown, what: string, size: Range): readonly unknown[] {
  if (!Array.isArray(value)) throw refusal(what, 'a list', value);
  if (value.length < size.min || value.length > size.max) {
    throw new ApiError('bad_request', `${what} should have ${size.min} to ${size.max} entries: has ${value.length}`);
  }
  return value;
}

/** Text of 1 to `lengthMax` characters. */
export function readText(value: unknown, what: string, lengthMax: number): string {
  if (typeof value === 'string' && value !== '' && value.length <= lengthMax) return value;
  throw refusal(what, `text of 1 to ${lengthMax} characters`, value);
}

export function readInteger(value: unknown, what: string, range: Range): number {
  if (Number.isInteger(value) && isWithin(value, range)) return value;
  throw refusal(what, `a whole number from ${range.min} to ${range.max}`, value);
}

export function readDecimal(value: unknown, what: string, range: Range): number {
  if (isWithin(value, range)) return value;
  throw refusal(what, `between ${range.min} and ${range.max}`, value);
}

export function readChoice<Choice extends string>(value: unknown, what: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((choice) => choice === value);
  if (choice !== undefined) return choice;
  throw refusal(what, choices.length === 1 ? show(choices[0]) : `one of ${choices.join(', ')}`, value);
}

function isWithin(value: unknown, range: Range): value is number {
  return typeof value === 'number' && value >= range.min && value <= range.max;
}

function refusal(what: string, allowed: string, got: unknown): ApiError {
  return new ApiError('bad_request', `${what} should be ${allowed}: was ${show(got)}`);
}

/** A value as an error message shows it: short, whatever it is. */
function show(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function shorten(text: string): string {
  if (text.length <= SHOWN_LENGTH_MAX) return text;
  return `${text.slice(0, SHOWN_LENGTH_MAX)}… (${text.length} characters)`;
}
