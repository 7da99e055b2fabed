import { accept, refuse, type Result } from '@tracelab/protocol';

/** "0.0625" or "1/16": above 0, at most 1. */
export function readShare(text: string): Result<number> {
  const [, numerator = '', denominator = '1'] = /^(\d+(?:\.\d+)?)(?:\/(\d+(?:\.\d+)?))?$/.exec(text.trim()) ?? [];
  const share = numerator === '' ? Number.NaN : Number(numerator) / Number(denominator);
  if (share > 0 && share <= 1) return accept(share);
  return refuse(`should be a share above 0 and at most 1, such as 0.0625 or 1/16: was "${text}"`);
}

/** A number above 0, or a name that stands for one. */
export function readPreset(text: string, presets: Readonly<Record<string, number>>, what: string): Result<number> {
  const named = Object.hasOwn(presets, text) ? presets[text] : undefined;
  const value = named ?? (text.trim() === '' ? Number.NaN : Number(text));
  if (value > 0 && Number.isFinite(value)) return accept(value);
  return refuse(`should be ${what} or one of ${Object.keys(presets).join(', ')}: was "${text}"`);
}
