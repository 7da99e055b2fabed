import { configError } from './config-error.ts';
import { describe, type ConfigNode } from './yaml-node.ts';

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)/gy;

/** A duration as Go writes it ("1m30s", "250ms", "0"), in milliseconds. Undefined where it is none; negative ones are none. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  let totalMs = 0;
  let readTo = 0;
  for (const part of text.matchAll(PART)) {
    totalMs += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? 0);
    readTo = part.index + part[0].length;
  }
  return readTo === text.length && text !== '' ? totalMs : undefined;
}

/** In milliseconds; the fallback where it is absent. */
export function readDuration(node: ConfigNode | undefined, fallbackMs: number): number {
  if (node === undefined) return fallbackMs;
  const ms = typeof node.value === 'string' || node.value === 0 ? parseGoDuration(String(node.value)) : undefined;
  if (ms === undefined)
    throw configError(node.path, `should be a duration such as 10s or 500ms: was ${describe(node.value)}`);
  return ms;
}
