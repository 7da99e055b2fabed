import { ApiError } from '@tracelab/command';

/** Query parameters as Fastify gives them: a repeated one is a list. */
export type Parameters = Readonly<Record<string, string | string[] | undefined>>;

export const SEARCH_LIMIT_MAX = 500;

export function refuseUnknown(parameters: Parameters, known: readonly string[]): void {
  const unknown = Object.keys(parameters).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ApiError('bad_request', `there is no parameter "${unknown}": allowed are ${known.join(', ')}`);
}

/** Absent and empty are the same: forms send empty fields. */
export function textOf(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (Array.isArray(value))
    throw new ApiError('bad_request', `${name} should be given once: was given ${value.length} times`);
  return value === '' ? undefined : value;
}

export function listOf(parameters: Parameters, name: string): string[] {
  const value = parameters[name];
  return [value ?? []].flat().filter((text) => text !== '');
}

export function wholeNumberOf(
  parameters: Parameters,
  name: string,
  range: { min: number; max: number },
): number | undefined {
  const text = textOf(parameters, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value >= range.min && value <= range.max) return value;
  throw new ApiError(
    'bad_request',
    `${name} should be a whole number from ${range.min} to ${range.max}: was "${text}"`,
  );
}

/** A decimal number of milliseconds, as nanoseconds. */
export function millisecondsOf(parameters: Parameters, name: string): bigint | undefined {
  const text = textOf(parameters, name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= 0 && value <= Number.MAX_SAFE_INTEGER) return millisecondsToNano(value);
  throw new ApiError('bad_request', `${name} should be a number of milliseconds, at least 0: was "${text}"`);
}

/** Exact for whole milliseconds; the rest to the nanosecond. */
export function millisecondsToNano(milliseconds: number): bigint {
  const whole = Math.trunc(milliseconds);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1e6));
}

/** Hex of either case; 16 digits are an id of 64 bits, padded on the left. */
export function traceIdOf(text: string): string | undefined {
  const digits = text.toLowerCase().padStart(32, '0');
  return /^[0-9a-f]{1,32}$/i.test(text) && /[1-9a-f]/.test(digits) ? digits : undefined;
}
